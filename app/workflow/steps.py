"""The status bar: where a document stands on its main path."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from flask_babel import LazyString

if TYPE_CHECKING:
    from app.workflow.definition import Workflow


@dataclass(frozen=True)
class Step:
    """One state of the status bar."""

    state: StrEnum
    label: LazyString
    status: Literal["done", "now", "todo"]


def steps(workflow: "Workflow[Any]", document: Any) -> list[Step]:
    """Return the path of the document with what is done, where the document is, and what is to do.

    A document on a detour (a discount is asked for, an amendment) shows it before the step to which it leads.
    A document that left the path (cancelled, rejected) shows its state as the last step, and nothing of the path as
    done: the log tells how far it came.
    """
    path, state = list(workflow.main_path), document.state
    has_left = state not in path and state not in workflow.detours
    if state not in path:
        path.insert(len(path) if has_left else path.index(workflow.detours[state]), state)
    here = path.index(state)
    return [
        Step(one, workflow.state_label(one), "now" if at == here else "done" if at < here and not has_left else "todo")
        for at, one in enumerate(path)
    ]
