"""What the Celery process of the tests imports: the kernels' application, built from the environment."""

import os

from app.database.context import acting_user_id
from app.database.session import session
from app.jobs import Progress, register_job
from tests.app.jobs.kernels import new_app
from tests.app.jobs.notes import notes, write_note
from tests.app.jobs.waiting import wait_until


def wait_for_go(progress: Progress) -> dict[str, int | None]:
    """Tell how far it is, wait for the note "go" of somebody else, and finish."""
    progress(1, 2, "waiting")
    write_note("unfinished")
    wait_until(_is_told_to_go, seconds=60)
    progress(2, 2)
    return {"user": acting_user_id(), "process": os.getpid()}


def _is_told_to_go() -> bool:
    session.expire_all()
    return "go" in notes()


app = new_app(
    os.environ["TEST_DATABASE_URL"],
    os.environ["TEST_DATA_FOLDER"],
    JOBS_INLINE=False,
    REDIS_URL=os.environ["TEST_REDIS_URL"],
    JOBS_QUEUE=os.environ["TEST_QUEUE"],
)
with app.app_context():
    register_job("dummy.wait", wait_for_go)
celery = app.extensions["tasks"].celery
