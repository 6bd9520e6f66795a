"""Data cleaning is tested with orders, which have lines, a workflow and personal data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.crud.shop import make_shop
from tests.databases import Database, PostgresDatabase, SqliteDatabase

ADDONS_PATH = [str(Path(__file__).parents[2] / "dummy_addons")]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with the shop in it, to be copied."""
    worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_cleaning"
    kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
    made = kind(tmp_path_factory.mktemp(f"cleaning_{request.param}"), worker, ADDONS_PATH)
    made.build(make_shop, addons=["visits", "bonus", "market"])
    yield made
    made.drop()
