"""Generated screens of orders; REST has the same."""

from addons.orders.views.invoice_requests import REQUESTS_OF_ORDER, WHY_REQUEST, InvoiceRequestView
from addons.orders.views.orders import ORDER_PAYMENT, WHY_ORDER, OrderView
from addons.orders.views.price_lists import PriceListView
from addons.orders.views.reservations import RESERVATION_PAYMENT, VERSIONS, WHY_RESERVATION, ReservationView
from addons.orders.views.returns import RETURNS_OF_ORDER, WHY_RETURN, ReturnView

__all__ = [
    "ORDER_PAYMENT",
    "REQUESTS_OF_ORDER",
    "RESERVATION_PAYMENT",
    "RETURNS_OF_ORDER",
    "VERSIONS",
    "WHY_ORDER",
    "WHY_REQUEST",
    "WHY_RESERVATION",
    "WHY_RETURN",
    "InvoiceRequestView",
    "OrderView",
    "PriceListView",
    "ReservationView",
    "ReturnView",
]
