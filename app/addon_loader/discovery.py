"""Where add-ons come from: addons/, the folders of ADDONS_PATH, and installed packages."""

import importlib
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

from app.addon_loader.manifest import Manifest, read_manifests

OWN_FOLDER = Path(__file__).parents[2] / "addons"
ENTRY_POINTS = "zhanggui.addons"


def find_addons(more_folders: Iterable[str]) -> dict[str, Manifest]:
    """Return the manifests of all add-ons, dependencies first; raises ConfigurationError."""
    folders = [OWN_FOLDER, *(Path(folder).resolve() for folder in more_folders), *_packaged()]
    folders = list(dict.fromkeys(folders))
    manifests = read_manifests(folders)
    package = importlib.import_module("addons")
    for folder in folders:  # Every add-on is importable as addons.<name>, wherever it lies.
        if str(folder) not in package.__path__:
            package.__path__.append(str(folder))
    return manifests


def _packaged() -> list[Path]:
    """Return the folders of add-ons in installed packages; the entry point names the package."""
    found = []
    for point in entry_points(group=ENTRY_POINTS):
        module = importlib.import_module(point.module)
        found += [Path(folder).resolve() for folder in module.__path__]
    return found
