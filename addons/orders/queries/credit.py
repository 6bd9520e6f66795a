"""Credit of a customer, and what is paid before an order goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from addons.orders.models import CustomerTerms, Guarantee, Order
from addons.orders.parameters import PREPAYMENT
from addons.orders.queries.amounts import FEN, ZERO, plain, words
from addons.orders.queries.documents import asked_for
from addons.orders.queries.returns import worth_of_refunded
from addons.payments.api import list_open
from app.sdk.database import func, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _


@dataclass(frozen=True)
class Credit:
    """How an order stands to its customer's credit, in yuan; `limit` is None for a customer without one."""

    limit: Decimal | None
    open: Decimal
    new: Decimal
    secured: Decimal

    @property
    def short(self) -> Decimal:
        """What the credit lacks for the order: so much has to be secured by guarantees (S:ORD-04)."""
        return ZERO if self.limit is None else max(ZERO, self.open + self.new - self.limit)

    @property
    def is_enough(self) -> bool:
        """Tell whether the limit and the guarantees carry the order."""
        return self.secured >= self.short


def terms_of(partner_id: int, *, lock: bool = False) -> CustomerTerms | None:
    """Return a customer's own terms; locked, nobody else's order of his is weighed meanwhile."""
    statement = select(CustomerTerms).where(CustomerTerms.partner_id == partner_id)
    return session.scalar(statement.with_for_update(of=CustomerTerms) if lock else statement)


def carries(order: Order) -> bool:
    """Tell whether the customer's credit carries an order; his terms stay locked meanwhile (S:ORD-04)."""
    terms = terms_of(order.partner_id, lock=True)
    return terms is None or terms.credit_limit is None or credit_of(order, terms).is_enough


def credit_of(order: Order, terms: CustomerTerms | None) -> Credit:
    """Return how an order stands to its customer's credit, of which his terms tell (S:ORD-04)."""
    still = sum((one.open_amount for one in list_open(order.partner_id)), ZERO)
    secured = session.scalar(select(func.sum(Guarantee.amount)).where(Guarantee.order_id == order.id)) or ZERO
    new = max(ZERO, order.gross - worth_of_refunded(order) - asked_for(order))
    return Credit(limit=terms.credit_limit if terms else None, open=still, new=new, secured=secured)


def needed_beforehand(order: Order) -> Decimal:
    """Return what is paid before the finance audit: a minimum, so rounded up to the fen (S:PAY-03)."""
    percent = prepayment_of(order, terms_of(order.partner_id))
    return (order.gross * percent / 100).quantize(FEN, ROUND_CEILING)


def prepayment_of(order: Order, terms: CustomerTerms | None) -> Decimal:
    """Return the part of an order that is paid beforehand, in per cent: the customer's own, else the company's."""
    own = terms.prepayment if terms else None
    return PREPAYMENT.value(order.doc_date) if own is None else own


def explain_credit(order_id: int) -> Sequence[tuple[Text, Text]]:
    """Return how the credit of an order is reckoned, and what is paid beforehand."""
    order = session.get_one(Order, order_id)
    terms = terms_of(order.partner_id)
    credit, percent = credit_of(order, terms), prepayment_of(order, terms)
    steps: list[tuple[Text, Text]] = []
    if credit.limit is None:
        steps.append((_("Credit limit"), _("None")))
    else:
        steps += [
            (_("Credit limit"), words(credit.limit)),
            (_("Open receivables"), words(credit.open)),
            (_("Not yet asked for of this order"), words(credit.new)),
            (_("To be secured"), words(credit.short)),
            (_("Secured by guarantees"), words(credit.secured)),
        ]
    if percent:
        steps.append((_("Paid beforehand"), f"{plain(percent)} % × {words(order.gross)} = {_needed(order)}"))
    return steps


def _needed(order: Order) -> str:
    return words(needed_beforehand(order))
