"""A maintenance task: what the Apps page asks for and the owner of the tables does to the installation."""

import datetime as dt
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Model
from app.database.columns import UtcDateTime, choice, utc_now


class MaintenanceKind(StrEnum):
    """What is to be done with an add-on; with the last two, with the whole installation."""

    INSTALL = "install"
    UPGRADE = "upgrade"
    UNINSTALL = "uninstall"
    RESTORE = "restore"
    BACKUP = "backup"
    VERIFY = "verify"


class MaintenanceState(StrEnum):
    """Where a task stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class MaintenanceTask(Model):
    """One task. Not a company row: it concerns the whole installation. They are carried out one at a time."""

    __tablename__ = "jobs_maintenance_task"
    __table_args__ = (Index(None, "state"),)

    kind: Mapped[MaintenanceKind] = choice(MaintenanceKind)
    addon: Mapped[str] = mapped_column(String(40))  # Empty where it concerns none.
    archive: Mapped[str | None] = mapped_column(String(200))  # The name of an archive, or of a backup.
    state: Mapped[MaintenanceState] = choice(MaintenanceState, MaintenanceState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)  # Zero while unknown.
    message: Mapped[str] = mapped_column(Text, default="")  # What it is at, then what came of it.
    error: Mapped[str | None] = mapped_column(Text)  # For people; the log of the worker has the traceback.
    locale: Mapped[str] = mapped_column(String(10), default="zh")
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    requested_by: Mapped[User | None] = relationship(User)

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return self.state in (MaintenanceState.QUEUED, MaintenanceState.RUNNING)
