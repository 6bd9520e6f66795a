"""The tests of orders run in a sales office of their own."""

from tests.addons.orders.fixtures import office, refused, reviewed, sales_database, world

database = sales_database("orders")

__all__ = ["database", "office", "refused", "reviewed", "world"]
