"""Invitations by e-mail: a link that opens one account, once, for some days."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.database.columns import utc_now

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
Run = Callable[..., Any]
MEMBERS, NEW = "/companies/members/", "/companies/members/new/add"
NEWCOMER = {"name": "张帅", "number": "E001", "username": "zs", "email": "zs@example.com", "role": "visits_reader"}
PASSWORD = "quite a long first one"


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    """The administrator of company one."""
    client = login("root", world.one)
    client.get("/lang/en")
    return client


@pytest.fixture
def link(mailbox: Any, root: FlaskClient) -> str:
    """The link that 张帅 was sent, as a path."""
    assert root.post(NEW, data={**NEWCOMER, "scope": "own", "invite": "1"}).status_code == 302
    return link_in(mailbox)


def link_in(mailbox: Any) -> str:
    """Return the path of the link in the latest letter."""
    (found,) = re.findall(r"https://office\.test(/invitation/\S+)", mailbox.letters[-1].get_content())
    return found


def key_of(run_in: Run) -> int:
    """Return the id of the user who was invited."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    return run_in(None, lambda: session.scalars(sa.select(User.id).where(User.username == "zs")).one())


def step(root: FlaskClient, run_in: Run, name: str) -> str:
    """Do something with the invitation, and return the list afterwards."""
    return root.post(f"{MEMBERS}people/{name}", data={"rowid": key_of(run_in)}, follow_redirects=True).text


def choose(app: Any, link: str, password: str = PASSWORD, repeated: str | None = None) -> Any:
    """Open the link as a stranger and choose a password."""
    data = {"new": password, "repeated": password if repeated is None else repeated}
    client = app.test_client()
    client.get("/lang/en")
    return client.post(link, data=data)


def log_in(app: Any, password: str = PASSWORD) -> int:
    """Return how the log-in with a password is answered."""
    return int(app.test_client().post("/login/", data={"username": "zs", "password": password}).status_code)


@pytest.mark.rule("S:CORE-02")
def test_an_invited_user_chooses_his_own_password(app: Any, mailbox: Any, root: FlaskClient, link: str) -> None:
    letter = mailbox.letters[0]
    assert letter["To"] == "zs@example.com"
    assert "zs" in letter.get_content()
    assert '<span class="badge tone-blue">Invited</span>' in root.get(f"{MEMBERS}?state=invited").text
    stranger = app.test_client()
    assert [stranger.get(link).status_code for _time in range(2)] == [200, 200]  # Looking uses nothing up.

    done = choose(app, link)

    assert done.headers["Location"] == "/login/"
    assert log_in(app) == 302
    assert '<span class="badge tone-green">Active</span>' in root.get(f"{MEMBERS}?q=zs").text


def test_a_link_works_once(app: Any, link: str) -> None:
    choose(app, link)

    again = choose(app, link, "another long password")

    assert again.status_code == 404
    assert "This invitation holds no longer" in again.text
    assert (log_in(app), log_in(app, "another long password")) == (302, 401)


def test_a_password_that_is_not_good_enough_uses_nothing_up(app: Any, link: str) -> None:
    short, different, named = choose(app, link, "abc1"), choose(app, link, PASSWORD, "x"), choose(app, link, "password")

    assert [answer.status_code for answer in (short, different, named)] == [422, 422, 422]
    assert "The two new passwords differ." in different.text
    assert log_in(app, "abc1") == 401
    assert choose(app, link).status_code == 302


def test_a_link_grows_too_old(app: Any, world: Any, root: FlaskClient, run_in: Run, link: str) -> None:
    from app.database.session import session
    from app.security.models import Invitation

    past = utc_now() - dt.timedelta(seconds=1)
    run_in(None, lambda: session.execute(sa.update(Invitation).values(expires_at=past)).rowcount)

    assert app.test_client().get(link).status_code == 404
    assert choose(app, link).status_code == 404
    assert log_in(app) == 401
    assert "Invitation too old" in root.get(f"{MEMBERS}?q=zs").text


