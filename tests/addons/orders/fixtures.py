"""Fixtures of the tests of orders; each conftest has a database of its own name."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.addons.orders.office import Office, make_office
from tests.addons.orders.reviewing import put_under_chain
from tests.offices import office_database, place_to_work, refusing, world


def sales_database(name: str) -> Any:
    """Return the fixture `database` with the sales office in it."""
    return office_database(name, make_office, "reception", "payments", "orders")


office = place_to_work("office", Office)
refused = refusing("office")

__all__ = ["office", "refused", "reviewed", "sales_database", "world"]


@pytest.fixture
def reviewed(world: SimpleNamespace) -> Iterator[Office]:
    """The office with the chain of discounts in force, which is committed so that it is known; the rest is not."""
    from app.database.session import as_company, commit, rollback

    with world.app.app_context(), as_company(world.one):
        office = Office(world)
        put_under_chain(office)
        commit()
        yield office
        rollback()
