"""Reads __manifest__.py files as data; nothing in an add-on runs before its manifest is right."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, get_origin

from app.errors import ConfigurationError
from app.security.gate import PLATFORM as PLATFORM_ROOMS

PLATFORM_VERSION = "1.0.0"
# A positive list: a table nobody claims (its add-on's files are gone) must not look like ours.
PLATFORM_PREFIXES = (
    "ab", "agreements", "announcements", "approvals", "audit", "backups", "changes", "channels", "cleaning",
    "companies", "crud", "documents", "events", "feedback", "issues", "jobs", "masterdata", "notices", "online",
    "packs", "parameters", "search", "security", "statistics", "workflow",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_REQUIREMENT = re.compile(r"(>=|<=|==|<|>)\s*(\d+(?:\.\d+){0,2})")
# Taken by the platform: its rooms, whose screens no company can switch off, its tables and its addresses.
RESERVED = PLATFORM_ROOMS | set(PLATFORM_PREFIXES) | {
    "account", "addons", "agreement", "api", "app", "apps", "assets", "attachments", "back", "board", "colleagues",
    "company", "company-roles", "core", "groups", "home", "invitation", "lang", "list-files", "login", "logout",
    "maintenance", "palette", "permissions", "permissionviews", "platform", "report-fault", "resetmypassword",
    "resetpassword", "roles", "sdk", "share", "static", "swagger", "todo", "userinfoeditview", "users", "viewing",
    "viewmenus",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an add-on says about itself."""

    name: str
    title: str
    version: str
    depends: list[str]
    summary: str = ""
    category: str = ""
    icon: str = "package"
    optional_depends: list[str] = field(default_factory=list)
    requires_app: str = ""
    auto_enable: bool = False
    demo: list[str] = field(default_factory=list)
    path: Path


def read_manifests(folders: Iterable[Path]) -> dict[str, Manifest]:
    """Return every add-on found, dependencies first.

    Raises ConfigurationError naming file and key for anything wrong: an unknown key, a wrong type, two
    add-ons of one name, an unknown dependency, a cycle.
    """
    found: dict[str, Manifest] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ConfigurationError(f"ADDONS_PATH: no folder {folder}")
        for file in sorted(folder.glob("*/__manifest__.py")):
            manifest = read_manifest(file)
            if manifest.name in found:
                raise ConfigurationError(f"{file}: name: {manifest.name!r} is also in {found[manifest.name].path}")
            found[manifest.name] = manifest
    for manifest in found.values():
        _check_dependencies(manifest, found)
    return _in_order(found)


def closure(manifests: Mapping[str, Manifest], name: str) -> list[str]:
    """Return all add-ons that this one needs, nearest last."""
    found: dict[str, None] = {}
    for needed in manifests[name].depends:
        found.update(dict.fromkeys([*closure(manifests, needed), needed]))
    return list(found)


def read_manifest(file: Path) -> Manifest:
    """Return one manifest; raises ConfigurationError naming file and key."""
    data = _read_literal(file)
    _check_keys(file, data)
    if data["name"] != file.parent.name:
        raise ConfigurationError(f"{file}: name: must equal the folder, {file.parent.name!r}")
    if not _NAME.fullmatch(data["name"]):
        raise ConfigurationError(f"{file}: name: lower-case letters, digits and _ only")
    if data["name"] in RESERVED:
        raise ConfigurationError(f"{file}: name: {data['name']!r} is the platform's own; choose another")
    if not data["title"].strip():
        raise ConfigurationError(f"{file}: title: must not be empty")
    if not _VERSION.fullmatch(data["version"]):
        raise ConfigurationError(f"{file}: version: three numbers such as 1.0.0, not {data['version']!r}")
    _check_platform(file, data.get("requires_app", ""))
    for module in data.get("demo", ()):
        if not (file.parent / f"{module}.py").is_file():
            raise ConfigurationError(f"{file}: demo: there is no {module}.py")
    return Manifest(**data, path=file.parent)


def _read_literal(file: Path) -> dict[str, Any]:
    """Return the file's one dict; nothing in it is executed."""
    try:
        literal = ast.parse(file.read_text(encoding="utf-8"), mode="eval").body
        data = ast.literal_eval(literal)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ConfigurationError(f"{file}: not a dict literal") from error
    if not isinstance(literal, ast.Dict):
        raise ConfigurationError(f"{file}: not a dict literal")
    keys = [ast.literal_eval(key) for key in literal.keys if key is not None]
    if doubles := [key for key in data if keys.count(key) > 1]:
        raise ConfigurationError(f"{file}: {doubles[0]}: written twice")
    found: dict[str, Any] = data
    return found


def _check_keys(file: Path, data: dict[str, Any]) -> None:
    known = {item.name: item for item in fields(Manifest) if item.name != "path"}
    if unknown := sorted(set(data) - set(known), key=str):
        raise ConfigurationError(f"{file}: {unknown[0]}: unknown key; known are {', '.join(known)}")
    for name, item in known.items():
        if name not in data:
            if item.default is MISSING and item.default_factory is MISSING:
                raise ConfigurationError(f"{file}: {name}: missing")
            continue
        kind: Any = get_origin(item.type) or item.type
        if type(data[name]) is not kind:
            raise ConfigurationError(f"{file}: {name}: must be {kind.__name__}")
        if kind is list and not all(isinstance(entry, str) for entry in data[name]):
            raise ConfigurationError(f"{file}: {name}: must be a list of str")


def _check_platform(file: Path, requirement: str) -> None:
    parts = [part.strip() for part in requirement.split(",") if part.strip()]
    for part in parts:
        match = _REQUIREMENT.fullmatch(part)
        if match is None:
            raise ConfigurationError(f"{file}: requires_app: cannot read {part!r}; write '>=1.0,<2.0'")
        sign, wanted = match.groups()
        have, want = numbers(PLATFORM_VERSION), numbers(wanted)
        kept = {">=": have >= want, "<=": have <= want, "==": have == want, "<": have < want, ">": have > want}
        if not kept[sign]:
            raise ConfigurationError(f"{file}: requires_app: needs {requirement}, this is {PLATFORM_VERSION}")


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared."""
    parts = [int(part) for part in version.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def _check_dependencies(manifest: Manifest, found: Mapping[str, Manifest]) -> None:
    for name in manifest.depends:
        if name not in found:
            raise ConfigurationError(f"{_file(manifest)}: depends: unknown add-on {name!r}")
        if name in manifest.optional_depends:
            raise ConfigurationError(f"{_file(manifest)}: optional_depends: {name!r} is in depends too")


def _in_order(found: dict[str, Manifest]) -> dict[str, Manifest]:
    graph = {
        name: [*manifest.depends, *(other for other in manifest.optional_depends if other in found)]
        for name, manifest in found.items()
    }
    try:
        return {name: found[name] for name in TopologicalSorter(graph).static_order()}
    except CycleError as error:
        cycle = error.args[1]
        raise ConfigurationError(f"{_file(found[cycle[0]])}: depends: cycle {' -> '.join(cycle)}") from error


def _file(manifest: Manifest) -> Path:
    return manifest.path / "__manifest__.py"
