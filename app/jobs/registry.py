"""What can run in the background: functions for jobs, schedules, and the ticks of the platform itself."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.errors import ConfigurationError
from app.jobs.models import Job

JobFunction = Callable[..., Any]  # (progress, **arguments) -> JSON details or None
DownloadCheck = Callable[[Job, User], None]  # Raises NotAllowed or NotFound.
ScheduledFunction = Callable[[dt.datetime], None]


@dataclass(frozen=True)
class RegisteredJob:
    """A function that `enqueue` knows by name."""

    name: str
    function: JobFunction
    addon: str | None = None
    restartable: bool = False
    reads_only: bool = False
    check_download: DownloadCheck | None = None


@dataclass(frozen=True)
class Schedule:
    """A function that runs every so often in each company that has the add-on on (None: the platform)."""

    name: str
    every: dt.timedelta
    function: ScheduledFunction
    addon: str | None


@dataclass
class JobRegistry:
    """All that this app can run in the background."""

    jobs: dict[str, RegisteredJob] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    ticks: list[ScheduledFunction] = field(default_factory=list)


def registry() -> JobRegistry:
    """Return this app's registry."""
    found: JobRegistry = current_app.extensions["jobs"]
    return found


def register_job(
    name: str,
    function: JobFunction,
    *,
    addon: str | None = None,
    restartable: bool = False,
    reads_only: bool = False,
    check_download: DownloadCheck | None = None,
) -> None:
    """Let `enqueue(name)` run this function. Raises ConfigurationError when the name is taken.

    A restartable job is tried again after its worker died. One that only reads, such as an export, neither keeps
    others from writing on SQLite nor saves anything. `check_download` refuses its file to a requester who may not have
    it any more.
    """
    jobs = registry().jobs
    if name in jobs:
        raise ConfigurationError(f"job {name}: registered twice")
    jobs[name] = RegisteredJob(name, function, addon, restartable, reads_only, check_download)


def add_schedule(name: str, every: dt.timedelta, function: ScheduledFunction, *, addon: str | None = None) -> None:
    """Run the function every so often, per company, with the instant as its argument.

    One turn is one transaction. Raises ConfigurationError when the name is taken or the interval is under a minute.
    """
    schedules = registry().schedules
    if name in schedules:
        raise ConfigurationError(f"schedule {name}: added twice")
    if every < dt.timedelta(minutes=1):
        raise ConfigurationError(f"schedule {name}: the clock ticks once a minute, not every {every}")
    schedules[name] = Schedule(name, every, function, addon)


def add_tick(function: ScheduledFunction) -> None:
    """Call the function once a minute, for all companies; it opens its own transactions and bears a second caller."""
    registry().ticks.append(function)
