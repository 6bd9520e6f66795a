"""An attachment: a file that belongs to a record."""

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, many_to_one, reference
from app.database.personal import Attached
from app.database.session import on_commit
from app.documents.models.document_ref import DocumentRef
from app.documents.stored_files import delete_stored


class Attachment(CompanyModel):
    """One file, kept outside of the static tree under a name that nobody can guess.

    Deleting it removes the file and leaves the row, which says who deleted it and why. Whatever blanks `stored_as`,
    erasure included, removes the file once that is committed.
    """

    __tablename__ = "documents_attachment"
    __personal__ = ("name", "stored_as", "sha256", "reason")
    __attached__ = Attached(through="ref_id")

    ref_id: Mapped[int] = reference("documents_ref")
    name: Mapped[str] = mapped_column(String(200))
    extension: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]  # Bytes.
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(40))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(400))

    ref: Mapped[DocumentRef] = many_to_one("Attachment.ref_id", "DocumentRef.id")
    added_by: Mapped[User] = relationship(User, foreign_keys=[added_by_id])

    @property
    def is_there(self) -> bool:
        """Whether the file can still be fetched."""
        return self.deleted_at is None and bool(self.stored_as)


def _remove_file(attachment: Attachment, value: str, old: Any, _initiator: Any) -> None:
    if not value and isinstance(old, str) and old:
        company_id = attachment.company_id
        on_commit(lambda: delete_stored(old, company_id=company_id))


event.listen(Attachment.stored_as, "set", _remove_file, active_history=True)
