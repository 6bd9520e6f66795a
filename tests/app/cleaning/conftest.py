"""Data cleaning is tested with orders, which have lines, a workflow and personal data."""

import pytest

from tests.databases import Database


@pytest.fixture(scope="session")
def database(shop_database: Database) -> Database:
    """One kind of database with the shop in it."""
    return shop_database
