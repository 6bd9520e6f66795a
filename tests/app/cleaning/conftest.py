"""Data cleaning is tested with orders, which have lines, a workflow and personal data."""

import pytest

from tests.databases import Database


<<<<<<< HEAD
@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with the shop in it, to be copied."""
    worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_cleaning"
    kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
    made = kind(tmp_path_factory.mktemp(f"cleaning_{request.param}"), worker, ADDONS_PATH)
    made.build(make_shop, addons=["visits", "bonus", "market"])
    yield made
    made.drop()
=======
@pytest.fixture(scope="session")
def database(shop_database: Database) -> Database:
    """One kind of database with the shop in it."""
    return shop_database
>>>>>>> suite
