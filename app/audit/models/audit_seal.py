"""A seal: a batch of audit entries, each with its digest, chained to the seal before it."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime
from app.database.encryption import HASH_LENGTH


class AuditSeal(CompanyModel):
    """The n-th seal of a company. `entries` is [[id, digest], ...]; `digest` covers them and the seal before.

    Append-only, like the entries. Digests are keyed with the application's secret, which is not in the database.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("company_id", "number"),)
    __mapper_args__: Any = {}  # noqa: RUF012  # SQLAlchemy is configured by class attributes.
    __audit__ = False

    version = created_at = updated_at = custom = created_by_id = updated_by_id = None  # type: ignore[assignment]  # Takes them away.

    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    up_to_id: Mapped[int] = mapped_column(Id)  # The highest entry sealed so far.
    entries: Mapped[list[list[Any]]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(HASH_LENGTH))
    digest: Mapped[str] = mapped_column(String(HASH_LENGTH))
