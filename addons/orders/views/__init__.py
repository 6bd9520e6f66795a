"""Generated screens of orders; REST has the same."""

from addons.orders.views.orders import ORDER_PAYMENT, WHY_ORDER, OrderView
from addons.orders.views.price_lists import PriceListView
from addons.orders.views.reservations import RESERVATION_PAYMENT, VERSIONS, WHY_RESERVATION, ReservationView

__all__ = [
    "ORDER_PAYMENT",
    "RESERVATION_PAYMENT",
    "VERSIONS",
    "WHY_ORDER",
    "WHY_RESERVATION",
    "OrderView",
    "PriceListView",
    "ReservationView",
]
