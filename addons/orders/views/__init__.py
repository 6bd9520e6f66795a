"""Generated screens of orders; REST has the same."""

from addons.orders.views.discounts import DISCOUNT_CLOCK, DISCOUNT_SLOTS, DISCOUNT_TODOS, DiscountRequestView
from addons.orders.views.invoice_requests import REQUESTS_OF_ORDER, WHY_REQUEST, InvoiceRequestView
from addons.orders.views.orders import COST, CREDIT, ORDER_PAYMENT, ORDER_PRICES, TABS, WHY_ORDER, OrderView
from addons.orders.views.price_lists import PriceListView
from addons.orders.views.quotations import QUOTATION_SLOTS, QuotationView
from addons.orders.views.reservations import (
    RESERVATION_PAYMENT,
    RESERVATION_PRICES,
    VERSIONS,
    WHY_RESERVATION,
    ReservationView,
)
from addons.orders.views.returns import RETURNS_OF_ORDER, WHY_RETURN, ReturnView
from addons.orders.views.todos import TODO_LISTS
from addons.orders.views.work import (
    AgreedDealView,
    CustomerTermsView,
    DispatchRuleView,
    GuaranteeView,
    OrderChangeView,
    RequiredPaperView,
    SaleRecordView,
    ShortageView,
    WorkRequestView,
)

__all__ = [
    "COST",
    "CREDIT",
    "DISCOUNT_CLOCK",
    "DISCOUNT_SLOTS",
    "DISCOUNT_TODOS",
    "ORDER_PAYMENT",
    "ORDER_PRICES",
    "QUOTATION_SLOTS",
    "REQUESTS_OF_ORDER",
    "RESERVATION_PAYMENT",
    "RESERVATION_PRICES",
    "RETURNS_OF_ORDER",
    "TABS",
    "TODO_LISTS",
    "VERSIONS",
    "WHY_ORDER",
    "WHY_REQUEST",
    "WHY_RESERVATION",
    "WHY_RETURN",
    "AgreedDealView",
    "CustomerTermsView",
    "DiscountRequestView",
    "DispatchRuleView",
    "GuaranteeView",
    "InvoiceRequestView",
    "OrderChangeView",
    "OrderView",
    "PriceListView",
    "QuotationView",
    "RequiredPaperView",
    "ReservationView",
    "ReturnView",
    "SaleRecordView",
    "ShortageView",
    "WorkRequestView",
]
