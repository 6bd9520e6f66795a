"""Tables of orders, one noun per file."""

from addons.orders.models.invoice_request import InvoiceRequest
from addons.orders.models.line import Line
from addons.orders.models.order import Order
from addons.orders.models.order_line import OrderLine
from addons.orders.models.price_line import PriceLine
from addons.orders.models.price_list import PriceList
from addons.orders.models.reservation import Reservation
from addons.orders.models.reservation_line import ReservationLine
from addons.orders.models.reservation_version import ReservationVersion
from addons.orders.models.return_line import ReturnLine
from addons.orders.models.return_order import ReturnOrder

__all__ = [
    "InvoiceRequest",
    "Line",
    "Order",
    "OrderLine",
    "PriceLine",
    "PriceList",
    "Reservation",
    "ReservationLine",
    "ReservationVersion",
    "ReturnLine",
    "ReturnOrder",
]
