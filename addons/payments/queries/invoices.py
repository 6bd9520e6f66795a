"""Reads of the register of invoices."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, type_coerce

from addons.payments.choices import InvoiceState, ReceivableKind, ReceivableState
from addons.payments.models import Invoice, Period, Receivable
from addons.payments.parameters import DEPOSIT_DOCUMENT
from addons.payments.queries.amounts import ZERO
from app.sdk.database import and_, func, or_, select, session
from app.sdk.documents import DocumentRef
from app.sdk.models import Money, User
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS

_PAID = (ReceivableState.OPEN, ReceivableState.SETTLED)
_SEARCHED = 500  # Deposits, the newest, among which those to invoice are looked for.


def find_invoice(number: str, *, besides: int | None) -> Invoice | None:
    """Return another invoice of this number, void ones too (P:PAY-03)."""
    statement = select(Invoice).where(Invoice.number == number)
    return session.scalar(statement if besides is None else statement.where(Invoice.id != besides))


def invoiced_of(receivable: Receivable, *, besides: int | None) -> Decimal:
    """Return how much other invoices of a receivable come to."""
    statement = select(func.sum(Invoice.amount)).where(Invoice.receivable_id == receivable.id, _counts())
    return session.scalar(statement if besides is None else statement.where(Invoice.id != besides)) or ZERO


def left_of(invoice: Invoice, *, besides: int | None = None) -> Decimal:
    """Return how much of an invoice no other red letter takes back, be it a draft."""
    statement = select(func.sum(Invoice.amount)).where(
        Invoice.original_id == invoice.id, Invoice.state != InvoiceState.VOID
    )
    taken = session.scalar(statement if besides is None else statement.where(Invoice.id != besides))
    return invoice.amount + (taken or ZERO)


def list_deposits_to_invoice(*, actor: User) -> list[Receivable]:
    """Return the deposits of which more was paid than invoiced, where an invoice is their proof (P:PAY-03).

    Whether it is, the day of the receivable says. The newest come first: the company may have decided it lately.
    """
    invoiced = select(func.coalesce(func.sum(Invoice.amount), 0)).where(
        Invoice.receivable_id == Receivable.id, _counts()
    )
    statement = (
        select(Receivable)
        .where(Receivable.kind == ReceivableKind.DEPOSIT, Receivable.state.in_(_PAID))
        .where(Receivable.settled > type_coerce(invoiced.correlate(Receivable).scalar_subquery(), Money))
        .order_by(Receivable.doc_date.desc(), Receivable.id.desc())
        .limit(_SEARCHED)
    )
    within = visible(Receivable, actor)
    found = session.scalars(statement if within is None else statement.where(within))
    return [one for one in found if DEPOSIT_DOCUMENT.value(one.doc_date) == "invoice"][:MOST_TODOS]


def invoiced_for(sources: Sequence[DocumentRef]) -> Decimal:
    """Return how much the invoices for these documents come to (P:PAY-04)."""
    statement = (
        select(func.sum(Invoice.amount))
        .join(Receivable, Receivable.id == Invoice.receivable_id)
        .where(Receivable.source_id.in_([one.id for one in sources]), _counts())
    )
    return session.scalar(statement) or ZERO


def _counts() -> ColumnElement[bool]:
    """Return the condition of what counts: no void ones, and red letters from their audit on."""
    is_audited = Invoice.state == InvoiceState.AUDITED
    return or_(is_audited, and_(Invoice.state == InvoiceState.DRAFT, Invoice.original_id.is_(None)))


def count_draft_invoices(period: Period) -> int:
    """Return how many invoices of a month are drafts, of the period's legal entity (S:PAY-05)."""
    first = dt.date.fromisoformat(f"{period.month}-01")
    after = (first + dt.timedelta(days=32)).replace(day=1)
    entity = Receivable.legal_entity_id
    statement = (
        select(func.count(Invoice.id))
        .join(Receivable, Receivable.id == Invoice.receivable_id)
        .where(Invoice.state == InvoiceState.DRAFT, Invoice.issued_on >= first, Invoice.issued_on < after)
        .where(entity.is_(None) if period.legal_entity_id is None else entity == period.legal_entity_id)
    )
    return session.scalar(statement) or 0
