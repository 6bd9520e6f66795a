"""An access: who was shown personal data in clear, of which records, when and how (P:CRM-20, S:REC-38)."""

import datetime as dt
from enum import StrEnum
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice


class AccessKind(StrEnum):
    """How the values were shown."""

    RECORD = "record"
    LIST = "list"
    EXPORT = "export"


class AccessEntry(CompanyModel):
    """One page or file that showed personal values in clear to somebody who is not the records' owner.

    `record_ids` is ',3,17,', so that one record is found by ',17,'; it is blank for a file, which holds a whole list.
    Append-only: written once, so it has none of the columns that tell of later changes.
    """

    __tablename__ = "audit_access"
    __table_args__ = (Index(None, "company_id", "resource", "at"), Index(None, "company_id", "at"))
    __mapper_args__: Any = {}  # noqa: RUF012  # SQLAlchemy is configured by class attributes.
    __audit__ = False

    version = created_at = updated_at = custom = created_by_id = updated_by_id = None  # type: ignore[assignment]  # Takes them away.

    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    kind: Mapped[AccessKind] = choice(AccessKind)
    resource: Mapped[str] = mapped_column(String(80))
    record_ids: Mapped[str] = mapped_column(Text, default="")
    record_count: Mapped[int]
    columns: Mapped[list[str]] = mapped_column(JSON)
    ip: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(64))

    user: Mapped[User] = relationship(User)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the records that were shown; empty for a file."""
        return tuple(int(one) for one in self.record_ids.split(",") if one)
