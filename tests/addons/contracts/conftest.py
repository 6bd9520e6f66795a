"""The tests of contracts work in an office of their own."""

from tests.addons.contracts.office import Office, make_office
from tests.offices import office_database, place_to_work, refusing, world

database = office_database("contracts", make_office, "payments", "contracts")
office = place_to_work("office", Office)
refused = refusing("office")

__all__ = ["database", "office", "refused", "world"]
