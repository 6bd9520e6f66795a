"""What was paid for documents and is still due, as parts of statements (S:PAY-04)."""

from decimal import Decimal
from typing import Any

from sqlalchemy import literal, or_, type_coerce

from addons.payments.api import Allocation, Receipt, Receivable, ReceivableState
from app.sdk.documents import DocumentRef
from app.sdk.models import Money
from app.sdk.reports import func, select

NOTHING = literal(Decimal(0), Money)  # A bare 0 would make the sum a plain number of fen.
SEPARATOR = "、"


def is_about(*records: tuple[str, Any]) -> Any:
    """Return the condition that a registry entry is one of these: (resource, column with the record's id)."""
    return or_(
        *((DocumentRef.resource == resource) & (DocumentRef.record_id == column) for resource, column in records)
    )


def paid_for(outer: Any, *records: tuple[str, Any]) -> Any:
    """Return what was paid for these records of a row of `outer`."""
    return _sum(Receivable.settled, outer, records)


def due_for(outer: Any, *records: tuple[str, Any]) -> Any:
    """Return what is still due for them."""
    return _sum(type_coerce(Receivable.amount - Receivable.settled - Receivable.waived, Money), outer, records)


def receipts_of(outer: Any, *records: tuple[str, Any]) -> Any:
    """Return the numbers of the receipts that paid for them."""
    used = (
        select(Allocation.receipt_id)
        .join(Receivable, Receivable.id == Allocation.receivable_id)
        .join(DocumentRef, DocumentRef.id == Receivable.source_id)
        .where(is_about(*records))
        .correlate(outer)
    )
    return (
        select(func.aggregate_strings(Receipt.number, SEPARATOR))
        .where(Receipt.id.in_(used))
        .correlate(outer)
        .scalar_subquery()
    )


def _sum(amount: Any, outer: Any, records: tuple[tuple[str, Any], ...]) -> Any:
    found = (
        select(func.sum(amount))
        .join(DocumentRef, DocumentRef.id == Receivable.source_id)
        .where(is_about(*records), Receivable.state != ReceivableState.DRAFT)
        .correlate(outer)
        .scalar_subquery()
    )
    return type_coerce(func.coalesce(found, NOTHING), Money)
