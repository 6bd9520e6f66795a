"""`flask audit`: is the log what it was when it was written."""

import click
from flask.cli import AppGroup, with_appcontext

from app.audit.sealing import verify_entries
from app.companies.opening import get_company
from app.database.session import as_company
from app.jobs.context import active_company_ids

audit = AppGroup("audit", help="Check the audit log.")


@audit.command("verify")
@with_appcontext
def verify() -> None:
    """Check every seal and entry of every company; exit code 1 where somebody has changed the log."""
    is_broken = False
    for company_id in active_company_ids():
        with as_company(company_id):
            found, code = verify_entries(), get_company(company_id).code
        since = f", the oldest of {found.unsealed_since:%Y-%m-%d %H:%M} UTC" if found.unsealed_since else ""
        click.echo(f"{code}: {found.entries} entries in {found.seals} seals; {found.unsealed} not sealed yet{since}")
        if found.broken:
            is_broken = True
            click.echo(f"{code}: BROKEN at {found.broken}", err=True)
    if is_broken:
        raise SystemExit(1)
