"""How a running job speaks: how far it is, and where its file is."""

import time
from pathlib import Path

from flask_appbuilder.security.sqla.models import User

from app.database.context import acting_user_id
from app.database.session import session
from app.database.statistics import count_grown_tables
from app.errors import ConfigurationError
from app.jobs.board import Board, Shown
from app.jobs.results import result_folder

_INTERVAL = 0.3  # Seconds between two writes.
_COUNT_AT, _COUNT_FACTOR = 50, 4  # What a job fills is counted after 50 records, after 200, after 800 ...


class StoppedError(Exception):
    """The run shall not go on: somebody cancelled it, or it was given up as dead. What it did is not saved."""


class Progress:
    """Handed to a job's function: `progress(done, total, message)`."""

    def __init__(self, job_id: int, board: Board) -> None:
        self.job_id, self._board = job_id, board
        self._written_at = float("-inf")
        self._count_at = _COUNT_AT
        self.done, self.total, self.message = 0, 0, ""
        self.result_path: str | None = None

    def __call__(self, done: int, total: int = 0, message: object = "") -> None:
        """Tell how far the job is; others see it at once, at most a few times a second.

        Raises StoppedError where the job shall not go on. Call it often: this is where cancelling is heard.
        """
        self.done, self.total, self.message = done, total or self.total, str(message)[:200] or self.message
        if done >= self._count_at:
            self._count_at = done * _COUNT_FACTOR
            count_grown_tables()
        if time.monotonic() - self._written_at >= _INTERVAL:
            self._written_at = time.monotonic()
            if not self._board.show(Shown(self.done, self.total, self.message)):
                raise StoppedError

    @property
    def actor(self) -> User | None:
        """Who asked for the job; None for the system."""
        user_id = acting_user_id()
        return session.get(User, user_id) if user_id is not None else None

    def result_file(self, name: str) -> Path:
        """Return where to write the file that the requester downloads under this name."""
        if name in ("", ".", "..") or Path(name).name != name or not name.isprintable():
            raise ConfigurationError(f"job result: {name!r} is not a file name")
        folder = result_folder(self.job_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.result_path = f"{folder.name}/{name}"
        return folder / name

    def beat(self) -> None:
        """Give a sign of life; a second thread calls it, while the function computes."""
        self._board.show(None)
