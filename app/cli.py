"""flask commands: `flask release`, `flask demo`, and those of addon, company, user, db and translations."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click
from alembic.util import CommandError
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

import config
from app import demo, factory
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import PLATFORM, installed, revisions, without_files
from app.addon_loader.manifest import closure
from app.addon_loader.migrations import Migrator
from app.companies.enablement import enabled_addons, switch
from app.companies.opening import find_company
from app.database.session import commit, db
from app.errors import AppError, ConfigurationError
from app.release import app_role, owner_engine, release
from app.web.company_commands import company, user
from app.web.translation_commands import translations

addon = AppGroup("addon", help="Install add-ons, and switch them on for a company.")
database = AppGroup("db", help="Write and check migrations.")


# Commands that build the application themselves: for a database that is not yet, or for add-ons that are not installed.
BUILDERS = {("demo",), ("release",), ("addon", "install"), ("db", "revision")}


def create_app() -> Flask:
    """Return the application with its commands: what FLASK_APP names.

    A command that brings the database up to the code must not be refused because it is not.
    """
    commands = (release_command, demo_command, addon, company, user, database, translations)
    words = sys.argv[1:]
    start = next((place for place, word in enumerate(words) if word in {one.name for one in commands}), len(words))
    is_builder = BUILDERS & {tuple(words[start : start + 1]), tuple(words[start : start + 2])}
    app = Flask("app") if is_builder else _tell(factory.create_app)
    for command in commands:
        app.cli.add_command(command)
    return app


@click.command("release")
def release_command() -> None:
    """Upgrade the database and the permissions to this code."""
    _tell(release)
    click.echo("The database is up to date.")


@click.command("demo")
def demo_command() -> None:
    """Make the two demonstration companies, unless they are there, and print who can log in."""
    app = _tell(release, [name for one in demo.COMPANIES for name in one.addons])
    demo.make_demo(app)
    click.echo(f"\n  {'user':12} {'password':16} who")
    for person in demo.PEOPLE:
        companies = ", ".join(company for company, _role, _scope in person.roles)
        click.echo(f"  {person.username:12} {demo.PASSWORD:16} {person.name} {person.title} ({companies})")
    click.echo("")


@addon.command("list")
@with_appcontext
def list_addons() -> None:
    """List all add-ons, and which are installed."""
    manifests, there = current_app.extensions["manifests"], revisions(db.engine)
    for name, manifest in manifests.items():
        click.echo(f"{name:16} {manifest.version:8} {'installed' if name in there else '-':14} {manifest.summary}")
    for name in without_files(there, manifests):
        click.echo(f"{name:16} {'-':8} {'files missing':14} Bring its folder back; its data is kept.")


@addon.command("install")
@click.argument("names", nargs=-1, required=True)
def install(names: tuple[str, ...]) -> None:
    """Create the tables of add-ons, and of all that they need."""
    _tell(release, names)
    click.echo(f"Installed: {', '.join(names)}. Restart the web processes and workers to load them.")


@addon.command("enable")
@click.argument("name")
@click.option("--company", "code", required=True, help="The code of the company.")
@with_appcontext
def enable(name: str, code: str) -> None:
    """Switch an add-on on for a company, with all that it needs."""
    _switch(name, code, on=True)


@addon.command("disable")
@click.argument("name")
@click.option("--company", "code", required=True, help="The code of the company.")
@with_appcontext
def disable(name: str, code: str) -> None:
    """Switch an add-on off for a company. Nothing is deleted."""
    _switch(name, code, on=False)


@database.command("revision")
@click.argument("owner")
@click.option("--message", "-m", required=True)
@click.option("--id", "revision_id", required=True, help="Such as platform_0002.")
def revision(owner: str, message: str, revision_id: str) -> None:
    """Write the migration that brings an owner's tables to its models; an add-on need not be installed yet."""
    settings = config.settings()
    manifests = find_addons(settings["ADDONS_PATH"])
    if owner not in (PLATFORM, *manifests):
        raise click.ClickException(f"No add-on {owner!r}; there are {', '.join(manifests)}.")
    needed = {*installed(owner_engine(settings), manifests), owner}
    needed |= {one for name in needed & set(manifests) for one in closure(manifests, name)}
    with _tell(factory.create_app, [name for name in manifests if name in needed]).app_context():
        _compare(owner, partial(_migrator().write_revision, owner, message, revision_id))


@database.command("check")
@with_appcontext
def check() -> None:
    """Fail unless the models of the platform and of every installed add-on equal their migrations."""
    migrator = _migrator()
    for owner in (PLATFORM, *installed(db.engine, current_app.extensions["manifests"])):
        _compare(owner, partial(migrator.check, owner))
        click.echo(f"{owner}: models and migrations are equal")


def _compare(owner: str, call: Callable[[], None]) -> None:
    """Compare models and tables, and say in one line what Alembic finds."""
    if PLATFORM not in revisions(db.engine):
        raise click.ClickException("The database is empty: run `flask release` first")
    try:
        call()
    except CommandError as error:
        raise click.ClickException(f"{owner}: {error}") from error


def _migrator() -> Migrator:
    settings = config.settings()
    return Migrator(owner_engine(settings), current_app.extensions["manifests"], app_role=app_role(settings))


def _switch(name: str, code: str, *, on: bool) -> None:
    manifests = current_app.extensions["manifests"]
    company = find_company(code)
    there = installed(db.engine, manifests)
    if company is None or name not in there:
        sys.exit(f"No company {code!r}." if company is None else f"No installed add-on {name!r}.")
    try:
        switch(name, company.id, on=on, depends={one: closure(manifests, one) for one in there})
    except AppError as error:
        sys.exit(str(error))
    commit()
    click.echo(f"{company.name}: {', '.join(sorted(enabled_addons(company.id)))}")


def _tell(call: Callable[..., Flask], *arguments: Any) -> Flask:
    """Build an application, and say in one line what stops it."""
    try:
        return call(*arguments)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
