"""Reports of orders."""

from addons.orders.reports.discounts import DISCOUNT_LOG

__all__ = ["DISCOUNT_LOG"]
