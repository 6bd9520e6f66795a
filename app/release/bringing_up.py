"""Bringing a database up to this code: tables, second wall, append-only log, permissions. Once per release."""

import logging
from collections.abc import Iterable
from typing import Any

from flask import Flask

from app.addon_loader import registration
from app.addon_loader.installation import installed, revisions, without_files
from app.addon_loader.manifest import closure
from app.audit import protect_audit
from app.companies.code_version import announce_code_change
from app.database.base import Model
from app.database.statistics import refine_statistics
from app.errors import ConfigurationError
from app.factory import create_app
from app.release.lock import one_at_a_time
from app.release.site import Site, site
from app.release.versions import record_versions, refuse_older_files
from app.security.sync import sync_security

log = logging.getLogger(__name__)


def release(names: Iterable[str] = (), **overrides: Any) -> Flask:
    """Install the named add-ons with all they need, upgrade everything, and return an app of the result.

    A second release waits until the first is done. Raises ConfigurationError for an add-on that does not exist.
    """
    with site(**overrides) as here:
        wanted = list(names)
        for name in wanted:
            if name not in here.manifests:
                raise ConfigurationError(f"no add-on {name!r}; there are {', '.join(here.manifests)}")
        with one_at_a_time(here.engine, here.settings):
            return bring_up(here, wanted)


def bring_up(here: Site, names: Iterable[str]) -> Flask:
    """Do what a release does; whoever calls it holds the lock."""
    with here.engine.connect() as connection:
        refuse_older_files(connection, here.manifests)
    for name in without_files(revisions(here.engine), here.manifests):
        log.warning("The add-on %r is installed, but its files are missing: its tables stay as they are", name)
    wanted = [*names, *installed(here.engine, here.manifests)]
    needed = {one for name in wanted for one in (*closure(here.manifests, name), name)}
    app = create_app([name for name in here.manifests if name in needed], **here.overrides)
    with app.app_context():
        here.migrator.upgrade(needed)
        with here.engine.begin() as connection:
            protect_audit(connection)
            refine_statistics(connection, Model.metadata)
        setups = [*app.extensions["setups"], *app.extensions["rooms"]]
        sync_security([role for setup in setups for role in setup.roles], registration.menus(setups))
        with here.engine.begin() as connection:
            record_versions(connection, here.manifests, needed)
            announce_code_change(connection)
    return app
