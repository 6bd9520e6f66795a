"""`flask db`: writing and checking migrations, and copying a whole database."""

from collections.abc import Callable
from functools import partial

import click
from alembic.util import CommandError
from flask import current_app
from flask.cli import AppGroup, with_appcontext

import config
from app import factory
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import PLATFORM, installed, revisions
from app.addon_loader.manifest import closure
from app.addon_loader.migrations import Migrator
from app.cli.telling import tell
from app.database.session import db
from app.release import app_role, copy_database, owner_engine

database = AppGroup("db", help="Write and check migrations, and copy a whole database.")


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
    with tell(factory.create_app, [name for name in manifests if name in needed]).app_context():
        _compare(owner, partial(_migrator().write_revision, owner, message, revision_id))


@database.command("check")
@with_appcontext
def check() -> None:
    """Fail unless the models of the platform and of every installed add-on equal their migrations."""
    migrator = _migrator()
    for owner in (PLATFORM, *installed(db.engine, current_app.extensions["manifests"])):
        _compare(owner, partial(migrator.check, owner))
        click.echo(f"{owner}: models and migrations are equal")


@database.command("copy")
@click.option("--from", "source", required=True, help="The address of the database to read.")
@click.option("--to", "target", required=True, help="The address of an empty one, as the owner of its tables to be.")
@click.option("--app-role", help="PostgreSQL: the role that web processes will log in as, if not that of --to.")
def copy(source: str, target: str, app_role: str | None) -> None:
    """Copy a whole database, SQLite to PostgreSQL or back, and prove that both hold the same rows.

    Stop the web processes and workers before. Stored files stay where they are, in the data folder.
    """
    found = tell(copy_database, source, target, app_role=app_role, progress=_say)
    rows = sum(one.rows for one in found.values())
    click.echo(f"Copied: {rows:,} rows in {len(found):,} tables, with equal numbers and checksums.")
    click.echo("Set the addresses of the new database, then run `flask release`.")


def _say(_done: int, _total: int, table: str) -> None:
    click.echo(f"  {table}")


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
