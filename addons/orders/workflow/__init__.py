"""The lives of the documents of orders, one per file, and what guards their steps."""

from addons.orders.workflow.discounts import DISCOUNT_WORKFLOW, decides
from addons.orders.workflow.invoice_requests import INVOICE_REQUEST_WORKFLOW
from addons.orders.workflow.orders import ORDER_WORKFLOW
from addons.orders.workflow.price_lists import PRICE_LIST_WORKFLOW
from addons.orders.workflow.quotations import QUOTATION_WORKFLOW
from addons.orders.workflow.reservations import RESERVATION_WORKFLOW
from addons.orders.workflow.returns import RETURN_WORKFLOW
from addons.orders.workflow.work import CHANGE_WORKFLOW, REQUEST_WORKFLOW, SHORTAGE_WORKFLOW

__all__ = [
    "CHANGE_WORKFLOW",
    "DISCOUNT_WORKFLOW",
    "INVOICE_REQUEST_WORKFLOW",
    "ORDER_WORKFLOW",
    "PRICE_LIST_WORKFLOW",
    "QUOTATION_WORKFLOW",
    "REQUEST_WORKFLOW",
    "RESERVATION_WORKFLOW",
    "RETURN_WORKFLOW",
    "SHORTAGE_WORKFLOW",
    "decides",
]
