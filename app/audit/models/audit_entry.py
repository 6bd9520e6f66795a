"""An audit entry: who changed which row, when, from what to what (S:CORE-07)."""

import datetime as dt
from enum import StrEnum
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime, choice
from app.i18n import _, humanize


class AuditAction(StrEnum):
    """What happened to the row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class AuditEntry(CompanyModel):
    """One written row of any company table. `changes` is {column: [old, new]}; a secret is shown as dots.

    Append-only: written once, so it has none of the columns that tell of later changes.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "company_id", "table_name", "record_id"), Index(None, "company_id", "at"))
    __mapper_args__: Any = {}  # noqa: RUF012  # SQLAlchemy is configured by class attributes.
    __audit__ = False

    version = created_at = updated_at = custom = created_by_id = updated_by_id = None  # type: ignore[assignment]  # Takes them away.

    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))  # None for the system.
    table_name: Mapped[str] = mapped_column(String(63))
    record_id: Mapped[int] = mapped_column(Id)
    action: Mapped[AuditAction] = choice(AuditAction)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    ip: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(64))

    user: Mapped[User | None] = relationship(User)

    @property
    def subject(self) -> str:
        """What kind of record it is, in words; the name of the table where nothing installed has it any more."""
        mappers = CompanyModel.registry.mappers
        names = (one.class_.__name__ for one in mappers if getattr(one.local_table, "name", "") == self.table_name)
        found = next(names, None)
        return self.table_name if found is None else str(_(humanize(found)))
