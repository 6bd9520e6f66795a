"""Generated screens of orders; REST has the same."""

from addons.orders.views.discounts import DISCOUNT_CLOCK, DISCOUNT_SLOTS, DISCOUNT_TODOS, DiscountRequestView
from addons.orders.views.orders import ORDER_PAYMENT, ORDER_PRICES, WHY_ORDER, OrderView
from addons.orders.views.price_lists import PriceListView
from addons.orders.views.quotations import QUOTATION_SLOTS, QuotationView
from addons.orders.views.reservations import (
    RESERVATION_PAYMENT,
    RESERVATION_PRICES,
    VERSIONS,
    WHY_RESERVATION,
    ReservationView,
)

__all__ = [
    "DISCOUNT_CLOCK",
    "DISCOUNT_SLOTS",
    "DISCOUNT_TODOS",
    "ORDER_PAYMENT",
    "ORDER_PRICES",
    "QUOTATION_SLOTS",
    "RESERVATION_PAYMENT",
    "RESERVATION_PRICES",
    "VERSIONS",
    "WHY_ORDER",
    "WHY_RESERVATION",
    "DiscountRequestView",
    "OrderView",
    "PriceListView",
    "QuotationView",
    "ReservationView",
]
