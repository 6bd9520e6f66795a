"""What an add-on missed while a company had it off: counted before it is switched on again, and made good by a job."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.approvals.asking import count_pending
from app.companies.enablement import is_enabled
from app.companies.models import DisabledAddon
from app.companies.snapshot import CHECK_EVERY
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import db, session
from app.errors import Text
from app.i18n import _
from app.jobs import Progress, enqueue


def job_name(addon: str) -> str:
    """Return what the job of an add-on is called."""
    return f"{addon}.catch_up"


def missed(setup: AddonSetup) -> tuple[dt.datetime, int] | None:
    """Return since when the active company has had the add-on off, and how much it would catch up with now."""
    since = _since(setup.name)
    if since is None or setup.catch_up is None:
        return None
    return since, setup.catch_up.count(since)


def open_work(setup: AddonSetup) -> list[tuple[Text, int]]:
    """Return what is not finished in the active company, for whoever is about to switch the add-on off."""
    found = [(one.label, one.count()) for one in setup.open_work]
    found.append((_("Running approvals"), count_pending(f"{setup.name}.")))
    return [(label, count) for label, count in found if count]


def start_catching_up(setups: Sequence[AddonSetup], names: Sequence[str], *, actor: User | None) -> int:
    """Queue the jobs of add-ons that were just switched on again in the active company; return how many."""
    count = 0
    for setup in setups:
        since = _since(setup.name) if setup.name in names else None
        if since is not None and setup.catch_up is not None:
            enqueue(job_name(setup.name), actor=actor, since=since, on_again_at=utc_now())
            count += 1
        elif since is not None:
            _forget(setup.name)
    return count


def catch_up_job(setup: AddonSetup) -> Callable[..., Any]:
    """Return the function of the job; run twice, it does no more than once."""

    def catch_up(progress: Progress, since: dt.datetime, on_again_at: dt.datetime) -> None:
        if db.engine.dialect.name != "sqlite":  # For a moment, other processes still took the add-on for switched off.
            time.sleep(max(0.0, 2 * CHECK_EVERY - (utc_now() - on_again_at).total_seconds()))
        company_id = active_company()
        # Asked here, not when the job is queued: that happens in the very transaction that switches the add-on on.
        if setup.catch_up is not None and company_id is not None and is_enabled(setup.name, company_id):
            setup.catch_up.run(company_id, since)
            _forget(setup.name)

    return catch_up


def _since(addon: str) -> dt.datetime | None:
    statement = sa.select(DisabledAddon.since).where(
        DisabledAddon.company_id == active_company(), DisabledAddon.addon == addon
    )
    return session.scalar(statement)


def _forget(addon: str) -> None:
    session.execute(
        sa.delete(DisabledAddon).where(DisabledAddon.company_id == active_company(), DisabledAddon.addon == addon)
    )
