"""The buttons of a document, by the rule "no silent button"."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.database.columns import utc_now
from app.errors import Text
from app.security.roles import may
from app.workflow.approval import waiting_refusal
from app.workflow.arguments import Argument
from app.workflow.checks import find_refusal
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.workflow.definition import Workflow


@dataclass(frozen=True)
class Button:
    """One transition as this actor meets it on this document.

    A greyed button says why in `reason`. A folded one stands in the "more" menu, not on the page.
    """

    transition: Transition
    refusal: Refusal | None = None
    is_folded: bool = False

    @property
    def enabled(self) -> bool:
        """Tell whether it can be pressed."""
        return self.refusal is None

    @property
    def reason(self) -> str:
        """Why it cannot be pressed, in the reader's language; empty if it can."""
        return "" if self.refusal is None else str(self.refusal)

    @property
    def link(self) -> str | None:
        """Where it can be helped."""
        return None if self.refusal is None else self.refusal.link

    @property
    def label(self) -> Text:
        """What stands on it."""
        return self.transition.label

    @property
    def online(self) -> str:
        """The function that needs the internet for it; empty for none."""
        return self.transition.online

    @property
    def fields(self) -> tuple[Argument, ...]:
        """What is asked for before it is done."""
        return tuple(self.transition.arguments.values())

    def to_dict(self) -> dict[str, Any]:
        """Return what REST answers."""
        return {
            "name": self.transition.name,
            "label": str(self.label),
            "enabled": self.enabled,
            "folded": self.is_folded,
            "code": None if self.refusal is None else self.refusal.code,
            "reason": self.reason,
            "link": self.link,
            "target": None if self.transition.target is None else self.transition.target.value,
            "confirm": str(self.transition.confirm),
            "arguments": [argument.to_dict() for argument in self.fields],
        }


def buttons(workflow: "Workflow[Any]", document: Any, actor: User, *, now: dt.datetime | None = None) -> list[Button]:
    """Return a button for every transition of the workflow, greyed ones with their reason.

    - Whoever may not see the document sees no button; automatic transitions have none.
    - What starts in the present state stands on the page: enabled, or greyed by a missing right (naming
      the roles that hold it) or by a guard. So nobody wonders where a button went.
    - The next step of the main path stands there too, greyed by the state, if the actor holds the right:
      he sees what comes after this.
    - What is quiet and leaves the state as it is, such as passing a record on, is folded away,
      and so is all else (earlier, later and side steps), so that the page is not filled with grey.
    """
    if not may(actor, "show", workflow.resource):
        return []
    now = now or utc_now()
    found = []
    for transition in workflow.transitions.values():
        if not transition.automatic:
            refusal = find_refusal(workflow, transition, document, actor=actor, now=now) or waiting_refusal(
                workflow, transition, document
            )
            found.append(Button(transition, refusal, is_folded=_is_folded(workflow, transition, document, refusal)))
    return found


def _is_folded(workflow: "Workflow[Any]", transition: Transition, document: Any, refusal: Refusal | None) -> bool:
    if document.state in transition.sources:
        return transition.target is None and transition.tone == "quiet"
    is_next = any(
        here == document.state and transition.target == after and there in transition.sources
        for here, there, after in zip(workflow.main_path, workflow.main_path[1:], workflow.main_path[2:], strict=False)
    )
    return not is_next or refusal is None or refusal.code != "workflow.state"
