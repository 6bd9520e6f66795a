"""Tables of orders, one noun per file."""

from addons.orders.models.agreed_deal import AgreedDeal
from addons.orders.models.change_line import ChangeLine
from addons.orders.models.customer_terms import CustomerTerms
from addons.orders.models.discount_line import DiscountLine
from addons.orders.models.discount_request import DiscountRequest
from addons.orders.models.discount_review import DiscountReview
from addons.orders.models.dispatch_rule import DispatchRule
from addons.orders.models.guarantee import Guarantee
from addons.orders.models.invoice_request import InvoiceRequest
from addons.orders.models.line import Line
from addons.orders.models.order import Order
from addons.orders.models.order_change import OrderChange
from addons.orders.models.order_check import OrderCheck
from addons.orders.models.order_line import OrderLine
from addons.orders.models.order_paper import OrderPaper
from addons.orders.models.price_line import PriceLine
from addons.orders.models.price_list import PriceList
from addons.orders.models.progress_note import ProgressNote
from addons.orders.models.quotation import Quotation
from addons.orders.models.quotation_line import QuotationLine
from addons.orders.models.quotation_version import QuotationVersion
from addons.orders.models.required_paper import RequiredPaper
from addons.orders.models.reservation import Reservation
from addons.orders.models.reservation_line import ReservationLine
from addons.orders.models.reservation_version import ReservationVersion
from addons.orders.models.return_line import ReturnLine
from addons.orders.models.return_order import ReturnOrder
from addons.orders.models.sale_record import SaleRecord
from addons.orders.models.shortage import Shortage
from addons.orders.models.work_request import WorkRequest

__all__ = [
    "AgreedDeal",
    "ChangeLine",
    "CustomerTerms",
    "DiscountLine",
    "DiscountRequest",
    "DiscountReview",
    "DispatchRule",
    "Guarantee",
    "InvoiceRequest",
    "Line",
    "Order",
    "OrderChange",
    "OrderCheck",
    "OrderLine",
    "OrderPaper",
    "PriceLine",
    "PriceList",
    "ProgressNote",
    "Quotation",
    "QuotationLine",
    "QuotationVersion",
    "RequiredPaper",
    "Reservation",
    "ReservationLine",
    "ReservationVersion",
    "ReturnLine",
    "ReturnOrder",
    "SaleRecord",
    "Shortage",
    "WorkRequest",
]
