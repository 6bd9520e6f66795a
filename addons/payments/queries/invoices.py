"""Reads of the register of invoices."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement

from addons.payments.choices import InvoiceState
from addons.payments.models import Invoice, Period, Receivable
from addons.payments.queries.amounts import ZERO
from app.sdk.database import and_, func, or_, select, session
from app.sdk.documents import DocumentRef


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
