"""`flask company open` and `flask user reset-password`: an installation becomes usable without the demonstration."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.memberships import memberships_of
from app.companies.models import Company, LegalEntity, OrgUnit
from app.companies.opening import find_company
from app.database.session import as_company, session
from app.web.company_commands import company, user
from tests.world import PASSWORD

Login = Callable[..., Any]
OPEN = ("open", "三号店", "--code", "three", "--admin", "chen")


@pytest.fixture
def run(world: SimpleNamespace) -> Callable[..., Any]:
    """Return a function that runs a command as an operator would."""
    return lambda group, *words: world.app.test_cli_runner().invoke(group, words)


def password_in(output: str) -> str:
    """Return the password that was printed."""
    return output.partition("logs in with ")[2].split()[0]


def test_a_company_and_its_administrator(world: SimpleNamespace, run: Any) -> None:
    done = run(company, *OPEN)
    assert done.exit_code == 0, done.output

    with world.app.app_context():
        opened = find_company("three")
        assert opened is not None
        assert (opened.name, opened.locale) == ("三号店", "zh")
        chen = session.scalars(sa.select(User).where(User.username == "chen")).one()
        held = [(one.role.name, one.scope.value) for one in memberships_of(chen.id, opened.id)]
        assert (held, chen.roles) == ([("companies_administrator", "company")], [])  # Not the first user here.
        with as_company(opened.id):
            assert session.scalars(sa.select(LegalEntity.name)).all() == ["三号店"]
            assert session.scalars(sa.select(OrgUnit.name)).all() == ["三号店"]

    client = world.app.test_client()
    password = password_in(done.output)
    assert client.post("/login/", data={"username": "chen", "password": password}).status_code == 302
    assert "password" in client.get("/apps/").headers["Location"]  # Another one must be chosen first.


def test_who_exists_keeps_his_password(world: SimpleNamespace, run: Any, login: Login) -> None:
    done = run(company, "open", "三号店", "--code", "demo", "--admin", "ANN", "--locale", "en")
    assert (done.exit_code, "logs in with" in done.output) == (0, False)
    with world.app.app_context():
        opened = find_company("demo")
    assert opened is not None
    assert login("ann", opened.id).get("/apps/").status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        ("open", "One Homes", "--code", "three", "--admin", "chen"),
        ("open", "Three", "--code", "one", "--admin", "chen"),
        ("open", "Three", "--code", "three", "--admin", "chen", "--timezone", "Mars/Sea"),
        ("open", "Three", "--code", "three", "--admin", "chen", "--locale", "xx"),
        ("open", " ", "--code", "three", "--admin", "chen"),
        ("open", "Three", "--code", "three", "--admin", " "),
        ("open", "Three", "--code", "three"),
    ],
)
def test_what_cannot_be_opened_changes_nothing(world: SimpleNamespace, run: Any, words: Any) -> None:
    done = run(company, *words)
    assert done.exit_code != 0
    assert done.output
    assert "Traceback" not in done.output
    with world.app.app_context():
        assert session.scalar(sa.select(sa.func.count(Company.id))) == 2
        assert session.scalar(sa.select(User).where(User.username == "chen")) is None


def test_a_password_is_reset_and_must_be_changed(world: SimpleNamespace, run: Any, login: Login) -> None:
    before = login("ann", world.one)
    done = run(user, "reset-password", "ann")
    assert done.exit_code == 0, done.output
    assert before.get("/apps/").status_code != 200  # Other log-ins end.

    client = world.app.test_client()
    client.post("/login/", data={"username": "ann", "password": PASSWORD})
    assert "login" in client.get("/apps/").headers["Location"]
    client.post("/login/", data={"username": "ann", "password": password_in(done.output)})
    assert "password" in client.get("/apps/").headers["Location"]
    assert run(user, "reset-password", "nobody").exit_code != 0
