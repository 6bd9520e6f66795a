"""Functions that need the internet are tested with orders, which tell the customer when they are sent."""

import pytest

from tests.databases import Database


@pytest.fixture(scope="session")
def database(shop_database: Database) -> Database:
    """One kind of database with the shop in it."""
    return shop_database
