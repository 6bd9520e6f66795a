"""The job that cleans: plan again, delete, archive what was deleted, and note what came of it, in one transaction."""

import datetime as dt
from collections import Counter
from typing import Any

from app.audit import record_security_event
from app.cleaning.backup import Deleted, write_archive
from app.cleaning.criteria import Criteria, hit_ids
from app.cleaning.deleting import delete_whole
from app.cleaning.models import CleanRun
from app.cleaning.plan import BATCH, Plan, make_plan
from app.companies.clock import active_zone
from app.database.columns import utc_now
from app.database.isolation import forget_company_rows
from app.database.session import db, session
from app.errors import AppError, Conflict, NotFound
from app.i18n import _
from app.jobs import Progress
from app.parameters.platform_values import CLEAN_KEEP_DAYS, CLEAN_PROTECT
from app.security.roles import require

JOB = "cleaning.clean"
KIND = "cleaning"  # Of the details of the job.
DESK = "cleaning.DataCleaning"


def plan_now(criteria: Criteria, *, actor: Any, now: dt.datetime) -> Plan:
    """Return what would become of the records that are hit at this moment. Raises as `hit_ids` does."""
    ids = hit_ids(criteria, actor=actor, now=now)
    return make_plan(criteria.view, ids, protect=CLEAN_PROTECT.value(now.astimezone(active_zone()).date()))


def clean_job(
    progress: Progress, *, resource: str, state: str, days: int | None, query: str, as_of: dt.datetime, seal: str
) -> dict[str, Any]:
    """Clean what the preview showed. Raises Conflict, with nothing deleted, where other records would go by now."""
    actor, now = progress.actor, utc_now()
    if actor is None:
        raise NotFound("clean.actor", _("There is no such record."))
    require(actor, "clean", DESK)
    criteria = Criteria(resource, state, days, query)
    plan = plan_now(criteria, actor=actor, now=as_of)
    if plan.seal != seal:
        raise Conflict("clean.changed", _("Records have changed meanwhile. Nothing was deleted; look at the preview."))
    deleted, files, refused = Deleted(), list[str](), Counter[str]()
    for number, key in enumerate(plan.deletable, start=1):
        progress(number, len(plan.deletable), _("Deleting"))
        try:
            delete_whole(criteria.view, key, actor=actor, deleted=deleted, files=files)
        except AppError as error:
            refused[str(error)] += 1
        if number % BATCH == 0:
            forget_company_rows(db.session())
    run = _note(criteria, plan, refused, actor_id=actor.id, now=now)
    if run.deleted:
        run.archive = f"clean-{progress.job_id}.zip"
        progress(run.deleted, run.deleted, _("Writing the archive"))
        write_archive(run.archive, resource, deleted, files, now=now)
    session.flush()
    record_security_event("data.cleaned", run=run.id, resource=resource, deleted=run.deleted, found=run.found)
    return {
        "kind": KIND,
        "run": run.id,
        "deleted": run.deleted,
        "confirmed": run.kept_confirmed,
        "referenced": run.kept_referenced,
        "refused": [[reason, count] for reason, count in refused.most_common()],
        "kept_until": run.kept_until if run.archive else None,
    }


def _note(criteria: Criteria, plan: Plan, refused: Counter[str], *, actor_id: int, now: dt.datetime) -> CleanRun:
    today = now.astimezone(active_zone()).date()
    run = CleanRun(
        resource=criteria.resource,
        query=criteria.query,
        record_state=criteria.state,
        untouched_days=criteria.days,
        found=plan.found,
        deleted=len(plan.deletable) - refused.total(),
        kept_confirmed=len(plan.confirmed),
        kept_referenced=len(plan.referenced),
        kept_refused=refused.total(),
        cleaned_at=now,
        cleaned_by_id=actor_id,
        kept_until=today + dt.timedelta(days=CLEAN_KEEP_DAYS.value(today)),
    )
    session.add(run)
    session.flush()
    return run
