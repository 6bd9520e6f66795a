"""States and transitions."""

from app.workflow.arguments import LongText, MaxLength
from app.workflow.definition import Workflow
from app.workflow.engine import Outcome
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

__all__ = ["LongText", "MaxLength", "Outcome", "Refusal", "Transition", "Workflow"]
