"""Papers of an order among its related documents: those that no link names, or none yet."""

from collections.abc import Collection

from addons.orders.models import InvoiceRequest, OrderChange, ReturnOrder
from addons.orders.queries.documents import ORDER
from app.sdk.database import select, session
from app.sdk.documents import DocumentRef, ref_of

MODELS = (InvoiceRequest, OrderChange, ReturnOrder)
Paper = InvoiceRequest | OrderChange | ReturnOrder


def papers_below(ref_ids: Collection[int]) -> list[Paper]:
    """Return the papers of orders, given the ids of registry entries."""
    orders = select(DocumentRef.record_id).where(DocumentRef.id.in_(ref_ids), DocumentRef.resource == ORDER)
    return [one for model in MODELS for one in session.scalars(select(model).where(model.order_id.in_(orders)))]


def orders_above(paper: Paper) -> list[DocumentRef]:
    """Return the registry entry of a paper's order."""
    return [ref_of(paper.order, ORDER)]
