"""Work outside of requests: jobs with progress, schedules, and the way to a worker."""

import datetime as dt

from flask import Flask

from app.jobs.board import is_stopping, shown_of
from app.jobs.code_watch import CodeWatch, watch_code
from app.jobs.context import run_as, short_transaction
from app.jobs.dispatch import Dispatcher, dispatch, dispatcher
from app.jobs.models import Job, JobState, ScheduledRun
from app.jobs.progress import Progress
from app.jobs.queue import cancel_job, enqueue, get_job, list_jobs, schedule_job
from app.jobs.registry import JobRegistry, add_schedule, add_tick, register_job
from app.jobs.rescue import rescue_jobs
from app.jobs.results import delete_old_results, result_path_of
from app.jobs.runner import run_job
from app.jobs.schedule import run_due, tick
from app.jobs.scheduler import Scheduler, start_scheduler

__all__ = [
    "CodeWatch",
    "Job",
    "JobState",
    "Progress",
    "ScheduledRun",
    "Scheduler",
    "add_schedule",
    "add_tick",
    "cancel_job",
    "dispatch",
    "dispatcher",
    "enqueue",
    "get_job",
    "install_jobs",
    "is_stopping",
    "list_jobs",
    "register_job",
    "rescue_jobs",
    "result_path_of",
    "run_as",
    "run_due",
    "run_job",
    "schedule_job",
    "short_transaction",
    "shown_of",
    "start_scheduler",
    "watch_code",
]


def install_jobs(app: Flask) -> None:
    """Give the app its registry and its dispatcher, with the platform's own tasks."""
    app.extensions["jobs"] = JobRegistry()
    app.extensions["tasks"] = tasks = Dispatcher(app)
    tasks.register("jobs.run", run_job)
    tasks.register("jobs.tick", tick)
    with app.app_context():
        add_tick(rescue_jobs)
        add_schedule("jobs.delete_old_results", dt.timedelta(days=1), delete_old_results)
