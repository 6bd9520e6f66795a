"""Tables of orders, one noun per file."""

from addons.orders.models.discount_line import DiscountLine
from addons.orders.models.discount_request import DiscountRequest
from addons.orders.models.discount_review import DiscountReview
from addons.orders.models.line import Line
from addons.orders.models.order import Order
from addons.orders.models.order_line import OrderLine
from addons.orders.models.price_line import PriceLine
from addons.orders.models.price_list import PriceList
from addons.orders.models.quotation import Quotation
from addons.orders.models.quotation_line import QuotationLine
from addons.orders.models.quotation_version import QuotationVersion
from addons.orders.models.reservation import Reservation
from addons.orders.models.reservation_line import ReservationLine
from addons.orders.models.reservation_version import ReservationVersion

__all__ = [
    "DiscountLine",
    "DiscountRequest",
    "DiscountReview",
    "Line",
    "Order",
    "OrderLine",
    "PriceLine",
    "PriceList",
    "Quotation",
    "QuotationLine",
    "QuotationVersion",
    "Reservation",
    "ReservationLine",
    "ReservationVersion",
]
