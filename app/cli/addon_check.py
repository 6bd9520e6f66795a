"""`flask addon check`: everything that can be said of an add-on before anybody installs it."""

import tempfile
from collections.abc import Iterator
from typing import Any

from alembic.util import CommandError
from flask import Flask

import config
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import versions_folder
from app.errors import ConfigurationError
from app.release import release
from app.release.site import site
from app.web.translation_commands import missing_translations


def find_problems(name: str | None = None) -> Iterator[str]:
    """Yield what is wrong with one add-on, or with any, in words that name the file and say what to do.

    The loader's own checks, the migrations from nothing to the models and back, and the translations; on a database
    of its own that is thrown away.
    """
    try:
        manifests = find_addons(config.settings()["ADDONS_PATH"])
        if name is not None and name not in manifests:
            yield f"no add-on {name!r}; there are {', '.join(manifests)}"
            return
        names = list(manifests) if name is None else [name]
        for one in names:
            if not list(versions_folder(one, manifests).glob("*.py")):
                yield f"{manifests[one].path}: no migration: flask db revision {one} -m 'first tables' --id {one}_0001"
                return
        with tempfile.TemporaryDirectory() as folder:
            overrides: dict[str, Any] = {
                "DATA_FOLDER": folder,
                "DATABASE_URL": "",
                "DATABASE_OWNER_URL": "",
                "REDIS_URL": "",
            }
            app = release(names, **overrides)
            yield from _migration_problems(names, overrides)
            yield from _missing_translations(app, names)
    except ConfigurationError as error:
        yield str(error)


def _migration_problems(names: list[str], overrides: dict[str, Any]) -> Iterator[str]:
    with site(**overrides) as here:
        for name in names:
            folder = versions_folder(name, here.manifests)
            try:
                here.migrator.check(name)
            except CommandError as error:
                yield f"{folder}: models and migrations differ: {error}"
        for name in reversed([one for one in here.manifests if one in names]):
            try:
                here.migrator.downgrade(name, "base")
            except Exception as error:  # noqa: BLE001  # Whatever a migration raises is its author's to read.
                yield f"{versions_folder(name, here.manifests)}: downgrade: {error}"


def _missing_translations(app: Flask, names: list[str]) -> Iterator[str]:
    with app.app_context():
        for owner, language, text in missing_translations():
            if owner in names:
                yield f"addons/{owner}/translations/{language}: {text!r} is not translated: flask translations collect"
