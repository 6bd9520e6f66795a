"""The lives of the documents of orders, one per file, and what guards their steps."""

from addons.orders.workflow.orders import ORDER_WORKFLOW
from addons.orders.workflow.price_lists import PRICE_LIST_WORKFLOW
from addons.orders.workflow.reservations import RESERVATION_WORKFLOW
from addons.orders.workflow.work import CHANGE_WORKFLOW, REQUEST_WORKFLOW

__all__ = ["CHANGE_WORKFLOW", "ORDER_WORKFLOW", "PRICE_LIST_WORKFLOW", "REQUEST_WORKFLOW", "RESERVATION_WORKFLOW"]
