"""`flask backup`: writing, listing, checking and restoring backups of the whole installation."""

from pathlib import Path

import click
from flask.cli import AppGroup

import config
from app.addon_loader.archive import BackupContents
from app.backups import find_backup, list_files
from app.cli.telling import tell
from app.errors import ConfigurationError
from app.release import check_backup, create_backup, restore_backup

backup = AppGroup("backup", help="Write, list, check and restore backups of the whole installation.")


@backup.command("create")
def create_command() -> None:
    """Write a backup of every row and every stored file into backups/ of the data folder."""
    path, contents = tell(create_backup)
    click.echo(f"Written: {path}")
    _describe(contents)


@backup.command("list")
def list_command() -> None:
    """List the backups, newest first."""
    for path in list_files(_folder()):
        click.echo(f"{path.name}  {path.stat().st_size:>15,} bytes")


@backup.command("verify")
@click.argument("file", required=False)
def verify_command(file: str | None) -> None:
    """Read FILE through, a name or a path, or else every backup; exit code 1 if any is damaged."""
    paths = [_find(file)] if file else list_files(_folder())
    damaged = 0
    for path in paths:
        try:
            contents = check_backup(path)
        except ConfigurationError as error:
            damaged += 1
            click.echo(str(error), err=True)
        else:
            click.echo(f"{path.name}: whole; {contents.rows:,} rows, {len(contents.files):,} files")
    if damaged:
        raise click.ClickException(f"{damaged} of {len(paths)} backups are damaged")


@backup.command("restore")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore_command(file: str, *, yes: bool) -> None:
    """Fill the empty database of the settings from FILE, a name or a path, and put the stored files back."""
    path = _find(file)
    contents = tell(check_backup, path)
    _describe(contents)
    if not yes:
        click.confirm("Restore this into the empty database of the settings?", abort=True)
    tell(restore_backup, path)
    click.echo(f"Restored: every table has as many rows as the backup, {contents.rows:,} in all, with equal checksums.")


def _describe(contents: BackupContents) -> None:
    versions = ", ".join(f"{owner} {version}" for owner, version in contents.versions.items())
    click.echo(f"Made at {contents.made_at} on {contents.database} by {versions}")
    click.echo(f"{contents.rows:,} rows in {len(contents.tables):,} tables, {len(contents.files):,} files")


def _find(file: str) -> Path:
    path = Path(file)
    return path if path.is_file() else tell(find_backup, _folder(), file)


def _folder() -> Path:
    return Path(config.settings()["DATA_FOLDER"])
