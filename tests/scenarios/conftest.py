"""The stories are played in the sales office of the front desk's tests."""

from tests.addons.reception.fixtures import office_database, world

database = office_database("scenarios")

__all__ = ["database", "world"]
