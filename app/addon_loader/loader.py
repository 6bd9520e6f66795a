"""Two-phase loading: first every model and what each add-on records, then one pass that applies it."""

import importlib
from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import configure_mappers

from app.addon_loader.contributions import AddonSetup
from app.addon_loader.manifest import Manifest
from app.errors import ConfigurationError


def load(manifests: Iterable[Manifest]) -> list[AddonSetup]:
    """Import all models first, because views look at models; then let each add-on record."""
    manifests = list(manifests)
    names = {manifest.name for manifest in manifests}
    for manifest in manifests:
        _import(manifest, "models")
    configure_mappers()
    setups = []
    for manifest in manifests:
        setup = AddonSetup(manifest)
        _import(manifest, "addon").setup(setup)
        for other in manifest.optional_depends:
            if other in names:
                _import(manifest, f"bridges.{other}").setup(setup)
        setups.append(setup)
    check(setups)
    return setups


def check(setups: list[AddonSetup]) -> None:
    """Raise ConfigurationError for a double name, or an extension of a view that nobody has."""
    _refuse_doubles("table", [model.__tablename__ for setup in setups for model in setup.models])
    _refuse_doubles("role", [role.name for setup in setups for role in setup.roles])
    _refuse_doubles("parameter", [parameter.key for setup in setups for parameter in setup.parameters])
    _refuse_doubles("report", [report.name for setup in setups for report, _ in setup.reports])
    _refuse_doubles("job", [job.name for setup in setups for job in setup.jobs])
    _refuse_doubles("menu entry", [
        f"{entry.category}/{entry.title}" for setup in setups
        for _, entry in [*setup.views, *setup.pages, *setup.reports]
    ])
    views = [f"{setup.name}.{view.__name__}" for setup in setups for view, _ in setup.views]
    _refuse_doubles("view", views)
    for setup in setups:
        for extension in setup.extensions:
            if extension.view not in views:
                raise ConfigurationError(f"{setup.name}: extends unknown view {extension.view!r}")
            if extension.view.split(".")[0] not in (*setup.manifest.depends, *setup.manifest.optional_depends):
                raise ConfigurationError(f"{setup.name}: extends {extension.view!r} without depending on its add-on")


def _refuse_doubles(kind: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ConfigurationError(f"{kind} {name!r} is contributed {count} times")


def _import(manifest: Manifest, module: str):  # type: ignore[no-untyped-def]  # A module has no useful type.
    try:
        return importlib.import_module(f"addons.{manifest.name}.{module}")
    except ModuleNotFoundError as error:
        if error.name == f"addons.{manifest.name}.{module}":
            raise ConfigurationError(f"{manifest.path}: {module}.py is missing") from error
        raise
