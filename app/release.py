"""Bringing a database up to this code: tables, second wall, append-only log, permissions. Once per release."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

import config
from app.addon_loader import registration
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import PLATFORM, installed
from app.addon_loader.manifest import closure
from app.addon_loader.migrations import Migrator
from app.audit import protect_audit
from app.database.base import Model
from app.database.session import db
from app.database.statistics import refine_statistics
from app.errors import ConfigurationError
from app.factory import create_app
from app.security.sync import sync_security


def release(names: Iterable[str] = (), **overrides: Any) -> Flask:
    """Install the named add-ons with all they need, upgrade everything, and return an app of the result.

    Raises ConfigurationError for an add-on that does not exist.
    """
    names, settings = list(names), config.settings(**overrides)
    manifests = find_addons(settings["ADDONS_PATH"])
    for name in names:
        if name not in manifests:
            raise ConfigurationError(f"no add-on {name!r}; there are {', '.join(manifests)}")
    needed = {one for name in names for one in [*closure(manifests, name), name]}
    engine = owner_engine(settings)
    if engine is not None:
        needed |= set(installed(engine, manifests))
    app = create_app([name for name in manifests if name in needed], **overrides)
    with app.app_context():
        engine = engine or db.engine
        migrator = Migrator(engine, manifests, app_role=app_role(settings))
        for owner in [PLATFORM, *(name for name in manifests if name in needed or name in installed(engine, manifests))]:
            migrator.upgrade(owner)
        with engine.begin() as connection:
            protect_audit(connection)
            refine_statistics(connection, Model.metadata)
        if engine is not db.engine:
            engine.dispose()
        setups = [*app.extensions["setups"], *app.extensions["rooms"]]
        sync_security([role for setup in setups for role in setup.roles], registration.menus(setups))
    return app


def owner_engine(settings: dict[str, Any]) -> Engine | None:
    """Return an engine with the owner's credentials; None where the application's own are all there is."""
    return sa.create_engine(settings["DATABASE_OWNER_URL"]) if settings["DATABASE_OWNER_URL"] else None


def app_role(settings: dict[str, Any]) -> str | None:
    """Return the database role that the application logs in as, where it is not the owner."""
    return urlsplit(settings["DATABASE_URL"]).username if settings["DATABASE_OWNER_URL"] else None
