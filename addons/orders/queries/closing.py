"""What of a month still waits for an audit when finance would close it (S:PAY-05)."""

import datetime as dt
from typing import Any

from addons.orders.choices import InvoiceRequestState, OrderState, ReturnState
from addons.orders.models import InvoiceRequest, Order, ReturnOrder
from addons.orders.parameters import TWO_AUDITS
from app.sdk.database import select, session
from app.sdk.organisation import legal_entity_of


def count_unaudited(month: str, *, legal_entity_id: int | None) -> tuple[int, int, int]:
    """Return how many orders, returns and requests for invoices of a month, '2026-03', wait for a decision."""
    first = dt.date.fromisoformat(f"{month}-01")
    waiting = [OrderState.SUBMITTED, *([OrderState.AUDITED] if TWO_AUDITS.value(first) else [])]
    asked: list[tuple[Any, list[Any]]] = [
        (Order, waiting),
        (ReturnOrder, [ReturnState.REQUESTED]),
        (InvoiceRequest, [InvoiceRequestState.REQUESTED]),
    ]
    orders, returns, requests = (_count(model, states, first, legal_entity_id) for model, states in asked)
    return orders, returns, requests


def _count(model: Any, states: list[Any], first: dt.date, legal_entity_id: int | None) -> int:
    after = (first + dt.timedelta(days=32)).replace(day=1)
    waiting = select(model).where(model.state.in_(states), model.doc_date >= first, model.doc_date < after)
    return sum(_entity_of(one) == legal_entity_id for one in session.scalars(waiting))


def _entity_of(document: Any) -> int | None:
    """Return in whose books it is; one that has no number yet is in those of its unit."""
    if document.number is not None:
        found: int | None = document.legal_entity_id
        return found
    entity = legal_entity_of(document.org_unit_id)
    return entity.id if entity else None
