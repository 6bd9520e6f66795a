"""Guards that several documents share."""

from typing import Any

from app.sdk.errors import NotAllowed
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.security import is_own
from app.sdk.workflow import Refusal


def is_not_own(document: Any, *, actor: User) -> Refusal | None:
    """Refuse whoever wrote it or answers for it: nobody audits or approves his own document (R3)."""
    if not is_own(document, actor):
        return None
    return Refusal("orders.own", _("Nobody audits or approves his own document."), error=NotAllowed)
