"""The front desk's tests run in a sales office of their own."""

from tests.addons.reception.fixtures import office, refused, world
from tests.addons.reception.office import make_office
from tests.offices import office_database

database = office_database("reception", make_office, "reception", "payments")

__all__ = ["database", "office", "refused", "world"]
