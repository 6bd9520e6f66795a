"""A comment: what somebody said about a record."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, many_to_one, reference
from app.database.personal import Attached
from app.documents.models.document_ref import DocumentRef


class Comment(CompanyModel):
    """Plain text by one author; markup in it is shown as text."""

    __tablename__ = "documents_comment"
    __personal__ = ("body",)
    __quotes__ = ("body",)
    __attached__ = Attached(through="ref_id")

    ref_id: Mapped[int] = reference("documents_ref")
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    ref: Mapped[DocumentRef] = many_to_one("Comment.ref_id", "DocumentRef.id")
    author: Mapped[User] = relationship(User, foreign_keys=[author_id])
