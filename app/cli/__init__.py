"""flask commands: `flask release`, `flask demo`, and those of addon, backup, company, user, db and translations."""

import os
import sys

import click
from flask import Flask
from flask_babel import Babel

from app import demo, factory
from app.cli.addon_commands import addon
from app.cli.audit_commands import audit
from app.cli.backup_commands import backup
from app.cli.database_commands import database
from app.cli.maintenance_commands import maintenance_worker
from app.cli.pack_commands import pack
from app.cli.telling import tell
from app.jobs import watch_code
from app.release import release
from app.release.maintenance import start_maintenance
from app.web import login_commands  # noqa: F401  # They join those of `flask user`.
from app.web.company_commands import company, user
from app.web.translation_commands import translations

# Commands that build the application themselves: for a database that is not yet, or for add-ons that are not installed.
BUILDERS = {
    ("addon", "archives"),
    ("addon", "check"),
    ("addon", "install"),
    ("addon", "restore"),
    ("addon", "uninstall"),
    ("backup",),
    ("db", "copy"),
    ("db", "revision"),
    ("demo",),
    ("maintenance-worker",),
    ("release",),
}

_ANEW = 3  # The exit code that Werkzeug's reloader takes as a wish to be started again.


def create_app() -> Flask:
    """Return the application with its commands: what FLASK_APP names.

    A command that brings the database up to the code must not be refused because it is not.
    """
    commands = (
        release_command, demo_command, maintenance_worker, addon, audit, backup, company, user, database, pack,
        translations,
    )  # fmt: skip
    words = sys.argv[1:]
    start = next((place for place, word in enumerate(words) if word in {one.name for one in commands}), len(words))
    is_builder = BUILDERS & {tuple(words[start : start + 1]), tuple(words[start : start + 2])}
    app = _bare() if is_builder else tell(factory.create_app)
    if os.environ.get("WERKZEUG_RUN_MAIN") == "true":  # The development server, below its reloader.
        watch_code(app, lambda: os._exit(_ANEW))
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            start_maintenance(app.config)
    for command in commands:
        app.cli.add_command(command)
    return app


def _bare() -> Flask:
    """Return an application that can say what stops a command, and no more."""
    app = Flask("app")
    Babel(app)
    return app


@click.command("release")
def release_command() -> None:
    """Upgrade the database and the permissions to this code."""
    tell(release)
    click.echo("The database is up to date.")


@click.command("demo")
def demo_command() -> None:
    """Make the two demonstration companies, unless they are there, and print who can log in."""
    app = tell(release, [name for one in demo.COMPANIES for name in one.addons])
    demo.make_demo(app)
    click.echo(f"\n  {'user':12} {'password':16} who")
    for person in demo.PEOPLE:
        companies = ", ".join(dict.fromkeys(company for company, _role, _scope in person.roles))
        click.echo(f"  {person.username:12} {demo.PASSWORD:16} {person.name} {person.title} ({companies})")
    click.echo("")
