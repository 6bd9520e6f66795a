"""What may be done with many records of a list at once, each by the same door as on its own page."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.crud.archiving import archive_record, restore_record
from app.crud.printing.definition import is_marked_by, marking_step, printing_verb, require_printing
from app.crud.records import check_version
from app.database.archiving import Archivable
from app.errors import NotAllowed, Text
from app.i18n import _, humanize
from app.security.roles import may
from app.security.scope import OUT_OF_SCOPE, reaches, require_reach
from app.workflow import engine
from app.workflow.arguments import Argument
from app.workflow.checks import find_refusal
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.crud.view import CrudView

MOST_RECORDS = 500  # Of one step: what a person can still look through before and afterwards.

AT_ONCE = 50  # More records than these are done in the background, with progress.


@dataclass(frozen=True)
class BulkStep:
    """One thing that can be done with many records. `refusal` and `do` are asked record by record."""

    name: str
    label: Text
    icon: str
    refusal: Callable[[Any, User, dt.datetime], Refusal | None]
    do: Callable[..., None]  # (record, *, actor, version, arguments)
    tone: str = ""
    confirm: Text = ""
    transition: Transition | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    prints: bool = False  # What was done with is printed.


def bulk_steps(view: "CrudView", actor: User, *, archived: bool = False) -> dict[str, BulkStep]:
    """Return by name what the actor may do with records of this list; `archived` is the list of those put away."""
    declared = view.workflow.transitions.values() if view.workflow else ()
    found = [_of_transition(view, one) for one in declared if not one.automatic and may(actor, one.name, view.resource)]
    if view.printing is not None and printing_verb(view, actor) is not None:
        found.append(_printing(view))
    if "delete" in view.verbs and may(actor, "delete", view.resource):
        if issubclass(view.model, Archivable):
            found.append(_restoring(view) if archived else _archiving(view))
        found.append(_deleting(view))
    return {one.name: one for one in found}


def _of_transition(view: "CrudView", one: Transition) -> BulkStep:
    workflow: Any = view.workflow

    def refusal(record: Any, actor: User, now: dt.datetime) -> Refusal | None:
        return find_refusal(workflow, one, record, actor=actor, now=now)

    def do(record: Any, *, actor: User, version: int | None, arguments: dict[str, Any]) -> None:
        engine.perform(workflow, one, record, actor=actor, version=version, arguments=dict(arguments))

    return BulkStep(
        one.name, one.label, one.icon, refusal, do, one.tone, one.confirm, transition=one, arguments=one.arguments
    )


def _deleting(view: "CrudView") -> BulkStep:
    def do(record: Any, *, actor: User, version: int | None, arguments: dict[str, Any]) -> None:
        require_reach(actor, record, verb="delete")
        view.remove(record, actor=actor, version=version)

    return BulkStep("delete", _("Delete"), "trash-2", partial(_out_of_reach, "delete"), do, tone="danger")


def _printing(view: "CrudView") -> BulkStep:
    """Return the step that prints: each record is marked by its own transition, unless it was before (P:REC-03)."""
    step, workflow = marking_step(view), view.workflow

    def refusal(record: Any, actor: User, now: dt.datetime) -> Refusal | None:
        beyond = _out_of_reach(require_printing(view, actor), record, actor, now)
        if beyond is not None or step is None or workflow is None or not is_marked_by(step, record):
            return beyond
        return find_refusal(workflow, step, record, actor=actor, now=now)

    def do(record: Any, *, actor: User, version: int | None, arguments: dict[str, Any]) -> None:
        require_reach(actor, record, verb=require_printing(view, actor))
        check_version(record, version)
        if step is not None and workflow is not None and is_marked_by(step, record):
            engine.perform(workflow, step, record, actor=actor, version=version, arguments={})

    return BulkStep("print_out", _("Print"), "printer", refusal, do, prints=True)


def _archiving(view: "CrudView") -> BulkStep:
    return BulkStep("archive", _("Archive"), "archive", partial(_out_of_reach, "delete"), partial(_put, archive_record))


def _restoring(view: "CrudView") -> BulkStep:
    return BulkStep(
        "restore", _("Restore"), "archive-restore", partial(_out_of_reach, "delete"), partial(_put, restore_record)
    )


def _put(
    service: Callable[..., None], record: Any, *, actor: User, version: int | None, arguments: dict[str, Any]
) -> None:
    require_reach(actor, record, verb="delete")
    check_version(record, version)
    service(record, actor=actor)


def _out_of_reach(verb: str, record: Any, actor: User, now: dt.datetime) -> Refusal | None:
    if reaches(actor, record, verb=verb):
        return None
    return Refusal("security.scope", OUT_OF_SCOPE, error=NotAllowed, data={"right": _(humanize(verb))})
