"""`flask translations collect | check | compile`: the catalogues of the platform and of every add-on.

English is written in the code; a catalogue holds one other language. Besides what is marked in code and templates, the
labels that are made from column names, closed sets and manifests are collected, and Flask-AppBuilder's own words.
"""

import enum
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import flask_appbuilder
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import Enum

from app.database.base import Model
from app.i18n import humanize
from app.parameters.parameter import Parameter
from app.parameters.platform_values import PLATFORM_PARAMETERS
from app.security.roles import subject_of

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh",)
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}

translations = AppGroup("translations", help="Collect, check and compile the translations.")


@translations.command("collect")
def collect() -> None:
    """Bring every catalogue up to date with the code; new texts come in without a translation."""
    for owner, messages in found_messages().items():
        for language in LANGUAGES:
            path = catalogue_path(owner, language)
            catalogue = read_catalogue(path, language)
            template = Catalog(locale=language)
            for message in sorted(messages):
                template.add(message)
            catalogue.update(template, no_fuzzy_matching=True)
            if messages:
                write_catalogue(path, catalogue)
            missing = len(list(untranslated(catalogue)))
            click.echo(f"{_shown(path)}: {len(messages)} texts, {missing} to translate")


@translations.command("check")
def check() -> None:
    """List every text without a translation, and fail if there is one."""
    missing = list(missing_translations())
    for owner, language, text in missing:
        click.echo(f"{owner} ({language}): {text!r}")
    if missing:
        raise click.ClickException(f"{len(missing)} texts are not translated")
    click.echo("Everything is translated.")


@translations.command("compile")
def compile_all() -> None:
    """Compile the catalogues for use, those of add-ons in other folders too (ADDONS_PATH)."""
    folders = [ROOT / "addons", *(Path(one) for one in current_app.config["ADDONS_PATH"])]
    others = (path for folder in folders for path in folder.glob("*/translations/**/*.po"))
    for path in [*ROOT.glob("app/translations/**/*.po"), *others]:
        compile_catalogue(path)
        click.echo(f"{_shown(path)} compiled")


def compile_catalogue(path: Path) -> None:
    """Write the form of a catalogue that is read at run time beside it."""
    with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source))


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def missing_translations() -> Iterator[tuple[str, str, str]]:
    """Yield (owner, language, text) of every text that the code uses and a catalogue lacks."""
    for owner, messages in found_messages().items():
        for language in LANGUAGES:
            catalogue = read_catalogue(catalogue_path(owner, language), language)
            for text in sorted(messages):
                message = catalogue.get(text)
                if message is None or not message.string or message.fuzzy:
                    yield owner, language, text


def found_messages() -> dict[str, set[str]]:
    """Return the texts of the platform ("app") and of each add-on here.

    What the platform says is not repeated, but for what an add-on's catalogue says in other words: they hold on its own
    screens.
    """
    with force_locale("en"):  # A lazy text is then its own English, which is what a catalogue lists.
        return _found_messages()


def _found_messages() -> dict[str, set[str]]:
    platform = {*_extracted(ROOT / "app"), *_fab_messages(), *_generated(_platform_tables())}
    platform.update(_choice_names(PLATFORM_PARAMETERS))
    for room in current_app.extensions["rooms"]:
        platform.update(_manifest_texts(room))
    found = {"app": platform}
    for setup in current_app.extensions["setups"]:
        folder = Path(setup.manifest.path)
        if folder.parent == ROOT / "addons" or (folder / "translations").is_dir():
            texts = {*_extracted(folder), *_generated(_addon_tables(setup)), *_manifest_texts(setup)}
            found[setup.name] = texts - (platform - _own_words(setup.name))
    return found


def _own_words(owner: str) -> set[str]:
    """Return the texts that an add-on translates as the platform does too, and otherwise."""
    found: set[str] = set()
    for language in LANGUAGES:
        shared = read_catalogue(catalogue_path("app", language), language)
        for message in read_catalogue(catalogue_path(owner, language), language):
            said = shared.get(message.id) if message.id else None
            if said is not None and said.string and message.string and message.string != said.string:
                found.add(str(message.id))
    return found


