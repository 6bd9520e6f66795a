"""The registry of documents, the links between them, and the items that they hold."""

from app.documents.claims import claim_item, find_claim, hand_on_items, release_items
from app.documents.models import DocumentLink, DocumentRef, LinkKind
from app.documents.references import link_documents, list_links, ref_of

__all__ = [
    "DocumentLink",
    "DocumentRef",
    "LinkKind",
    "claim_item",
    "find_claim",
    "hand_on_items",
    "link_documents",
    "list_links",
    "ref_of",
    "release_items",
]