def test_a_withdrawn_link_opens_nothing(app: Any, root: FlaskClient, run_in: Run, link: str) -> None:
    assert "Done for 1 people." in step(root, run_in, "withdraw")

    assert choose(app, link).status_code == 404
    assert "No invitation of 张帅 is open." in step(root, run_in, "withdraw")
    assert log_in(app) == 401


def test_only_the_latest_link_opens(app: Any, mailbox: Any, root: FlaskClient, run_in: Run, link: str) -> None:
    step(root, run_in, "invite")
    newer = link_in(mailbox)

    assert len(mailbox.letters) == 2
    assert mailbox.letters[0]["Message-ID"] != mailbox.letters[1]["Message-ID"]
    assert newer != link
    assert choose(app, link).status_code == 404
    assert choose(app, newer).status_code == 302


def test_a_link_cannot_be_made_up(app: Any, run_in: Run, link: str) -> None:
    from app.database.session import session
    from app.security.models import Invitation

    (kept,) = run_in(None, lambda: session.scalars(sa.select(Invitation.token_hash)).all())
    token = link.rpartition("/")[2]
    body, _dot, signature = token.rpartition(".")

    tries = [kept, body, f"{body}.{signature[::-1]}", f"x{token}", "%00", "a" * 5000]

    assert token not in kept
    assert {choose(app, f"/invitation/{one}").status_code for one in tries} == {404}


def test_whoever_has_logged_in_is_not_invited(
    app: Any, mailbox: Any, root: FlaskClient, run_in: Run, link: str
) -> None:
    choose(app, link)
    log_in(app)

    page = step(root, run_in, "invite")

    assert "张帅 has logged in already, or is switched off." in page
    assert len(mailbox.letters) == 1


def test_a_first_password_takes_the_links_place(app: Any, root: FlaskClient, run_in: Run, link: str) -> None:
    (password,) = re.findall(r"<code>([^<]+)</code>", step(root, run_in, "passwords"))

    assert choose(app, link).status_code == 404
    assert log_in(app, password) == 302


def test_a_server_out_of_order_is_asked_again(mailbox: Any, root: FlaskClient, run_in: Run, app: Any) -> None:
    from app.database.session import session
    from app.notices.invitation_mail import send_due_invitations
    from app.security.models import Invitation

    mailbox.is_out_of_order = True
    root.post(NEW, data={**NEWCOMER, "scope": "own", "invite": "1"})
    assert mailbox.letters == []
    mailbox.is_out_of_order = False
    with app.app_context():
        send_due_invitations(utc_now() + dt.timedelta(hours=1))
    assert mailbox.letters == []  # Not due by its own clock yet.
    run_in(None, lambda: session.execute(sa.update(Invitation).values(mail_due_at=utc_now())).rowcount)
    with app.app_context():
        send_due_invitations(utc_now())

    assert len(mailbox.letters) == 1
    kept = run_in(None, lambda: session.scalars(sa.select(Invitation)).one())
    assert (kept.mail_attempts, kept.mail_due_at, kept.mailed_at is not None) == (2, None, True)


def test_without_a_mail_server_nobody_is_invited(root: FlaskClient, run_in: Run) -> None:
    answer = root.post(NEW, data={**NEWCOMER, "scope": "own", "invite": "1"})

    assert answer.status_code == 422
    assert "SMTP_HOST" in answer.text
    assert "zs" not in re.findall(r'"cell-second">([^<]+)<', root.get(MEMBERS).text)


def test_without_an_address_nobody_is_invited(mailbox: Any, root: FlaskClient) -> None:
    answer = root.post(NEW, data={**NEWCOMER, "email": "", "scope": "own", "invite": "1"})

    assert answer.status_code == 422
    assert "张帅 has no e-mail address." in answer.text
    assert mailbox.letters == []


def test_the_check_of_a_file_invites_nobody(mailbox: Any, root: FlaskClient, run_in: Run) -> None:
    from tests.app.web.people_world import HEAD, check, confirm, workbook

    row = ["张帅", "E001", "zs", "zs@example.com", "visits_reader", "", "", "", "yes"]
    assert len(row) == len(HEAD)
    page = check(root, workbook(row))
    assert mailbox.letters == []

    confirm(root, page)

    assert [letter["To"] for letter in mailbox.letters] == ["zs@example.com"]