def catalogue_path(owner: str, language: str) -> Path:
    """Return where the catalogue of an owner, "app" or an add-on, is kept."""
    folders = {setup.name: Path(setup.manifest.path) for setup in current_app.extensions["setups"]}
    return folders.get(owner, ROOT / "app") / "translations" / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    """Return a catalogue; an empty one where there is no file yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in the order of its texts, without places in the code: so that changes are easy to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy = False  # A catalogue whose header is fuzzy is not compiled at all.
    with path.open("wb") as target:
        write_po(target, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=0)


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages without a translation."""
    return (message for message in catalogue if message.id and (not message.string or message.fuzzy))


def _extracted(folder: Path, methods: list[tuple[str, str]] | None = None) -> set[str]:
    rows = extract_from_dir(str(folder), methods or METHODS, OPTIONS, KEYWORDS)
    texts = (row[2][0] if isinstance(row[2], tuple) else row[2] for row in rows)
    return {text for text in texts if text}


def _fab_messages() -> set[str]:
    """Return what Flask-AppBuilder says from Python; its templates are replaced by ours."""
    return _extracted(Path(flask_appbuilder.__file__).parent, [("**.py", "python")])


def _generated(models: Iterable[Any]) -> Iterator[str]:
    """Yield the labels made from the names of columns, relationships, properties and members of closed sets."""
    for mapper in models:
        names = [*mapper.columns.keys(), *mapper.relationships.keys(), *_properties(mapper.class_)]
        yield from (humanize(name) for name in names)
        yield humanize(mapper.class_.__name__)
        for column in mapper.columns:
            if isinstance(column.type, Enum) and isinstance(column.type.enum_class, enum.EnumType):
                yield from (humanize(str(member.value)) for member in column.type.enum_class)


def _properties(model: type[Any]) -> list[str]:
    return [name for name, value in vars(model).items() if isinstance(value, property) and not name.startswith("_")]


def _platform_tables() -> list[Any]:
    return [mapper for mapper in Model.registry.mappers if mapper.class_.__module__.startswith("app.")]


def _addon_tables(setup: Any) -> list[Any]:
    return [mapper for mapper in Model.registry.mappers if mapper.class_.__module__.startswith(f"addons.{setup.name}.")]


def _manifest_texts(setup: Any) -> Iterator[str]:
    manifest = setup.manifest
    yield from (text for text in (manifest.title, manifest.summary, manifest.category) if text)
    for _what, entry in [*setup.views, *setup.pages, *setup.reports]:
        yield from (part for part in (entry.category, entry.title) if part)
    yield from (str(role.title) for role in setup.roles)
    for report, _entry in setup.reports:
        yield from (str(one.label) for one in [*report.columns, *report.filters])
    yield from _choice_names(setup.parameters)
    yield from _declared_names(setup)


def _choice_names(parameters: Iterable[Parameter[Any]]) -> Iterator[str]:
    """Yield the words made of the choices of policy values; what depends on the company has words of its own."""
    for parameter in parameters:
        if not callable(parameter.choices):
            yield from map(humanize, parameter.choices or ())


def _declared_names(setup: Any) -> Iterator[str]:
    """Yield the labels made from the names of report columns, of what transitions ask for, and of rights."""
    for report, _entry in setup.reports:
        yield from (humanize(column.name) for column in report.columns if str(column.label) == humanize(column.name))
    for workflow in setup.workflows:
        for name, transition in workflow.transitions.items():
            yield from (humanize(word) for word in (name, *transition.arguments))
    for one in setup.subscriptions:  # The exceptions inbox names what failed.
        yield from (humanize(one.event.__qualname__), humanize(one.handler.__name__.removeprefix("on_")))
    yield from (humanize(verb) for role in setup.roles for verbs in role.grants.values() for verb in verbs)
    yield from (subject_of(resource) for role in setup.roles for resource in role.grants)
