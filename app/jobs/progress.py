"""How a running job speaks: how far it is, and where its file is."""

import logging
import time
from pathlib import Path

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.exc import OperationalError

from app.database.columns import utc_now
from app.database.context import acting_user_id
from app.database.session import session
from app.errors import ConfigurationError
from app.jobs.context import short_transaction
from app.jobs.models import Job
from app.jobs.results import result_folder

log = logging.getLogger(__name__)
_INTERVAL = 0.3  # Seconds between two writes.


class Progress:
    """Handed to a job's function: `progress(done, total, message)`."""

    def __init__(self, job_id: int, attempt: int, *, visible: bool = True) -> None:
        self._job_id, self._attempt, self._visible = job_id, attempt, visible
        self._written_at = float("-inf")
        self.done, self.total, self.message = 0, 0, ""
        self.result_path: str | None = None

    def __call__(self, done: int, total: int = 0, message: object = "") -> None:
        """Tell how far the job is; others see it at once, at most a few times a second.

        On SQLite nobody sees that of a writing job: the one writer at a time is the job itself.
        """
        self.done, self.total, self.message = done, total or self.total, str(message)[:200] or self.message
        if time.monotonic() - self._written_at >= _INTERVAL:
            self._written_at = time.monotonic()
            self._update(done=self.done, total=self.total, message=self.message)

    @property
    def actor(self) -> User | None:
        """Who asked for the job; None for the system."""
        user_id = acting_user_id()
        return session.get(User, user_id) if user_id is not None else None

    def result_file(self, name: str) -> Path:
        """Return where to write the file that the requester downloads under this name."""
        if name in ("", ".", "..") or Path(name).name != name or not name.isprintable():
            raise ConfigurationError(f"job result: {name!r} is not a file name")
        folder = result_folder(self._job_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.result_path = f"{folder.name}/{name}"
        return folder / name

    def beat(self) -> None:
        """Give a sign of life; a second thread calls it, while the function computes."""
        self._update()

    def _update(self, **values: int | str) -> None:
        if not self._visible:
            return
        statement = sa.update(Job.__table__).where(Job.id == self._job_id, Job.attempts == self._attempt)
        try:
            with short_transaction(wait=False) as connection:
                connection.execute(statement.values(heartbeat_at=utc_now(), **values))
        except OperationalError:  # Only a courtesy: the work goes on.
            log.debug("progress of job %s not written", self._job_id)
