"""What a document of another add-on took is paid back, or is not asked for any more."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from addons.payments.choices import ReceivableState
from addons.payments.models import Method
from addons.payments.queries import find_receivables_of, list_paid, local_day, words
from addons.payments.services.ledger import Act, lock
from addons.payments.services.receivables import follow_balance, waive
from addons.payments.services.using import make_refund
from app.sdk.documents import DocumentRef
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.models import User


def pay_back(
    sources: Sequence[DocumentRef], amount: Decimal, *, method: Method, reason: str, actor: User, now: dt.datetime
) -> None:
    """Refund what was paid for these documents, the latest receipt first; their add-on has checked that its actor may.

    `amount` in yuan. Raises ValidationError above what was paid (S:PAY-06, R4).
    """
    lock(*(one for receipt, receivable, _paid in list_paid(sources) for one in (receipt, receivable)))
    paid = list_paid(sources)  # Read again: somebody may have taken money while this waited.
    there = sum((part for _receipt, _receivable, part in paid), start=amount * 0)
    if amount > there:
        raise ValidationError("refund.above_paid", _("At most %(limit)s was paid."), field="amount", limit=words(there))
    left, act = amount, Act(actor, local_day(now), now)
    for receipt, receivable, settled in paid:
        part = min(left, settled)
        if part > 0:
            make_refund(receipt, receivable, part, method=method, reason=reason, act=act)
            left -= part


def lower_due(sources: Sequence[DocumentRef], amount: Decimal, *, actor: User, now: dt.datetime) -> Decimal:
    """Ask for less: take up to `amount` yuan back from what is still due, what is due last first; return how much."""
    found = [one for source in sources for one in find_receivables_of(source)]
    lock(*found)
    left = amount
    for receivable in sorted(found, key=lambda one: (one.due_on, one.id), reverse=True):
        part = min(left, receivable.open_amount)
        if receivable.state is ReceivableState.OPEN and part > 0:
            waive(receivable, part, actor=actor, now=now)
            follow_balance(receivable, actor=actor)
            left -= part
    return amount - left
