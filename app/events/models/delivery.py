"""A delivery: one event that one handler still has to hear, or has heard."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime

_OPEN = text("done_at IS NULL")


class Delivery(CompanyModel):
    """The outbox of after-commit handlers, and the exceptions inbox of handlers that failed.

    Done exactly when `done_at` is set. One with an `error` and no `done_at` is an item for people. `due_at` is the
    next attempt; None means that the attempts are used up, and a person has to ask for the next.
    """

    __tablename__ = "events_delivery"
    __table_args__ = (
        UniqueConstraint("company_id", "event_uid", "handler"),
        Index("ix_events_delivery_open", "company_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    __quotes__ = ("payload", "error", "dismissed_reason")
    __audit__ = False

    event_uid: Mapped[str] = mapped_column(String(32))
    event: Mapped[str] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    handler: Mapped[str] = mapped_column(String(160))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    dismissed_reason: Mapped[str | None] = mapped_column(String(200))  # Why somebody gave it up.
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
