"""The registry of documents, the links between them, and their files."""

from app.documents.attachments import keep_generated, list_attachments, read_attachment
from app.documents.models import Attachment, DocumentLink, DocumentRef, LinkKind
from app.documents.references import link_documents, list_links, ref_of

__all__ = [
    "Attachment",
    "DocumentLink",
    "DocumentRef",
    "LinkKind",
    "keep_generated",
    "link_documents",
    "list_attachments",
    "list_links",
    "read_attachment",
    "ref_of",
]
