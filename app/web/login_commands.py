"""`flask user link-directory`, `link-provider` and `unlink`: which account elsewhere opens a user.

For administrators of the platform it is the only way: a first log-in never finds them.
"""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_appbuilder.security.sqla.models import User

from app.database.columns import utc_now
from app.database.session import commit
from app.errors import AppError
from app.security.audit import record
from app.security.directory import find_in_directory, is_directory_on, person_of
from app.security.external import Person, link, unlink
from app.security.logins import revoke_logins
from app.security.provider import is_provider_on
from app.web.company_commands import find_user, user


@user.command("link-directory")
@click.argument("username")
@click.option("--as", "name", default="", help="What he is called in the directory; the same unless given.")
@with_appcontext
def link_directory(username: str, name: str) -> None:
    """Let the directory check the password of USERNAME from now on; the one kept here is forgotten."""
    if not is_directory_on():
        raise click.ClickException("LDAP_SERVERS is not set.")
    try:
        entry = find_in_directory(name or username)
    except AppError as error:
        raise click.ClickException(str(error)) from error
    if entry is None:
        raise click.ClickException(f"The directory has no {name or username!r}, or may not be searched.")
    _link(_found(username), person_of(entry))
    click.echo(f"{username} logs in with the password of {entry.dn}.")


@user.command("link-provider")
@click.argument("username")
@click.argument("subject")
@with_appcontext
def link_provider(username: str, subject: str) -> None:
    """Let the account that the identity provider calls SUBJECT (the claim `sub`) open USERNAME."""
    if not is_provider_on():
        raise click.ClickException("OIDC_ISSUER is not set.")
    _link(_found(username), Person(current_app.config["OIDC_ISSUER"], subject, username))
    click.echo(f"{username} logs in by the identity provider as {subject}, or with the password.")


@user.command("unlink")
@click.argument("username")
@with_appcontext
def unlink_command(username: str) -> None:
    """Forget the accounts elsewhere of USERNAME and end his log-ins; then `reset-password` gives him one of ours."""
    found = _found(username)
    if not unlink(found):
        raise click.ClickException(f"{found.username} is linked to no account elsewhere.")
    revoke_logins(found.id, now=utc_now())
    record("login.unlinked", user_id=found.id, username=found.username)
    commit()
    click.echo(f"{found.username} is linked to no account elsewhere any more.")


def _found(username: str) -> User:
    found = find_user(username)
    if found is None:
        raise click.ClickException(f"No user {username!r}.")
    return found


def _link(found: User, person: Person) -> None:
    try:
        link(found, person, now=utc_now())
    except AppError as error:
        raise click.ClickException(str(error)) from error
    commit()
