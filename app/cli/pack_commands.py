"""`flask pack`: what packs there are, what one would change in a company, applying it, taking it back, writing one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.cli.telling import tell
from app.companies.models import Company
from app.companies.opening import find_company
from app.database.columns import utc_now
from app.database.session import as_company, commit
from app.errors import AppError
from app.packs.applying import Plan, apply_offer, apply_pack, in_force, offers, plan_pack, roll_back
from app.packs.change import Moment, moment_of
from app.packs.exporting import export_pack
from app.packs.reading import in_words, list_packs, open_pack
from app.security.roles import require
from app.web.company_commands import find_user
from app.web.packs_page import RESOURCE

pack = AppGroup("pack", help="Set a company up with a pack: NAME of one that comes along, or the path of a .toml file.")


def _for_company(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which company it is about, and who answers for it."""

    @click.option("--company", "code", required=True, help="The code of the company.")
    @click.option("--by", "username", required=True, help="The user who answers for it; his rights are asked for.")
    @with_appcontext
    @wraps(command)
    def run(code: str, username: str, **options: Any) -> None:
        company, actor = find_company(code), find_user(username)
        if company is None or actor is None:
            raise click.ClickException(f"No company {code!r}." if company is None else f"No user {username!r}.")
        with _inside(company, actor) as moment:
            command(moment, **options)

    return run


@contextmanager
def _inside(company: Company, actor: User) -> Iterator[Moment]:
    try:
        with as_company(company.id):
            yield moment_of(company.id, actor, utc_now())
    except AppError as error:
        raise click.ClickException(str(error)) from error


@pack.command("list")
@with_appcontext
def list_command() -> None:
    """List the packs that come with the product."""
    for one in tell(list_packs):
        click.echo(f"{one.name:16} {in_words(one.title, one.name)}: {in_words(one.summary)}")


@pack.command("show")
@click.argument("name")
@with_appcontext
def show_command(name: str) -> None:
    """Print a pack."""
    click.echo(tell(open_pack, name).text)


@pack.command("diff")
@click.argument("name")
@_for_company
def diff_command(moment: Moment, name: str) -> None:
    """Say what a pack would change, and what it would skip."""
    require(moment.actor, "show", RESOURCE)
    _tell_plan(plan_pack(open_pack(name), moment))


@pack.command("apply")
@click.argument("name")
@click.option("--offered", is_flag=True, help="Only what the applied pack had to skip and could have now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_for_company
def apply_command(moment: Moment, name: str, *, offered: bool, yes: bool) -> None:
    """Apply a pack, after showing the differences."""
    require(moment.actor, "apply", RESOURCE)
    found, run, only = open_pack(name), None, None
    if offered:
        waiting = [(run, names) for run, names in offers(moment.company_id) if run.pack == found.name]
        if not waiting:
            raise click.ClickException("Nothing of this pack is offered.")
        run, only = waiting[0]
    plan = plan_pack(found, moment, only=only)
    _tell_plan(plan)
    if not yes:
        click.confirm("Apply all this?", abort=True)
    made = apply_pack(found, moment, seal=plan.seal) if run is None else apply_offer(run, moment, seal=plan.seal)
    commit()
    for one in made.changes:
        if one["note"]:
            click.echo(f"{one['key']}: {one['note']}")
    click.echo(f"Applied: {made.pack}, {len(made.changes)} changes")


@pack.command("rollback")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_for_company
def rollback_command(moment: Moment, *, yes: bool) -> None:
    """Take the pack back that was applied last."""
    require(moment.actor, "apply", RESOURCE)
    runs = in_force()
    if not runs:
        raise click.ClickException("No pack is applied.")
    if not yes:
        click.confirm(f"Roll {runs[0].pack} back, {len(runs[0].changes)} changes?", abort=True)
    roll_back(runs[0], moment)
    commit()
    click.echo(f"Rolled back: {runs[0].pack}")


@pack.command("export")
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write it here, not to the screen.")
@_for_company
def export_command(moment: Moment, path: Path | None) -> None:
    """Write what the company has set as a pack."""
    require(moment.actor, "export", RESOURCE)
    text = export_pack(moment.company_id, title=path.stem if path else "company")
    record_security_event("pack.exported", user_id=moment.actor.id, characters=len(text))
    commit()
    if path is None:
        click.echo(text)
    else:
        path.write_text(text, encoding="utf-8")


def _tell_plan(plan: Plan) -> None:
    for one in plan.changes:
        click.echo(f"{one.part:10} {one.key:40} {one.before or '-'} -> {one.after or '-'}")
    if plan.skipped:
        click.echo(f"Skipped, not here: {', '.join(plan.skipped)}")
    if not plan.changes:
        click.echo("Nothing differs.")
