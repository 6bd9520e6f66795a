"""Result files of jobs: where they lie, who may have them, how long they are kept."""

import datetime as dt
import shutil
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.errors import NotFound
from app.i18n import _
from app.jobs.models import Job

_KEPT = dt.timedelta(days=7)


def results_folder() -> Path:
    """Return the folder of all result files; web and workers share it."""
    return Path(current_app.config["DATA_FOLDER"]) / "jobs"


def result_folder(job_id: int) -> Path:
    """Return the folder of one job's files."""
    return results_folder() / str(job_id)


def result_path_of(job: Job, actor: User) -> Path:
    """Return the file a job made. Raises NotFound unless the actor requested the job and the file still exists."""
    if job.requested_by_id is None or job.requested_by_id != actor.id:
        raise NotFound("job.not_found", _("There is no such job."))
    path = results_folder() / job.result_path if job.result_path else None
    if path is None or not path.is_file():
        raise NotFound("job.no_result", _("The file is no longer kept. Please start the job again."))
    return path


def delete_result(job_id: int) -> None:
    """Remove what a job wrote, if anything."""
    shutil.rmtree(result_folder(job_id), ignore_errors=True)


def delete_old_results(now: dt.datetime) -> None:
    """Remove files and details a week after their job ended: exports and the cells of imports are personal data."""
    kept = sa.or_(Job.result_path.is_not(None), Job.details.is_not(None))
    for job in session.scalars(sa.select(Job).where(kept, Job.finished_at < now - _KEPT)):
        delete_result(job.id)
        job.result_path = None
        job.details = sa.null()  # Not JSON's null, which would be found again each day.
