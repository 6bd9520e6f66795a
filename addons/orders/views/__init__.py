"""Generated screens of orders; REST has the same."""

from addons.orders.views.orders import CREDIT, ORDER_PAYMENT, TABS, WHY_ORDER, OrderView
from addons.orders.views.price_lists import PriceListView
from addons.orders.views.reservations import RESERVATION_PAYMENT, VERSIONS, WHY_RESERVATION, ReservationView
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
    "RESERVATION_PAYMENT",
    "TABS",
    "TODO_LISTS",
    "VERSIONS",
    "WHY_ORDER",
    "WHY_RESERVATION",
    "AgreedDealView",
    "CustomerTermsView",
    "DispatchRuleView",
    "GuaranteeView",
    "OrderChangeView",
    "OrderView",
    "PriceListView",
    "ReservationView",
    "SaleRecordView",
    "WorkRequestView",
]
