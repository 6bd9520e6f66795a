"""What a view declares to be printed, and who may print it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.errors import ConfigurationError, NotAllowed, Text
from app.i18n import _
from app.reports.definition import Report
from app.reports.page_head import PaperLook
from app.security.roles import may
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.crud.view import CrudView


@dataclass(frozen=True)
class Paper:
    """What a document says: its heading, and lines of (field that it tells or "", label, words); and its look."""

    heading: str
    lines: Sequence[tuple[str, Text, str]]
    look: PaperLook = field(default_factory=PaperLook)


@dataclass(frozen=True)
class Printing:
    """Declares how the records that are ticked in a list are printed.

    With a `report`, which must say which record a row `opens`, they are its rows; without one each is a document on
    pages of its own, with `signatures` to sign under it. `step` names the transition that marks a record as printed;
    one that leaves the state as it is marks each printing, so that they can be counted.
    `document` says what stands on the paper of one record, where that is more than its fields; it may refuse.
    """

    report: Report | None = None
    step: str = ""
    signatures: Sequence[Text] = ()
    document: "Callable[[Any], Paper] | None" = None


def check_printing(view: "CrudView") -> None:
    """Raise ConfigurationError for a declaration that could print nothing."""
    printing = view.printing
    if printing is None:
        return
    if printing.report is not None and (printing.report.model is not view.model or not printing.report.opens):
        raise ConfigurationError(f"{view.resource}: the rows of {printing.report.name} do not open its records")
    step = marking_step(view)
    if printing.step and (step is None or step.automatic or step.arguments):
        raise ConfigurationError(f"{view.resource}: '{printing.step}' is no step that marks a record without asking")


def marking_step(view: "CrudView") -> Transition | None:
    """Return the transition that marks a record as printed; None where nothing is marked."""
    if view.printing is None or view.workflow is None:
        return None
    return view.workflow.transitions.get(view.printing.step)


def is_marked_by(step: Transition | None, record: Any) -> bool:
    """Tell whether printing a record marks it: one that is printed once more was marked before."""
    return step is not None and (step.target is None or record.state is not step.target)


def counts_printings(view: "CrudView", step: Transition) -> bool:
    """Tell whether this button counts a printing: then it gives the paper, lest one be counted that nobody has."""
    return step.target is None and step is marking_step(view)


def offers_paper(view: "CrudView", actor: User) -> bool:
    """Tell whether a record's page has a link to its paper: no button of the workflow counts or marks it first."""
    return view.printing is not None and marking_step(view) is None and printing_verb(view, actor) is not None


def printing_verb(view: "CrudView", actor: User) -> str | None:
    """Return the right by which the actor prints: paper leaves the system as a file does. None: he has neither."""
    return next((verb for verb in ("print", "export") if may(actor, verb, view.resource)), None)


def require_printing(view: "CrudView", actor: User) -> str:
    """Return the same. Raises NotAllowed for whoever has no such right."""
    verb = printing_verb(view, actor)
    if verb is None:
        raise NotAllowed("report.export", _("You may not take this report out of the system."))
    return verb
