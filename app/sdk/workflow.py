"""States and transitions."""

from app.approvals.chains import has_active_chain
from app.approvals.opinions import Opinion, list_opinions
from app.workflow.arguments import Amount, LongText, MaxLength, Places, TextParts
from app.workflow.clocks import Clock, Deadline, Span
from app.workflow.definition import Workflow
from app.workflow.engine import Outcome
from app.workflow.locks import Locks
from app.workflow.models import TransitionLog
from app.workflow.refusal import Refusal
from app.workflow.todo import MOST_TODOS, Todo, TodoList
from app.workflow.transition import Transition

__all__ = [
    "MOST_TODOS",
    "Amount",
    "Clock",
    "Deadline",
    "Locks",
    "LongText",
    "MaxLength",
    "Opinion",
    "Outcome",
    "Places",
    "Refusal",
    "Span",
    "TextParts",
    "Todo",
    "TodoList",
    "Transition",
    "TransitionLog",
    "Workflow",
    "has_active_chain",
    "list_opinions",
]
