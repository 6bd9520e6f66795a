"""The registry of documents, the links between them, their files, and the items that they hold."""

from app.documents.attachments import keep_generated, list_attachments, read_attachment
from app.documents.claims import claim_item, find_claim, hand_on_items, release_items
from app.documents.models import Attachment, DocumentLink, DocumentRef, LinkKind
from app.documents.references import find_ref, link_documents, list_links, ref_of
from app.documents.trail import Branch

__all__ = [
    "Attachment",
    "Branch",
    "DocumentLink",
    "DocumentRef",
    "LinkKind",
    "claim_item",
    "find_claim",
    "find_ref",
    "hand_on_items",
    "keep_generated",
    "link_documents",
    "list_attachments",
    "list_links",
    "read_attachment",
    "ref_of",
    "release_items",
]
