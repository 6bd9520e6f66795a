"""The life of a price list."""

import datetime as dt

from addons.orders.choices import PriceListState
from addons.orders.models import PriceList
from addons.orders.parameters import PRICE_APPROVAL
from addons.orders.workflow.guards import is_not_own
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import Refusal, Transition, Workflow


def is_somebody_elses(price_list: PriceList, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse the author, where the company has prices approved by somebody else (S:CAT-03)."""
    return is_not_own(price_list, actor=actor) if PRICE_APPROVAL.value(today) else None


PRICE_LIST_WORKFLOW = Workflow(
    PriceList,
    Transition(
        "approve",
        PriceListState.DRAFT,
        PriceListState.APPROVED,
        _("Approve"),
        guard=is_somebody_elses,
        icon="check",
        tone="primary",
    ),
    Transition("end", PriceListState.APPROVED, None, _("End"), icon="calendar", tone="quiet"),
    Transition(
        "withdraw",
        (PriceListState.DRAFT, PriceListState.APPROVED),
        PriceListState.WITHDRAWN,
        _("Withdraw"),
        icon="x",
        tone="danger",
    ),
    main_path=(PriceListState.DRAFT, PriceListState.APPROVED),
)
