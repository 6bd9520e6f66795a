"""The registry of documents, and the links between them."""

from app.documents.models import DocumentLink, DocumentRef, LinkKind
from app.documents.references import link_documents, list_links, ref_of

__all__ = ["DocumentLink", "DocumentRef", "LinkKind", "link_documents", "list_links", "ref_of"]
