"""A job: work that outlives the request it was asked in."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, utc_now


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(CompanyModel):
    """One run of a registered function, with its progress and outcome.

    `details` is what the function returned, or the refusal as REST words it. `attempts` counts the runs:
    only the latest may write, so a run given up as dead can no longer finish.
    """

    __tablename__ = "jobs_job"
    __table_args__ = (Index(None, "company_id", "state"), Index(None, "company_id", "requested_by_id"))
    __quotes__ = ("arguments", "message", "details", "error")
    __audit__ = False

    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = choice(JobState, JobState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)  # Zero while unknown.
    message: Mapped[str] = mapped_column(String(200), default="")
    result_path: Mapped[str | None] = mapped_column(String(300))  # Below the data folder.
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)  # For people; the log has the traceback.
    locale: Mapped[str] = mapped_column(String(10), default="zh")
    attempts: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in OPEN_STATES

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total > 0 else None
