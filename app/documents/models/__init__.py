"""Tables of documents, one noun per file."""

from app.documents.models.attachment import Attachment
from app.documents.models.comment import Comment
from app.documents.models.document_link import DocumentLink, LinkKind
from app.documents.models.document_ref import DocumentRef
from app.documents.models.item_claim import ItemClaim

__all__ = ["Attachment", "Comment", "DocumentLink", "DocumentRef", "ItemClaim", "LinkKind"]
