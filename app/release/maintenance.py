"""Carrying out what the Apps page asks for, as the owner of the tables, one task at a time.

Each task runs in a process of its own: it loads the add-ons' files as they are now, and none of the old ones.
"""

import datetime as dt
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.addon_loader.archive import archives_folder
from app.audit.security_events import record_security_event
from app.backups import fail_run, find_backup, record_check
from app.database.columns import utc_now
from app.errors import ConfigurationError
from app.factory import create_app
from app.i18n import _
from app.jobs.maintenance import OPEN
from app.jobs.models import MaintenanceKind, MaintenanceState, MaintenanceTask
from app.release.backing_up import back_up, check_backup, reason_of
from app.release.bringing_up import bring_up
from app.release.lock import one_at_a_time
from app.release.restoring import put_back
from app.release.site import Site, owner_engine, site
from app.release.uninstalling import take_out

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
_EVERY = 1.0  # Seconds between two looks at the queue.
_COMMAND = (sys.executable, "-m", "flask", "--app", "app.cli:create_app", "maintenance-worker", "--once")
_Tasks = MaintenanceTask.__table__


@dataclass(frozen=True)
class _Claim:
    id: int
    kind: MaintenanceKind
    addon: str
    archive: str | None
    locale: str
    requested_by_id: int | None


def watch_queue(stopped: threading.Event, settings: Mapping[str, Any]) -> None:
    """Have every task carried out as it comes, until stopped."""
    engine = owner_engine(dict(settings))
    while not stopped.wait(_EVERY):
        if _is_waiting(engine):
            answer = subprocess.run(_COMMAND, cwd=ROOT, env=_environment(), check=False)  # noqa: S603  # Nothing of it comes from outside.
            if answer.returncode:
                log.error("a maintenance task ended with code %s", answer.returncode)
    engine.dispose()


def start_maintenance(settings: Mapping[str, Any]) -> threading.Event:
    """Carry out tasks beside this server, which owns its tables; return what stops it."""
    stopped = threading.Event()
    threading.Thread(target=watch_queue, args=(stopped, settings), daemon=True, name="maintenance").start()
    return stopped


def carry_out(**overrides: Any) -> int:
    """Carry out all queued tasks, oldest first, and return how many. What another process left half done has failed."""
    count = 0
    while _carry_out_next(overrides):
        count += 1
    return count


def _carry_out_next(overrides: dict[str, Any]) -> bool:
    with site(**overrides) as here, one_at_a_time(here.engine, here.settings):
        interrupted, claim = _fail_interrupted(here.engine), _claim(here.engine)
        if claim is None and not interrupted:
            return False
        app = create_app([], **overrides)  # The platform alone: the add-ons' tables may not fit their files yet.
        with app.app_context():
            for started_at, asker in interrupted:
                fail_run(_INTERRUPTED, started_at=started_at, now=utc_now(), requested_by_id=asker)
            if claim is not None:
                here.progress = _progress(here.engine, claim)
                with force_locale(claim.locale):
                    _run(here, claim)
        return claim is not None


def _run(here: Site, claim: _Claim) -> None:
    try:
        message = _ACTIONS[claim.kind](here, claim)
    except Exception as error:
        log.exception("maintenance task %s failed: %s %s", claim.id, claim.kind.value, claim.addon)
        _write(here.engine, claim.id, state=MaintenanceState.FAILED, error=reason_of(error), finished_at=utc_now())
        kind = "maintenance.failed"
    else:
        _write(here.engine, claim.id, state=MaintenanceState.DONE, message=message, finished_at=utc_now())
        kind = _DONE.get(claim.kind, f"addon.{claim.kind.value}")
    record_security_event(
        kind, user_id=claim.requested_by_id, addon=claim.addon, file=claim.archive, task=claim.kind.value
    )


def _install(here: Site, claim: _Claim) -> str:
    if claim.addon not in here.manifests:
        raise ConfigurationError(f"no add-on {claim.addon!r}; there are {', '.join(here.manifests)}")
    bring_up(here, [claim.addon])
    return str(_("Version %(version)s is installed.")) % {"version": here.manifests[claim.addon].version}


