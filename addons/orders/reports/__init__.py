"""Reports of orders."""

from addons.orders.reports.costs import SHIPPED_GOODS
from addons.orders.reports.discounts import DISCOUNT_LOG
from addons.orders.reports.execution import ON_TIME, ORDER_EXECUTION, PROCESSING_TIME
from addons.orders.reports.orders import SALES_ORDERS
from addons.orders.reports.quotations import QUOTATION_LOG
from addons.orders.reports.reservations import RESERVATION_LEDGER

__all__ = [
    "DISCOUNT_LOG",
    "ON_TIME",
    "ORDER_EXECUTION",
    "PROCESSING_TIME",
    "QUOTATION_LOG",
    "RESERVATION_LEDGER",
    "SALES_ORDERS",
    "SHIPPED_GOODS",
]
