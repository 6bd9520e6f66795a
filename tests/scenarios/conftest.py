"""The stories are played in the sales office of the front desk's tests."""

from tests.addons.reception.fixtures import world
from tests.addons.reception.office import make_office
from tests.offices import office_database

database = office_database("scenarios", make_office, "reception", "payments")

__all__ = ["database", "world"]
