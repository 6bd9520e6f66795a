"""Tables of the jobs room."""

from app.jobs.models.job import Job, JobState
from app.jobs.models.maintenance_task import MaintenanceKind, MaintenanceState, MaintenanceTask
from app.jobs.models.scheduled_run import ScheduledRun

__all__ = ["Job", "JobState", "MaintenanceKind", "MaintenanceState", "MaintenanceTask", "ScheduledRun"]
