"""Two-phase loading: first every model and what each add-on records, then one pass that applies it."""

import importlib
from collections.abc import Iterable
from types import ModuleType

from sqlalchemy.orm import configure_mappers

from app.addon_loader.checks import check
from app.addon_loader.contributions import AddonSetup
from app.addon_loader.manifest import Manifest
from app.errors import ConfigurationError


def load(manifests: Iterable[Manifest]) -> list[AddonSetup]:
    """Import all models first, because views look at models; then let each add-on record.

    Raises ConfigurationError for a module that is missing and a contribution that is wrong.
    """
    manifests = list(manifests)
    names = {manifest.name for manifest in manifests}
    for manifest in manifests:
        _import(manifest, "models")
    configure_mappers()
    setups = []
    for manifest in manifests:
        setup = AddonSetup(manifest)
        _record(_import(manifest, "addon"), setup)
        for other in manifest.optional_depends:
            if other in names:
                _record(_import(manifest, f"bridges.{other}"), setup)
        setups.append(setup)
    check(setups)
    return setups


def _record(module: ModuleType, setup: AddonSetup) -> None:
    if not callable(getattr(module, "setup", None)):
        raise ConfigurationError(f"{module.__file__}: setup(addon) is missing")
    module.setup(setup)


def _import(manifest: Manifest, module: str) -> ModuleType:
    try:
        return importlib.import_module(f"addons.{manifest.name}.{module}")
    except ModuleNotFoundError as error:
        if f"addons.{manifest.name}.{module}.".startswith(f"{error.name}."):
            raise ConfigurationError(f"{manifest.path}: {module.replace('.', '/')}.py is missing") from error
        raise
