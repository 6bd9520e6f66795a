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
from app.jobs.registry import registry


def results_folder() -> Path:
    """Return the folder of all result files; web and workers share it."""
    return Path(current_app.config["DATA_FOLDER"]) / "jobs"


def result_folder(job_id: int) -> Path:
    """Return the folder of one job's files."""
    return results_folder() / str(job_id)


def result_path_of(job: Job, actor: User) -> Path:
    """Return the file a job made. Raises NotFound unless the actor requested the job and the file still exists.

    Raises NotAllowed, too, where the right that the file was made by has been taken away since.
    """
    if job.requested_by_id is None or job.requested_by_id != actor.id:
        raise NotFound("job.not_found", _("There is no such job."))
    path = results_folder() / job.result_path if job.result_path else None
    if path is None or not path.is_file():
        raise NotFound("job.no_result", _("The file is no longer kept. Please start the job again."))
    registered = registry().jobs.get(job.name)
    if registered is not None and registered.check_download is not None:
        registered.check_download(job, actor)
    return path


def delete_result(job_id: int) -> None:
    """Remove what a job wrote, if anything."""
    shutil.rmtree(result_folder(job_id), ignore_errors=True)


def delete_old_results(now: dt.datetime) -> None:
    """Remove files, arguments and details some days after their job ended.

    What people filter by, what an import found and the rows of an export are personal data.
    """
    until = now - dt.timedelta(days=current_app.config["JOB_RESULTS_KEPT_DAYS"])
    kept = sa.or_(Job.result_path.is_not(None), Job.details.is_not(None))
    for job in session.scalars(sa.select(Job).where(kept, Job.finished_at < until)):
        delete_result(job.id)
        job.result_path = None
        job.arguments = {}
        job.details = sa.null()  # Not JSON's null, which would be found again each day.
