"""Money among the related documents of a deal: what was asked, paid, paid back and invoiced for each of them."""

from collections.abc import Collection, Sequence

from addons.payments.models import Allocation, Invoice, Receipt, Receivable, Refund
from app.sdk.database import or_, select, session
from app.sdk.documents import DocumentRef

MODELS = (Receivable, Receipt, Refund, Invoice)
Money = Receivable | Receipt | Refund | Invoice


def money_below(ref_ids: Collection[int]) -> list[Money]:
    """Return the money of documents, given the ids of their registry entries."""
    asked = select(Receivable.id).where(Receivable.source_id.in_(ref_ids))
    used = select(Allocation.receipt_id).where(Allocation.receivable_id.in_(asked))
    paid = select(Receipt.id).where(or_(Receipt.receivable_id.in_(asked), Receipt.id.in_(used)))
    return [
        *session.scalars(select(Receivable).where(Receivable.id.in_(asked))),
        *session.scalars(select(Receipt).where(Receipt.id.in_(paid))),
        *session.scalars(select(Refund).where(Refund.receipt_id.in_(paid))),
        *session.scalars(select(Invoice).where(Invoice.receivable_id.in_(asked))),
    ]


def documents_above(record: Money) -> Sequence[DocumentRef]:
    """Return the registry entries of the documents for which this money was asked or used."""
    if isinstance(record, Refund):
        record = record.receipt
    if isinstance(record, Invoice):
        record = record.receivable
    if isinstance(record, Receivable):
        return [record.source] if record.source is not None else []
    used = select(Allocation.receivable_id).where(Allocation.receipt_id == record.id)
    meant = or_(Receivable.id == record.receivable_id, Receivable.id.in_(used))
    sources = select(Receivable.source_id).where(meant)
    return session.scalars(select(DocumentRef).where(DocumentRef.id.in_(sources)).order_by(DocumentRef.id)).all()
