"""The pages of bulk steps: what it would do with the chosen records and its dialog, then what came of it."""

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.crud.archiving import shows_archived
from app.crud.bulk.doing import do_step, plan
from app.crud.bulk.steps import AT_ONCE, MOST_RECORDS, BulkStep, bulk_steps
from app.crud.dialogs import dialog_form
from app.crud.list_page import link_to, query_of
from app.crud.printing.pages import file_name
from app.crud.printing.writing import write_records
from app.crud.record_page import note_refusal
from app.crud.records import call_service
from app.crud.submissions import act_once
from app.database.columns import read_id, utc_now
from app.errors import AppError, NotAllowed, NotFound, Text, ValidationError
from app.i18n import _
from app.jobs import Job, Progress, enqueue
from app.security.gate import is_open
from app.security.roles import acting_user
from app.workflow.arguments import load

if TYPE_CHECKING:
    from app.crud.view import CrudView

BULK_JOB = "crud.bulk_step"
_VERSION = "version-"  # Before the id of a record, in the form that does it.


class BulkPages:
    """What a CrudView can do with the records that were ticked in its list."""

    @expose("/bulk/<name>", methods=["GET", "POST"])
    @has_access
    def bulk(self: Any, name: str) -> Any:
        """Show what a step would do with the chosen records; with their versions, do it.

        Read, as after the page was loaded again, it is the list.
        """
        if request.method == "GET":
            return redirect(url_for(f"{self.endpoint}.list"))
        actor = acting_user()
        step = _step(self, name, actor, archived=shows_archived(request.args))
        versions = _versions(request.form)
        if not versions:
            return _chosen_preview(self, step, actor)
        try:
            arguments = load(request.form, step.arguments)
        except ValidationError as error:
            return _preview(self, step, [*versions], actor, error), 422
        if len(versions) > AT_ONCE:
            return redirect(url_for("JobView.show", job_id=_start(self, step, versions, actor).id))
        return _done(self, step, versions, actor, arguments)


def bulk_job(progress: Progress, *, resource: str, step: str, versions: Any, sent: Any, together: bool) -> Any:
    """Do a step with many records in the background; its details are what the page of the job shows."""
    actor = progress.actor
    if actor is None or not is_open(resource):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    view = current_app.extensions["crud_views"][resource]
    found = _step(view, step, actor, archived=step == "restore")
    done = do_step(
        view,
        found,
        {int(key): version for key, version in versions.items()},
        actor=actor,
        arguments=load(MultiDict(sent), found.arguments),
        all_or_none=together,
        progress=progress,
    )
    if found.prints and done["done"]:
        target = progress.result_file(file_name(view))
        done["fields"] = write_records(view, [one["id"] for one in done["done"]], target, actor=actor)
    return done


def check_count(count: int) -> None:
    """Refuse more records than one step takes, and none."""
    if not count:
        raise ValidationError("bulk.none", _("Choose at least one record."), field="ids")
    if count > MOST_RECORDS:
        raise ValidationError(
            "bulk.many", _("%(limit)s records at most at a time."), field="ids", limit=f"{MOST_RECORDS:,}"
        )


def _step(view: "CrudView", name: str, actor: User, *, archived: bool) -> BulkStep:
    """Return the step of this name. Raises NotAllowed for one that the actor may do with no record."""
    found = bulk_steps(view, actor, archived=archived).get(name)
    if found is None:
        if name not in ("archive", "restore", "delete", *(["print_out"] if view.printing else [])):
            view.transition_or_404(name)
        raise NotAllowed("security.refused", _("You may not do this"))
    return found


def _chosen(view: "CrudView", actor: User) -> list[int]:
    """Return the ids that were ticked, or those of all rows that match the filter."""
    if request.form.get("all") == "1":
        query, refused = query_of(view, actor, request.args)
        for error in refused:  # More records than were asked for must not be touched.
            raise error
        check_count(query.count(cap=MOST_RECORDS))
        return [record.id for record in query.page(0, MOST_RECORDS)]
    keys = [key for sent in request.form.getlist("rowid") if (key := read_id(sent)) is not None]
    check_count(len(keys))
    return list(dict.fromkeys(keys))


