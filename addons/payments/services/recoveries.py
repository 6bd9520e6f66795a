"""Lost goods money that somebody answers for (S:PAY-11)."""

from addons.payments.models import Recovery
from addons.payments.parameters import RECOVERY_RATE
from addons.payments.queries import claim_of
from addons.payments.workflow import RECOVERY_WORKFLOW
from app.sdk.models import User


@RECOVERY_WORKFLOW.transition("assess")
def assess_recovery(recovery: Recovery, *, actor: User) -> None:
    """Reckon what is claimed, at the rate of the day it happened.

    Raises ParameterUnset while the company has decided no rate: the case stays a case.
    """
    recovery.rate = RECOVERY_RATE.value(recovery.happened_on)
    recovery.claim = claim_of(recovery).amount


@RECOVERY_WORKFLOW.transition("close")
def close_recovery(recovery: Recovery, *, actor: User, reason: str) -> None:
    """Close a case, paid or given up; the log keeps how."""
