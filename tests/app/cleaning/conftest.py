"""Data cleaning is tested with orders, which have lines, a workflow and personal data."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.databases import Database


@pytest.fixture(scope="session")
def database(shop_database: Database) -> Database:
    """One kind of database with the shop in it."""
    return shop_database


@pytest.fixture
def root(login: Callable[..., FlaskClient], world: Any) -> FlaskClient:
    """The administrator in company one."""
    return login("root", world.one)