def _versions(form: Mapping[str, str]) -> dict[int, int]:
    """Return the versions that the page showed, by id."""
    found = {
        int(name.removeprefix(_VERSION)): int(sent)
        for name, sent in form.items()
        if re.fullmatch(rf"{_VERSION}\d{{1,18}}", name) and re.fullmatch(r"\d{1,9}", sent)
    }
    if found:
        check_count(len(found))
    return found


def _chosen_preview(view: "CrudView", step: BulkStep, actor: User) -> Any:
    try:
        keys = _chosen(view, actor)
    except AppError as error:
        flash(str(error), "warning")
        return redirect(link_to(view, "list"))
    return _preview(view, step, keys, actor)


def _preview(
    view: "CrudView", step: BulkStep, keys: list[int], actor: User, error: ValidationError | None = None
) -> Any:
    planned = plan(view, step, keys, actor=actor, now=utc_now())
    form = None
    if step.transition is not None and step.arguments:
        form = dialog_form(view, step.transition, None, actor, typed=request.form if error else None)
        if error is not None:
            note_refusal(form, error)
    ready = [one.record for one in planned if not one.reason]
    address = partial(url_for, f"{view.endpoint}.show")
    return view.render_template(
        "crud/bulk.html",
        title=step.label,
        view=view,
        step=step,
        form=form,
        versions={record.id: record.version for record in ready},
        ready=[(address(pk=record.id), str(record), getattr(record, "state", "")) for record in ready],
        refused=[(address(pk=one.record.id), str(one.record), one.reason) for one in planned if one.reason],
        action=link_to(view, "bulk", name=step.name),
        in_background=len(ready) > AT_ONCE,
        together=request.form.get("together") == "1",
    )


def _done(view: "CrudView", step: BulkStep, versions: dict[int, int], actor: User, arguments: dict[str, Any]) -> Any:
    found: dict[str, Any] = {}

    def act() -> Text:
        together = request.form.get("together") == "1"
        found.update(do_step(view, step, versions, actor=actor, arguments=arguments, all_or_none=together))
        return str(_("%(label)s: %(count)s done.")) % {"label": step.label, "count": len(found["done"])}

    answer = act_once(request.form.get("submission_key"), f"{view.resource}/{step.name}", act)
    if not found:  # The same form, sent again.
        flash(answer, "success")
        return redirect(url_for(f"{view.endpoint}.list"))
    keys = ",".join(str(one["id"]) for one in found["done"]) if step.prints else ""
    return view.render_template(
        "crud/bulk_done.html",
        title=step.label,
        view=view,
        found=found,
        pdf_url=url_for(f"{view.endpoint}.printed", ids=keys) if keys else None,
    )


def _start(view: "CrudView", step: BulkStep, versions: dict[int, int], actor: User) -> Job:
    sent = {name: request.form.getlist(name) for name in step.arguments if name in request.form}
    job: Job = call_service(
        enqueue,
        BULK_JOB,
        actor=actor,
        resource=view.resource,
        step=step.name,
        versions={str(key): version for key, version in versions.items()},
        sent=sent,
        together=request.form.get("together") == "1",
    )
    return job


def rest_step(view: "CrudView", name: str, body: Mapping[str, Any], actor: User) -> dict[str, Any]:
    """Do a step as REST asks: {"ids": {"7": 3}, "arguments": {…}, "together": true}; ids with their versions."""
    ids = body.get("ids")
    if not isinstance(ids, dict) or not all(
        read_id(str(key)) is not None and isinstance(version, int) for key, version in ids.items()
    ):
        raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="ids", name="ids")
    check_count(len(ids))
    step = _step(view, name, actor, archived=name == "restore")
    arguments = load(body.get("arguments") or {}, step.arguments)
    versions = {int(key): version for key, version in ids.items()}
    together = body.get("together") is True
    return do_step(view, step, versions, actor=actor, arguments=arguments, all_or_none=together)
