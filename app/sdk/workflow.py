"""States and transitions."""

from app.workflow.definition import Workflow
from app.workflow.engine import Outcome
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

__all__ = ["Outcome", "Refusal", "Transition", "Workflow"]
