"""Data cleaning: choose, see what would go and what stays, confirm twice, and a job does it (S:CORE-15)."""

import datetime as dt
from functools import partial
from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.cleaning.criteria import LONGEST_DAYS, Criteria, cleanable_view, cleanable_views, read_criteria, states_of
from app.cleaning.plan import Plan
from app.cleaning.running import DESK, JOB, plan_now
from app.companies.clock import active_zone
from app.crud.list_page import base_query
from app.crud.page import Page
from app.crud.saved_filters import offered_filters
from app.crud.submissions import act_once
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.errors import AppError, Conflict, Text, ValidationError
from app.i18n import _, humanize, said_by
from app.jobs import enqueue
from app.parameters.platform_values import CLEAN_KEEP_DAYS
from app.security.owner import has_password, require_owner
from app.security.roles import acting_user, may, require

CHOICES = ("resource", "state", "days", "filter")
SHOWN = 20  # Records that stay, of each reason.


class CleaningPage(Page):
    """The form, and below it the preview of what it asks for."""

    resource = DESK
    title = _("Data cleaning")
    template = "cleaning/desk.html"

    @staticmethod
    def context(
        *, actor: User, arguments: dict[str, str], typed: dict[str, str] | None = None, error: AppError | None = None
    ) -> dict[str, Any]:
        """Return the lists to choose from and, once one is chosen, the preview; or what was typed and refused."""
        chosen = arguments.get("resource", "")
        found: dict[str, Any] = {"preview": None, "error": error}
        view = None
        if chosen:
            try:
                view = cleanable_view(chosen)
                if arguments.get("preview"):
                    found["preview"] = _preview(read_criteria(arguments, actor=actor), actor)
            except AppError as refusal:
                found["error"] = error or refusal
        return {
            **found,
            "views": cleanable_views(),
            "view": view,
            "states": [(state, said_by(view.resource, humanize(state))) for state in states_of(view)] if view else [],
            "filters": offered_filters(view, actor) if view else [],
            "chosen": {name: arguments.get(name, "") for name in CHOICES},
            "typed": typed or {},
            "longest_days": LONGEST_DAYS,
            "may_clean": may(actor, "clean", DESK),
            "asks_password": has_password(actor),
        }

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Start the job; a refusal stands on its field, with what was typed but the password."""
        if name not in self.actions:
            abort(404)
        actor, typed = acting_user(), request.form.to_dict()
        try:
            require(actor, "clean", DESK)
            job_id = act_once(typed.get("submission_key"), DESK, partial(start, actor=actor, values=typed))
        except AppError as error:
            arguments = {name: typed.get(name, "") for name in CHOICES} | {"preview": "1"}
            context = self.context(actor=actor, arguments=arguments, typed=typed, error=error)
            return self.render_template(self.template, title=self.title, page=self, **context), error.http_status
        return redirect(url_for("JobView.show", job_id=int(job_id)))


def start(*, actor: User, values: dict[str, str]) -> Text:
    """Have a job clean what the preview showed; answers the job's id.

    Raises ValidationError for another count than that of the preview and for a wrong password, Conflict where other
    records would go by now; nothing is deleted then (R1, R2).
    """
    now = utc_now()
    criteria = read_criteria(values, actor=actor)
    as_of = _instant(values.get("as_of", ""), now)
    plan = plan_now(criteria, actor=actor, now=as_of)
    if plan.seal != values.get("seal"):
        raise Conflict("clean.changed", _("Records have changed meanwhile. Nothing was deleted; look at the preview."))
    if not plan.deletable:
        raise ValidationError("clean.nothing", _("There is nothing that can be deleted."), field="resource")
    if values.get("count", "").strip().replace(",", "") != str(len(plan.deletable)):
        raise ValidationError("clean.count", _("Type the number of records that will be deleted."), field="count")
    require_owner(actor, values.get("password", ""), now=now)
    job = enqueue(
        JOB,
        actor=actor,
        resource=criteria.resource,
        state=criteria.state,
        days=criteria.days,
        query=criteria.query,
        as_of=as_of,
        seal=plan.seal,
    )
    return str(job.id)


CleaningPage.actions = {"start": ("clean", start)}


def _preview(criteria: Criteria, actor: User) -> dict[str, Any]:
    now = utc_now()
    plan, view = plan_now(criteria, actor=actor, now=now), criteria.view
    today = now.astimezone(active_zone()).date()
    return {
        "plan": plan,
        "as_of": now.isoformat(),
        "kept_until": today + dt.timedelta(days=CLEAN_KEEP_DAYS.value(today)),
        "examples": _examples(view, plan, actor) if may(actor, "list", view.resource) else [],
    }


def _examples(view: CrudView, plan: Plan, actor: User) -> list[tuple[str | None, str, Text]]:
    """Return some of the records that stay, as far as the actor sees them: address, title and reason."""
    found: list[tuple[str | None, str, Text]] = []
    for ids, reason in (
        (plan.confirmed, _("Confirmed: it is never deleted")),
        (plan.referenced, _("Other records point at it")),
    ):
        records = base_query(view, actor, verb="list").records(sorted(ids)[:SHOWN])
        found += [(url_for(f"{view.endpoint}.show", pk=one.id), str(one), reason) for one in records]
    return found


def _instant(sent: str, now: dt.datetime) -> dt.datetime:
    """Return when the preview was made: the age of records counts from then. Never later than now."""
    try:
        found = dt.datetime.fromisoformat(sent)
    except ValueError:
        return now
    return min(found, now) if found.tzinfo is not None else now
