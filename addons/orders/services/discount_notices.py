"""Who is told of what happens to a discount request."""

import datetime as dt
from collections.abc import Iterable

from addons.orders.models import DiscountRequest
from addons.orders.parameters import DISCOUNT_DECIDER
from app.sdk.i18n import LazyString, _
from app.sdk.models import Employee
from app.sdk.notices import NoticeKind, notify
from app.sdk.organisation import local_day
from app.sdk.security import employees_holding

DECIDE = NoticeKind("orders.discount_decision", _("Discounts that I have to decide"), icon="clipboard-check")
PROGRESS = NoticeKind("orders.discount_progress", _("What becomes of discounts"), icon="tag")
KINDS = (DECIDE, PROGRESS)


def tell_decider(request: DiscountRequest, text: LazyString, *, now: dt.datetime) -> None:
    """Tell who decides, the general manager unless the company says otherwise, that a discount waits for him."""
    role = DISCOUNT_DECIDER.value(request.doc_date)
    _tell(employees_holding(role, on=local_day(now)), DECIDE, text, request, now)


def tell_supervisor(request: DiscountRequest, text: LazyString, *, now: dt.datetime) -> None:
    """Tell whoever asked for a discount what became of it."""
    _tell([request.owner] if request.owner else [], PROGRESS, text, request, now)


def tell_salesperson(request: DiscountRequest, text: LazyString, *, now: dt.datetime) -> None:
    """Tell the salesperson of the reservation."""
    owner = request.reservation.owner
    _tell([owner] if owner else [], PROGRESS, text, request, now)


def _tell(
    people: Iterable[Employee], kind: NoticeKind, text: LazyString, request: DiscountRequest, now: dt.datetime
) -> None:
    users = {one.user_id for one in people if one.user_id is not None}
    if users:
        notify(sorted(users), kind=kind, text=text, about=request, now=now)
