"""`flask company open` and `flask user reset-password`: how a fresh installation gets its first company and people."""

import datetime as dt
import secrets
import string

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_appbuilder.security.sqla.models import Role, User

from app.companies.memberships import add_membership
from app.companies.models import Scope
from app.companies.opening import open_company
from app.database.columns import utc_now
from app.database.session import commit, session
from app.errors import AppError
from app.security.audit import record
from app.security.lockout import forget_failures
from app.security.logins import revoke_logins
from app.security.passwords import set_password
from app.security.second_factor import remove_second_factor
from app.web.rooms.companies import ADMINISTRATOR

company = AppGroup("company", help="Open companies.")
user = AppGroup("user", help="Help users who cannot log in.")

_SIGNS = "".join(sign for sign in string.ascii_letters + string.digits if sign not in "0O1lI")  # Read off a screen.


@company.command("open")
@click.argument("name")
@click.option("--code", required=True, help="Short and unique; other commands name the company by it.")
@click.option("--admin", "username", required=True, help="Who administers it; created unless there.")
@click.option("--email", default="", help="Of a new administrator.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@click.option("--locale", default="zh", show_default=True)
@with_appcontext
def open_command(name: str, code: str, username: str, email: str, timezone: str, locale: str) -> None:
    """Open the company NAME with its legal entity, its root unit and an administrator."""
    yesterday = (utc_now() - dt.timedelta(days=1)).date()  # Past in every time zone: the unit is there from now on.
    try:
        if (
            not name.strip()
            or not code.strip()
            or not username.strip()
            or locale not in current_app.config["LANGUAGES"]
        ):
            raise click.ClickException(f"Name, code, user name or language {locale!r} cannot be used.")
        opened = open_company(name.strip(), code=code.strip(), on=yesterday, timezone=timezone, locale=locale)
        found, password = find_user(username), None
        if found is None:
            found, password = _create_administrator(username.strip(), email)
        add_membership(opened.id, user_id=found.id, role_id=_role(ADMINISTRATOR.name).id, scope=Scope.COMPANY)
        commit()
    except AppError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{opened.name} ({opened.code}) is open.")
    if password is None:
        click.echo(f"{found.username} administers it, with the password that he has.")
    else:
        _tell(found, password)


@user.command("reset-password")
@click.argument("username")
@with_appcontext
def reset_password(username: str) -> None:
    """Give USERNAME a new password, end his log-ins and lift a lock; he must choose another one at once."""
    found = find_user(username)
    if found is None:
        raise click.ClickException(f"No user {username!r}.")
    password = new_password()
    try:
        set_password(found, password, must_change=True)
    except AppError as error:  # The directory keeps it.
        raise click.ClickException(str(error)) from error
    forget_failures(found.id)
    record("password.reset", user_id=found.id, username=found.username)
    commit()
    _tell(found, password)


@user.command("reset-second-factor")
@click.argument("username")
@with_appcontext
def reset_second_factor(username: str) -> None:
    """Turn the second factor of USERNAME off, who has lost telephone and recovery codes; ends his log-ins."""
    found = find_user(username)
    if found is None:
        raise click.ClickException(f"No user {username!r}.")
    remove_second_factor(found.id)
    revoke_logins(found.id, now=utc_now())
    record("second_factor.reset", user_id=found.id, username=found.username)
    commit()
    click.echo(f"{found.username} logs in with the password alone until the second factor is set up anew.")


def find_user(username: str) -> User | None:
    """Return the user of this name, however it is written."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.username) == username.strip().lower()))


def new_password() -> str:
    """Return a password that nobody guesses, and that can be read out."""
    return "-".join("".join(secrets.choice(_SIGNS) for _sign in range(4)) for _group in range(4))


def _create_administrator(username: str, email: str) -> tuple[User, str]:
    """Create an active user; the first one of an installation also looks after the installation."""
    is_first = session.scalar(sa.select(sa.func.count(User.id))) == 0
    made = User(
        username=username, first_name=username, last_name="", email=email or f"{username}@localhost", active=True
    )
    made.roles = [_role("Admin")] if is_first else []
    session.add(made)
    password = new_password()
    set_password(made, password, must_change=True)
    session.flush()
    return made, password


def _role(name: str) -> Role:
    found = session.scalar(sa.select(Role).where(Role.name == name))
    if found is None:
        raise click.ClickException(f"There is no role {name}: run `flask release` first.")
    return found


def _tell(found: User, password: str) -> None:
    click.echo(f"{found.username} logs in with {password} and must choose another password at once.")
