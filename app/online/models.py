"""Table of what waits for the internet."""

import datetime as dt
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime, choice

_WAITING = text("state = 'waiting'")


class CallState(StrEnum):
    """What became of a call; one that was not wanted any more is dropped."""

    __tones__: ClassVar = {"waiting": "amber", "done": "green", "failed": "red"}

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class OnlineCall(CompanyModel):
    """One thing that a feature still has to do for a record of its own, or has done.

    `record_id` is an id in the feature's table. `done_at` is when the other side answered, be it no; `failed_at` and
    `error` are those of the latest attempt that failed.
    """

    __tablename__ = "online_call"
    __table_args__ = (
        UniqueConstraint("company_id", "feature", "record_id"),
        Index(None, "company_id", "feature", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    __quotes__ = ("error",)
    __audit__ = False

    feature: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Id)
    state: Mapped[CallState] = choice(CallState, CallState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(300))
