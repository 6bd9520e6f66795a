"""What a customer has bought (S:REC-12)."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from addons.orders.choices import OrderState
from addons.orders.models import Order, OrderLine
from app.sdk.database import select, session
from app.sdk.masterdata import Product

BOUGHT = (
    OrderState.CONFIRMED,
    OrderState.RELEASED,
    OrderState.SHIPPED,
    OrderState.PART_DELIVERED,
    OrderState.DELIVERED,
    OrderState.CLOSED,
)


class Purchase(NamedTuple):
    """One line of an order that binds."""

    id: int  # Of the order: the row leads there.
    doc_date: dt.date
    number: str | None
    description: str | None
    model: str | None
    quantity: Decimal
    gross: Decimal


def list_purchases(partner_id: int) -> list[Purchase]:
    """Return what the partner bought, the latest first."""
    statement = (
        select(
            Order.id,
            Order.doc_date,
            Order.number,
            OrderLine.description,
            Product.style_no,
            OrderLine.quantity,
            OrderLine.gross,
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(Order.partner_id == partner_id, Order.state.in_(BOUGHT))
        .order_by(Order.doc_date.desc(), Order.id.desc(), OrderLine.position)
    )
    return [Purchase(*row) for row in session.execute(statement)]
