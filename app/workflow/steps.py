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
    """Return the main path with what is done, where the document is, and what is to do.

    A document that left the main path (cancelled, rejected) shows its state as the last step, and
    nothing of the path as done: the log tells how far it came.
    """
    path, state = list(workflow.main_path), document.state
    if state not in path:
        return [
            *(Step(one, workflow.state_label(one), "todo") for one in path),
            Step(state, workflow.state_label(state), "now"),
        ]
    here = path.index(state)
    return [
        Step(one, workflow.state_label(one), "done" if at < here else "now" if at == here else "todo")
        for at, one in enumerate(path)
    ]
