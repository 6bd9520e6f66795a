"""The deposits of one deal: which part of each binds as Ding, and how much may still be kept (S:RE-04)."""

from decimal import Decimal

from addons.payments.choices import ReceivableKind, ReceivableState
from addons.payments.models import Receivable
from addons.payments.parameters import DING_CAP
from addons.payments.queries.amounts import ZERO, Worked, to_fen, words
from addons.payments.queries.ledger import forfeited_of
from app.sdk.database import select, session
from app.sdk.errors import Text
from app.sdk.i18n import _


def ding_of(receivable: Receivable) -> Worked:
    """Return the part of a deposit that binds as Ding (定金); the rest is a prepayment (S:RE-04).

    The cap is one for all deposits of a deal: what an earlier one binds is not there for a later one.
    """
    if receivable.kind is not ReceivableKind.DEPOSIT or receivable.base_amount is None:
        return Worked(ZERO)
    most = _most(receivable, receivable.base_amount)
    bound = sum((_held(one) for one in deposits_of_deal(receivable) if one.id < receivable.id), ZERO)
    ding = min(receivable.amount, max(ZERO, most - bound))
    earlier: list[tuple[Text, str]] = [(_("Earlier deposits of the deal"), words(bound))] if bound else []
    return Worked(
        ding,
        (
            (_("Total"), words(receivable.base_amount)),
            (_("Part of the total up to which a deposit binds as Ding"), f"{_cap(receivable).normalize():f} %"),
            (_("Most that binds as Ding"), words(most)),
            *earlier,
            (_("Deposit agreed"), words(receivable.amount)),
            (_("Ding"), words(ding)),
            (_("Prepayment, always refunded"), words(receivable.amount - ding)),
        ),
    )


def forfeitable_of(receivable: Receivable) -> Decimal:
    """Return how much of the deposits of a deal may still be kept: its Ding, less what was kept of it (P section 5.7).

    Whoever acts on it locks `deposits_of_deal` before.
    """
    kept = sum((forfeited_of(one) for one in deposits_of_deal(receivable)), ZERO)
    return max(ZERO, _most(receivable, receivable.base_amount or ZERO) - kept)


def deposits_of_deal(receivable: Receivable) -> list[Receivable]:
    """Return the deposits that were asked for with one, the oldest first; one that was typed by hand stands alone."""
    if receivable.source_id is None:
        return [receivable]
    deposits = select(Receivable).where(
        Receivable.source_id == receivable.source_id,
        Receivable.kind == ReceivableKind.DEPOSIT,
        Receivable.state != ReceivableState.DRAFT,
    )
    return list(session.scalars(deposits.order_by(Receivable.id)))


def _cap(receivable: Receivable) -> Decimal:
    return DING_CAP.value(receivable.doc_date)


def _most(receivable: Receivable, base: Decimal) -> Decimal:
    return to_fen(base * _cap(receivable) / 100)


def _held(deposit: Receivable) -> Decimal:
    """Return what is asked, was paid or was kept of a deposit; what was withdrawn or refunded binds nobody."""
    return deposit.amount - deposit.waived + forfeited_of(deposit)
