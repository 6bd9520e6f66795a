"""Generated screens of orders; REST has the same."""

from addons.orders.views.invoice_requests import REQUESTS_OF_ORDER, WHY_REQUEST, InvoiceRequestView
from addons.orders.views.orders import CREDIT, ORDER_PAYMENT, TABS, WHY_ORDER, OrderView
from addons.orders.views.price_lists import PriceListView
from addons.orders.views.reservations import RESERVATION_PAYMENT, VERSIONS, WHY_RESERVATION, ReservationView
from addons.orders.views.returns import RETURNS_OF_ORDER, WHY_RETURN, ReturnView
from addons.orders.views.todos import TODO_LISTS
from addons.orders.views.work import (
    AgreedDealView,
    CustomerTermsView,
    DispatchRuleView,
    GuaranteeView,
    OrderChangeView,
    SaleRecordView,
    WorkRequestView,
)

__all__ = [
    "CREDIT",
    "ORDER_PAYMENT",
    "REQUESTS_OF_ORDER",
    "RESERVATION_PAYMENT",
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
    "DispatchRuleView",
    "GuaranteeView",
    "InvoiceRequestView",
    "OrderChangeView",
    "OrderView",
    "PriceListView",
    "ReservationView",
    "ReturnView",
    "SaleRecordView",
    "WorkRequestView",
]