def _uninstall(here: Site, claim: _Claim) -> str:
    path = take_out(here, claim.addon)
    return str(_("Its data is in the archive %(file)s.")) % {"file": path.name}


def _restore(here: Site, claim: _Claim) -> str:
    file = archives_folder(here.folder) / Path(claim.archive).name if claim.archive else None
    left_out = put_back(here, claim.addon, file)
    if not left_out:
        return str(_("Every row is back."))
    words = ", ".join(f"{table}: {count}" for table, count in left_out.items())
    return str(_("Left out, because what they belong to was deleted meanwhile: %(rows)s")) % {"rows": words}


def _back_up(here: Site, claim: _Claim) -> str:
    path, contents = back_up(here, requested_by_id=claim.requested_by_id, nightly=claim.requested_by_id is None)
    return str(_("%(rows)s rows and %(files)s files are in %(file)s.")) % {
        "rows": f"{contents.rows:,}",
        "files": f"{len(contents.files):,}",
        "file": path.name,
    }


def _check(here: Site, claim: _Claim) -> str:
    path = find_backup(here.folder, claim.archive or "")
    try:
        check_backup(path, here.progress)
    except ConfigurationError:
        record_check(path.name, sound=False, now=utc_now())
        raise
    record_check(path.name, sound=True, now=utc_now())
    return str(_("%(file)s is whole.")) % {"file": path.name}


_ACTIONS: dict[MaintenanceKind, Callable[[Site, _Claim], str]] = {
    MaintenanceKind.INSTALL: _install,
    MaintenanceKind.UPGRADE: _install,
    MaintenanceKind.UNINSTALL: _uninstall,
    MaintenanceKind.RESTORE: _restore,
    MaintenanceKind.BACKUP: _back_up,
    MaintenanceKind.VERIFY: _check,
}
_DONE = {MaintenanceKind.BACKUP: "backup.made", MaintenanceKind.VERIFY: "backup.checked"}


def _is_waiting(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).where(_Tasks.c.state.in_(OPEN))) != 0
    except SQLAlchemyError:  # Before the first release there is no such table, and a database may be away for a while.
        log.debug("the maintenance queue cannot be read")
        return False


def _claim(engine: Engine) -> _Claim | None:
    columns = _Tasks.c
    oldest = sa.select(
        columns.id, columns.kind, columns.addon, columns.archive, columns.locale, columns.requested_by_id
    )
    oldest = oldest.where(columns.state == MaintenanceState.QUEUED).order_by(columns.id).limit(1)
    with engine.begin() as connection:
        row = connection.execute(oldest).one_or_none()
    if row is None:
        return None
    _write(engine, row.id, state=MaintenanceState.RUNNING, started_at=utc_now())
    return _Claim(*row)


def _fail_interrupted(engine: Engine) -> list[tuple[dt.datetime, int | None]]:
    """Whoever holds the lock is the only one at work: what is still called running has lost its process.

    Returns when each backup among these began, and who had asked for it.
    """
    running = _Tasks.c.state == MaintenanceState.RUNNING
    backups = sa.select(_Tasks.c.started_at, _Tasks.c.requested_by_id).where(
        running, _Tasks.c.kind == MaintenanceKind.BACKUP
    )
    failed = sa.update(_Tasks).where(running)
    with engine.begin() as connection:
        found = [(row.started_at, row.requested_by_id) for row in connection.execute(backups)]
        connection.execute(failed.values(state=MaintenanceState.FAILED, error=str(_INTERRUPTED), finished_at=utc_now()))
    return found


def _write(engine: Engine, task_id: int, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(_Tasks).where(_Tasks.c.id == task_id).values(**values))


def _progress(engine: Engine, claim: _Claim) -> Callable[[int, int, str], None]:
    only_reads = claim.kind in (MaintenanceKind.BACKUP, MaintenanceKind.VERIFY)

    def tell(done: int, total: int, message: str) -> None:
        if only_reads or engine.dialect.name != "sqlite":  # There the task itself is the one writer.
            _write(engine, claim.id, done=done, total=total, message=message)

    return tell


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


_INTERRUPTED = "Its process was stopped. What it had begun was undone."
