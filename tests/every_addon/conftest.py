"""The product with every add-on there is, and a database to install one of them in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.addon_loader.contributions import AddonSetup
from tests.architecture.source import ROOT
from tests.conftest import ADDONS_PATH
from tests.databases import Database
from tests.empty_database import empty_database

SHIPPED = sorted(path.parent.name for path in (ROOT / "addons").glob("*/__manifest__.py"))
DUMMIES = sorted(path.parent.name for path in Path(ADDONS_PATH[0]).glob("*/__manifest__.py"))
EVERY = [*SHIPPED, *DUMMIES]


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The product with all its add-ons; its database is empty, since declarations need none."""
    from app.factory import create_app

    folder = str(tmp_path_factory.mktemp("product"))
    return create_app(
        EVERY,
        DATA_FOLDER=folder,
        ADDONS_PATH=ADDONS_PATH,
        DEFAULT_LANGUAGE="en",
        TESTING=True,
        SECRET_KEY="test" * 10,
        PERSONAL_DATA_KEY="test" * 10,
        DATABASE_URL="",
        DATABASE_OWNER_URL="",
        REDIS_URL="",
    )


@pytest.fixture(params=EVERY)
def addon(request: pytest.FixtureRequest, product: Flask) -> AddonSetup:
    """Each add-on in turn: what it contributes."""
    setups: list[AddonSetup] = product.extensions["setups"]
    return next(setup for setup in setups if setup.name == request.param)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    with empty_database(request.param, tmp_path, ADDONS_PATH) as made:
        yield made
