"""What an operation works on: the settings, the add-ons that there are, and the database as its owner."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Engine

import config
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import Manifests
from app.addon_loader.migrations import Migrator
from app.errors import ConfigurationError
from app.factory import database_url

Progress = Callable[[int, int, str], None]


@dataclass
class Site:
    """One installation. `progress(done, total, message)` is told how far an operation is."""

    settings: dict[str, Any]
    overrides: dict[str, Any]
    manifests: Manifests
    engine: Engine
    progress: Progress

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.settings["DATA_FOLDER"])

    @property
    def migrator(self) -> Migrator:
        """What migrates this database."""
        return Migrator(self.engine, self.manifests, app_role=app_role(self.settings))

    def require_owner(self) -> None:
        """Raise ConfigurationError on PostgreSQL without an owner: the policies would hide rows from an archive."""
        if self.engine.dialect.name == "postgresql" and not self.settings["DATABASE_OWNER_URL"]:
            raise ConfigurationError(
                "DATABASE_OWNER_URL: name the owner of the tables; only he reaches the rows of every company"
            )


@contextmanager
def site(progress: Progress | None = None, **overrides: Any) -> Iterator[Site]:
    """Look at the installation that the settings name."""
    settings = config.settings(**overrides)
    engine = owner_engine(settings)
    try:
        yield Site(settings, overrides, find_addons(settings["ADDONS_PATH"]), engine, progress or _say_nothing)
    finally:
        engine.dispose()


def owner_engine(settings: dict[str, Any]) -> Engine:
    """Return an engine with the owner's credentials, or with the application's own where it is the owner."""
    return sa.create_engine(settings["DATABASE_OWNER_URL"] or database_url(settings), hide_parameters=True)


def app_role(settings: dict[str, Any]) -> str | None:
    """Return the database role that the application logs in as, where it is not the owner."""
    return urlsplit(settings["DATABASE_URL"]).username if settings["DATABASE_OWNER_URL"] else None


def _say_nothing(_done: int, _total: int, _message: str) -> None:
    """Nobody asked."""
