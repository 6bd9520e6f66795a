"""The front desk's tests run in a sales office of their own."""

from tests.addons.reception.fixtures import office, office_database, refused, world

database = office_database("reception")

__all__ = ["database", "office", "refused", "world"]
