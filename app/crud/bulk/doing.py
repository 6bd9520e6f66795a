"""Doing one step on many records: each in a savepoint of its own, and what came of it by name."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.crud.bulk.steps import BulkStep
from app.crud.list_page import base_query
from app.crud.records import call_in_savepoint
from app.database.session import rollback
from app.errors import AppError, NotFound
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

KIND = "bulk"  # Of the details of a job.


@dataclass(frozen=True)
class Planned:
    """One chosen record, and why the step cannot be done with it; empty if it can."""

    record: Any
    reason: str


def plan(view: "CrudView", step: BulkStep, keys: Sequence[int], *, actor: User, now: dt.datetime) -> Sequence[Planned]:
    """Return the chosen records that the actor sees, in the order chosen, each with what stands against the step."""
    found = []
    for record in base_query(view, actor, verb="show").records(keys):
        refusal = step.refusal(record, actor, now)
        found.append(Planned(record, "" if refusal is None else str(refusal)))
    return found


def do_step(
    view: "CrudView",
    step: BulkStep,
    versions: Mapping[int, int],
    *,
    actor: User,
    arguments: dict[str, Any],
    all_or_none: bool,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Do the step with each record, in the version that was seen; return what was done and what was refused, and why.

    A refused record does not stop the others, unless `all_or_none`: then nothing at all is done.
    """
    titles, refused = {}, []
    for number, (key, version) in enumerate(versions.items(), start=1):
        if progress is not None:
            progress(number, len(versions))
        record = base_query(view, actor, verb="show").find(key)
        titles[key] = f"#{key}" if record is None else str(record)
        try:
            if record is None:
                raise NotFound("record.missing", _("This record is not there any more, or you may not see it."))
            call_in_savepoint(step.do, record=record, actor=actor, version=version, arguments=arguments)
        except AppError as error:
            refused.append({"id": key, "title": titles[key], "reason": str(error)})
    stopped = all_or_none and bool(refused)
    if stopped:
        rollback()
    bad = {one["id"] for one in refused}
    done = [] if stopped else [{"id": key, "title": title} for key, title in titles.items() if key not in bad]
    return {
        "kind": KIND,
        "resource": view.resource,
        "step": step.name,
        "label": str(step.label),
        "done": done,
        "refused": refused,
        "stopped": stopped,
    }
