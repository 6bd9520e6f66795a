"""Where a running job shows how far it is, and hears that it shall stop.

That is its row, which others see at once. SQLite lets one transaction write at a time, so a job that itself writes
there has a file beside its results instead: its row cannot be written before it ends.
"""

import json
from contextlib import suppress
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.database.columns import utc_now
from app.database.session import db
from app.jobs.context import short_transaction
from app.jobs.models import Job, JobState
from app.jobs.models.job import OPEN_STATES
from app.jobs.results import result_folder

_SHOWN, _STOP = "progress.json", "stop"


class Shown(NamedTuple):
    """How far a job is: `total` is zero while unknown."""

    done: int
    total: int
    message: str


class Board:
    """What a running job writes on; the file that asks it to stop is the same for all."""

    def __init__(self, job_id: int) -> None:
        self._folder = result_folder(job_id)

    def show(self, shown: Shown | None) -> bool:
        """Give a sign of life, and tell how far the work is; False where it shall stop."""
        raise NotImplementedError

    def clear(self) -> None:
        """Remove what only a running job needs: the row says from now on how it ended."""
        for name in (_SHOWN, _STOP):
            (self._folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # A result lies in it, or it was never made.
            self._folder.rmdir()

    def _may_go_on(self) -> bool:
        return not (self._folder / _STOP).exists()


class RowBoard(Board):
    """The row of the job."""

    def __init__(self, job_id: int, attempt: int) -> None:
        super().__init__(job_id)
        self._mine = sa.and_(Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING)

    def show(self, shown: Shown | None) -> bool:
        """Write it down. A moment in which nobody can write passes in silence: it is a courtesy."""
        values: dict[str, Any] = {"heartbeat_at": utc_now(), **(shown._asdict() if shown else {})}
        try:
            with short_transaction(wait=False) as connection:
                is_mine = connection.execute(sa.update(Job.__table__).where(self._mine).values(values)).rowcount == 1
        except OperationalError:
            is_mine = True
        return is_mine and self._may_go_on()


class FileBoard(Board):
    """A file in the folder of the job."""

    def show(self, shown: Shown | None) -> bool:
        """Write it down; a reader meets it whole."""
        if shown is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = self._folder / f"{_SHOWN}.new"
            beside.write_text(json.dumps(shown), "utf-8")
            beside.replace(self._folder / _SHOWN)
        return self._may_go_on()


def board_of(job_id: int, attempt: int, *, writes: bool) -> Board:
    """Return what this run writes on; `writes` says that its own transaction changes rows."""
    return FileBoard(job_id) if writes and db.engine.dialect.name == "sqlite" else RowBoard(job_id, attempt)


def shown_of(job: Job) -> Shown:
    """Return how far a job is."""
    if job.state is JobState.RUNNING:
        with suppress(OSError, ValueError):
            return Shown(*json.loads((result_folder(job.id) / _SHOWN).read_text("utf-8")))
    return Shown(job.done, job.total, job.message or "")


def is_stopping(job: Job) -> bool:
    """Tell whether a running job was asked to stop and has not heard it yet."""
    return job.state in OPEN_STATES and (result_folder(job.id) / _STOP).exists()


def stop(job: Job) -> None:
    """End a job that is not over: at once in its row, or, where that cannot be written now, when it next looks."""
    if not _close(job.id):
        folder = result_folder(job.id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / _STOP).touch()


def _close(job_id: int) -> bool:
    """Mark the row as cancelled; False where another transaction is writing."""
    statement = (
        sa.update(Job.__table__)
        .where(Job.id == job_id, Job.state.in_(OPEN_STATES))
        .values(state=JobState.CANCELLED, finished_at=utc_now())
    )
    try:
        with short_transaction(wait=False) as connection:
            connection.execute(statement)
    except OperationalError:
        return False
    return True
