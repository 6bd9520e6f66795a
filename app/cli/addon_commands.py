"""`flask addon`: the life of add-ons, and switching them for a company."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

import config
from app.addon_loader.archive import list_archives
from app.addon_loader.catching_up import start_catching_up
from app.addon_loader.discovery import OWN_FOLDER
from app.addon_loader.installation import installed, revisions, without_files
from app.addon_loader.manifest import closure
from app.cli.addon_check import find_problems
from app.cli.addon_skeleton import write_addon
from app.cli.telling import tell
from app.companies.enablement import enabled_addons, switch
from app.companies.opening import find_company
from app.database.session import as_company, commit, db
from app.errors import AppError
from app.release import preview, refuse_hindered, release, restore, uninstall

addon = AppGroup("addon", help="Install, uninstall and restore add-ons, and switch them on for a company.")


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
    tell(release, names)
    click.echo(f"Installed: {', '.join(names)}. The web processes and workers start anew by themselves.")


@addon.command("new")
@click.argument("name")
@click.option("--title", default="", help="As menus show it; made from the name where it is left out.")
@click.option("--title-zh", "chinese", default="", help="The same in Chinese.")
@click.option("--noun", default="", help="The class of its first record, such as SiteVisit.")
@click.option("--folder", type=click.Path(path_type=Path), default=OWN_FOLDER, help="addons/, or one of ADDONS_PATH.")
def new_command(name: str, title: str, chinese: str, noun: str, folder: Path) -> None:
    """Write a small whole add-on to begin with: model, screens, REST, roles, workflow, report, migration."""
    written = tell(write_addon, name, title=title, chinese=chinese, noun=noun, folder=folder)
    click.echo(f"Written: {written}")
    click.echo(f"Next: make format; flask addon check {name}; flask addon install {name}")


@addon.command("check")
@click.argument("name", required=False)
def check_command(name: str | None) -> None:
    """Say what is wrong with an add-on, installed or not, or with any of them."""
    problems = list(find_problems(name))
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} problems")
    click.echo(f"{name or 'All add-ons'}: nothing to complain about")


@addon.command("uninstall")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def uninstall_command(name: str, *, yes: bool) -> None:
    """Archive the rows of an add-on, then drop its tables and all that names it."""
    impact = tell(preview, name)
    click.echo(
        f"{name}: {impact.rows} rows in {len(impact.tables)} tables; {len(impact.roles)} roles, "
        f"{impact.parameters} policy values, {len(impact.files)} files"
    )
    for table, count in {**impact.tables, **impact.traces}.items():
        click.echo(f"  {table:40} {count:>10}")
    for column, count in impact.pointers.items():
        click.echo(f"  {column:40} {count:>10} stay and forget what they belong to")
    tell(refuse_hindered, impact)
    if not yes:
        click.confirm("Archive all this and remove it?", abort=True)
    click.echo(f"Uninstalled: {name}. Its archive: {tell(uninstall, name)}")


@addon.command("archives")
@click.argument("name", required=False)
def archives_command(name: str | None) -> None:
    """List the archives of uninstalled add-ons, newest first."""
    for path, contents in list_archives(Path(config.settings()["DATA_FOLDER"]), name):
        click.echo(f"{path.name}  {contents.addon} {contents.version} ({contents.revision}), {contents.rows} rows")


@addon.command("restore")
@click.argument("name")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(name: str, file: Path | None) -> None:
    """Put an add-on back from its newest archive, or from FILE."""
    left_out = tell(restore, name, file)
    for table, count in left_out.items():
        click.echo(f"Left out: {count} rows of {table}, which belong to what was deleted meanwhile.")
    click.echo(f"Restored: {name}. Switch it on where it was on.")


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


def _switch(name: str, code: str, *, on: bool) -> None:
    manifests = current_app.extensions["manifests"]
    company = find_company(code)
    there = installed(db.engine, manifests)
    if company is None or name not in there:
        sys.exit(f"No company {code!r}." if company is None else f"No installed add-on {name!r}.")
    try:
        changed = switch(name, company.id, on=on, depends={one: closure(manifests, one) for one in there})
        with as_company(company.id):
            if on:
                start_catching_up(current_app.extensions["setups"], changed, actor=None)
    except AppError as error:
        sys.exit(str(error))
    commit()
    click.echo(f"{company.name}: {', '.join(sorted(enabled_addons(company.id)))}")
