"""The tests of payments run at a till of their own."""

from tests.addons.payments.till import Till, make_till
from tests.offices import office_database, place_to_work, refusing, world

database = office_database("payments", make_till, "reception", "payments")
till = place_to_work("till", Till)
refused = refusing("till")

__all__ = ["database", "refused", "till", "world"]
