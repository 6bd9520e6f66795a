"""What other add-ons may use."""

from addons.orders.choices import BusinessType, OrderForm, OrderState, PaymentMethod, ReservationState
from addons.orders.events import (
    DepositPaid,
    GoodsReturned,
    OrderAudited,
    OrderCancelled,
    OrderConfirmed,
    OrderReleased,
    OrderReopened,
    PriceListApproved,
    ReservationEnded,
    ReservationSigned,
)
from addons.orders.queries import Amounts, find_order, find_reservation, line_amounts, order_payment, price_on, total_of
from addons.orders.services import contract_reservation, create_order, create_reservation, follow_deposit

__all__ = [
    "Amounts",
    "BusinessType",
    "DepositPaid",
    "GoodsReturned",
    "OrderAudited",
    "OrderCancelled",
    "OrderConfirmed",
    "OrderForm",
    "OrderReleased",
    "OrderReopened",
    "OrderState",
    "PaymentMethod",
    "PriceListApproved",
    "ReservationEnded",
    "ReservationSigned",
    "ReservationState",
    "contract_reservation",
    "create_order",
    "create_reservation",
    "find_order",
    "find_reservation",
    "follow_deposit",
    "line_amounts",
    "order_payment",
    "price_on",
    "total_of",
]
