"""Running one job: claim it, enter its company, do the work, and record how it ended."""

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import force_locale

from app.companies.enablement import is_enabled
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import begin_writing, commit, rollback, session
from app.errors import AppError, ConfigurationError, NotFound
from app.i18n import _
from app.jobs.board import Board, board_of
from app.jobs.context import run_as, short_transaction
from app.jobs.models import Job, JobState
from app.jobs.payload import decode_for, encode
from app.jobs.progress import Progress, StoppedError
from app.jobs.registry import RegisteredJob, registry
from app.jobs.results import delete_result

log = logging.getLogger(__name__)
HEARTBEAT = 10.0  # Seconds.


class _Claim(NamedTuple):
    id: int
    name: str
    arguments: dict[str, Any]
    attempts: int
    requested_by_id: int | None
    locale: str


def run_job(company_id: int, job_id: int) -> None:
    """Run a queued job, once: whoever else holds the same message finds it claimed."""
    claim = run_as(company_id, None, _claim, job_id)
    if claim is not None:
        run_as(company_id, claim.requested_by_id, _run, claim)


def _claim(job_id: int) -> _Claim | None:
    now = utc_now()
    statement = (
        sa.update(Job.__table__)
        .where(Job.company_id == active_company(), Job.id == job_id, Job.state == JobState.QUEUED)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, started_at=now, heartbeat_at=now)
        .returning(Job.id, Job.name, Job.arguments, Job.attempts, Job.requested_by_id, Job.locale)
    )
    with short_transaction() as connection:
        row = connection.execute(statement).one_or_none()
    return _Claim(*row) if row is not None else None


def _run(claim: _Claim) -> None:
    registered = registry().jobs.get(claim.name)
    reads_only = registered is not None and registered.reads_only
    board = board_of(claim.id, claim.attempts, writes=not reads_only)
    progress = Progress(claim.id, board)
    with force_locale(claim.locale), _heartbeat(progress), _cleared(board):
        try:
            if not reads_only:
                begin_writing()
            details = _call(registered, claim, progress)
            if reads_only:
                rollback()  # SQLite lets nobody write who has read before the latest change.
            _finish(claim, progress, details)
            commit()
        except StoppedError:
            rollback()
            log.warning("job %s %s: attempt %s was cancelled or came back too late", *claim[:2], claim.attempts)
            close_cancelled(claim.id, claim.attempts, utc_now())
        except Exception as error:
            rollback()
            log.exception("job %s %s failed", claim.id, claim.name)
            fail(claim.id, claim.attempts, error, utc_now())


def _call(registered: RegisteredJob | None, claim: _Claim, progress: Progress) -> Any:
    if registered is None:
        raise ConfigurationError(f"job {claim.name}: not registered")
    if registered.addon is not None and not is_enabled(registered.addon, active_company()):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    return registered.function(progress, **decode_for(registered.function, claim.arguments))


def _finish(claim: _Claim, progress: Progress, details: Any) -> None:
    # In the transaction of the work itself: both are saved, or neither.
    result = session.execute(
        sa.update(Job)
        .where(Job.id == claim.id, Job.attempts == claim.attempts, Job.state == JobState.RUNNING)
        .values(
            state=JobState.DONE,
            done=progress.done,
            total=progress.total,
            message=progress.message,
            result_path=progress.result_path,
            details=encode(details),
            finished_at=utc_now(),
        )
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # An UPDATE gives a CursorResult.
        raise StoppedError


def fail(job_id: int, attempt: int, error: Exception, now: dt.datetime) -> None:
    """Mark a running attempt as failed, in its own transaction, with a message for people."""
    if isinstance(error, AppError):
        message, details = str(error), error.to_dict()
    else:
        text = _("Something went wrong. The administrator finds the reason in the log under job %(job)s.")
        message, details = str(text) % {"job": job_id}, None
    with short_transaction() as connection:
        result = connection.execute(
            sa.update(Job.__table__)
            .where(Job.id == job_id, Job.attempts == attempt, Job.state == JobState.RUNNING)
            .values(state=JobState.FAILED, error=message, details=details, finished_at=now)
        )
    if result.rowcount == 1:
        delete_result(job_id)


def close_cancelled(job_id: int, attempt: int, now: dt.datetime) -> None:
    """Mark an attempt as cancelled unless its row says so already, and remove what it wrote.

    A newer attempt, which began when this one was given up as dead, is left alone, and so is its file.
    """
    mine = sa.and_(Job.id == job_id, Job.attempts == attempt)
    with short_transaction() as connection:
        connection.execute(
            sa.update(Job.__table__)
            .where(mine, Job.state == JobState.RUNNING)
            .values(state=JobState.CANCELLED, finished_at=now)
        )
        is_mine = connection.execute(sa.select(Job.id).where(mine)).first()
    if is_mine is not None:
        delete_result(job_id)


@contextmanager
def _cleared(board: Board) -> Iterator[None]:
    """Take the board's files away when the row says how the run ended."""
    try:
        yield
    finally:
        board.clear()


@contextmanager
def _heartbeat(progress: Progress) -> Iterator[None]:
    """Show that the worker lives, even while the function is busy in one long statement."""
    finished = threading.Event()

    def beat() -> None:
        while not finished.wait(HEARTBEAT):
            try:
                progress.beat()
            except Exception:  # The thread must outlive a moment without a database.
                log.exception("heartbeat not written")

    thread = threading.Thread(target=copy_context().run, args=(beat,), daemon=True, name="job-heartbeat")
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
