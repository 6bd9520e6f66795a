"""Seeing the screens as another user: who may, what is shown, that nothing is written, and how it ends (S:CORE-05)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.world import FIRST_DAY, PASSWORD

pytestmark = pytest.mark.by_turns

BEGIN, END, VISITS = "/companies/viewas/begin", "/viewing/end", "/visits/visit"
REASON = "She cannot find her visits"
BAND = "You see the screens as"
Run = Callable[..., Any]
Enter = Callable[..., FlaskClient]


def begin(client: FlaskClient, username: str = "ann", reason: str = REASON, **options: Any) -> Any:
    """Ask to see the screens as somebody."""
    return client.post(BEGIN, data={"username": username, "reason": reason}, **options)


def viewings(world: Any, run_in: Run) -> list[Any]:
    """Return (viewer, viewed, reason, how it ended) of every viewing of company one."""
    from app.companies.models import Viewing
    from app.database.session import session

    names = {user_id: name for name, user_id in world.users.items()}

    def read() -> list[Any]:
        rows = session.scalars(sa.select(Viewing).order_by(Viewing.id))
        return [
            (names[one.viewer_id], names[one.viewed_id], one.reason, one.ended_by and one.ended_by.value)
            for one in rows
        ]

    return run_in(world.one, read)


def events(run_in: Run, *kinds: str) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Return the security events of these kinds."""
    from app.audit import SecurityEvent
    from app.database.session import session

    columns = (SecurityEvent.kind, SecurityEvent.user_id, SecurityEvent.details)
    found = sa.select(*columns).where(SecurityEvent.kind.in_(kinds)).order_by(SecurityEvent.id)
    return run_in(None, lambda: [tuple(row) for row in session.execute(found)])


def expire(world: Any, run_in: Run) -> None:
    """Let the time of every viewing be over."""
    from app.companies.models import Viewing
    from app.database.columns import utc_now
    from app.database.session import session
    from app.security.models import Login

    past = utc_now() - dt.timedelta(seconds=1)
    run_in(None, lambda: session.execute(sa.update(Login).values(viewed_until=past)))
    run_in(world.one, lambda: [setattr(one, "until", past) for one in session.scalars(sa.select(Viewing))])


def rights_of(world: Any, run_in: Run, name: str, role: str, scope: str) -> None:
    """Give somebody a role in company one."""
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    def give() -> None:
        role_id = world.app.appbuilder.sm.find_role(role).id
        add_membership(world.one, user_id=world.users[name], role_id=role_id, scope=Scope(scope))

    run_in(world.one, give)


@pytest.mark.rule("S:CORE-05")
def test_he_sees_the_screens_of_the_other_and_comes_back(world: Any, login: Enter, run_in: Run) -> None:
    root, ann = login("root", world.one), login("ann", world.one)
    hers = ann.get("/").text.count("nav-item")

    assert begin(root).location == "/"
    seen = root.get("/").text
    assert f"{BAND} Ann Test, read only" in seen
    assert ("Hello, Ann Test" in seen, seen.count("nav-item")) == (True, hers)
    assert seen.index("data-leave-viewing") < seen.index("skip-link")  # The first stop of the keyboard.
    assert root.get("/companies/members/").status_code == 403
    assert root.post(END).location == "/"

    assert BAND not in root.get("/").text
    assert root.get("/companies/members/").status_code == 200
    assert viewings(world, run_in) == [("root", "ann", REASON, "left")]


@pytest.mark.rule("S:CORE-05")
def test_the_beginning_and_the_end_are_recorded_and_the_user_is_told(world: Any, login: Enter, run_in: Run) -> None:
    root = login("root", world.one)

    begin(root)
    root.post(END)

    user = world.users["root"]
    assert events(run_in, "viewing.begun", "viewing.ended") == [
        ("viewing.begun", user, {"viewed": "ann", "reason": REASON, "minutes": 30}),
        ("viewing.ended", user, {"viewed": "ann", "how": "left"}),
    ]
    assert run_in(world.one, _audited) == [("insert", user), ("update", user)]
    told = login("ann", world.one).get("/notices/").text
    assert "Root Test sees the screens as you see them, and can change nothing." in told
    assert REASON in told
    listed = root.get("/companies/viewing/list/").text
    assert REASON in listed
    with root.get("/companies/viewing/export/") as file:
        assert file.status_code == 200


def _audited() -> list[tuple[str, int | None]]:
    from app.audit import AuditEntry
    from app.database.session import session

    found = sa.select(AuditEntry.action, AuditEntry.user_id).where(AuditEntry.table_name == "companies_viewing")
    return [(action.value, user_id) for action, user_id in session.execute(found.order_by(AuditEntry.id))]


@pytest.mark.rule("S:CORE-05")
def test_nothing_can_be_changed_by_page_or_rest(world: Any, login: Enter, run_in: Run) -> None:
    root = login("root", world.one)
    begin(root)
    form = {"customer": "Wang", "visited_on": "2026-03-02", "minutes": "30"}

    page = root.post(f"{VISITS}/add", data=form)
    rest = root.post(f"/api/v1{VISITS}/", json=form)

    assert (page.status_code, rest.status_code) == (403, 403)
    assert "You see the screens as Ann Test: nothing can be changed. Leave this view first." in page.text
    assert rest.json["error"] == "viewing.read_only"
    assert root.get(f"/api/v1{VISITS}/").json["count"] == 0
    denied = events(run_in, "denied")[-1]
    assert (denied[1], denied[2]["path"]) == (world.users["root"], f"/api/v1{VISITS}/")


def test_another_company_is_not_entered_meanwhile(world: Any, login: Enter) -> None:
    root = login("root", world.one)
    begin(root)

    assert root.post(f"/company/{world.two}").status_code == 403
    assert root.get(f"/api/v1{VISITS}/", headers={"X-Company-Id": str(world.two)}).status_code == 404
    assert root.get(f"/api/v1{VISITS}/", headers={"X-Company-Id": str(world.one)}).status_code == 200
    assert "Two Farms" not in root.get("/").text


@pytest.mark.parametrize("address", ["/account/", "/account/password", "/account/second-factor/", "/jobs/1/file"])
def test_what_is_for_the_user_alone_stays_shut(world: Any, login: Enter, address: str) -> None:
    root = login("root", world.one)
    begin(root)

    answer = root.get(address)

    assert answer.status_code == 403
    assert "This page is for Ann Test alone." in answer.text


@pytest.mark.parametrize(
    ("username", "reason", "said"),
    [
        ("ann", "", "Give a reason of 5 to 200 characters."),
        ("ann", "why?", "Give a reason of 5 to 200 characters."),
        ("ann", "x" * 201, "Give a reason of 5 to 200 characters."),
        ("root", REASON, "Choose another active user of this company."),
        ("nobody", REASON, "Choose another active user of this company."),
    ],
)
def test_a_reason_and_another_user_are_asked_for(
    world: Any, login: Enter, run_in: Run, username: str, reason: str, said: str
) -> None:
    root = login("root", world.one)

    page = begin(root, username, reason, follow_redirects=True).text

    assert said in page
    assert BAND not in page
    assert f'value="{username}"' in page  # What was typed is kept.
    assert viewings(world, run_in) == []


@pytest.mark.rule("S:CORE-05")
def test_nobody_looks_at_the_screens_of_somebody_with_more_rights(world: Any, login: Enter, run_in: Run) -> None:
    rights_of(world, run_in, "rob", "companies_administrator", "company")
    rob = login("rob", world.one)

    more = begin(rob, "ann", follow_redirects=True).text  # She manages visits, he reads his own.
    most = begin(rob, "root", follow_redirects=True).text
    less = begin(rob, "eve", follow_redirects=True).text

    assert "Ann Test may do, or sees, more than you: you cannot look at his screens." in more
    assert "Root Test may do, or sees, more than you" in most
    assert f"{BAND} Eve Test" in less
    assert viewings(world, run_in) == [("rob", "eve", REASON, None)]
    assert [details["viewed"] for _kind, _user, details in events(run_in, "denied")] == ["ann", "root"]


@pytest.mark.rule("S:CORE-05")
def test_a_right_that_reaches_further_is_more(world: Any, login: Enter, run_in: Run) -> None:
    rights_of(world, run_in, "rob", "companies_administrator", "company")
    rights_of(world, run_in, "eve", "visits_reader", "company")  # The same right as rob's, on all visits.

    page = begin(login("rob", world.one), "eve", follow_redirects=True).text

    assert "Eve Test may do, or sees, more than you" in page
    assert viewings(world, run_in) == []


@pytest.mark.rule("S:CORE-05")
def test_a_regional_administrator_stays_in_his_region(world: Any, login: Enter, run_in: Run) -> None:
    run_in(world.one, lambda: _regions(world))
    rights_of(world, run_in, "rob", "companies_regional_administrator", "unit")
    rob = login("rob", world.one)

    north = begin(rob, "ann", follow_redirects=True).text
    south = begin(rob, "eve", follow_redirects=True).text

    assert "Ann Test does not work in the units that you administer." in north
    assert f"{BAND} Eve Test" in south


def _regions(world: Any) -> None:
    """South, where rob and eve work, and North, where ann does."""
    from app.companies.models import Employee, OrgUnit, Position
    from app.companies.org import assign, create_unit
    from app.database.session import session

    root = session.scalars(sa.select(OrgUnit)).one()
    south = create_unit("华南", code="S", valid_from=FIRST_DAY, parent=root)
    north = create_unit("华北", code="N", valid_from=FIRST_DAY, parent=root)
    for name, unit in (("rob", south), ("eve", south), ("ann", north)):
        employee = session.scalars(sa.select(Employee).where(Employee.user_id == world.users[name])).one()
        post = Position(title=name, org_unit_id=unit.id)
        session.add(post)
        session.flush()
        assign(employee, position=post, valid_from=FIRST_DAY)


@pytest.mark.rule("S:CORE-05")
def test_without_the_right_nobody_looks(world: Any, login: Enter, run_in: Run) -> None:
    ann = login("ann", world.one)

    assert ann.get("/companies/viewas/").status_code == 403
    assert begin(ann, "eve").status_code == 403
    assert viewings(world, run_in) == []


@pytest.mark.rule("S:CORE-05")
def test_it_ends_by_itself_and_what_was_being_sent_is_refused(world: Any, login: Enter, run_in: Run) -> None:
    root, other = login("root", world.one), login("root", world.one)
    begin(root)
    begin(other, "eve")
    expire(world, run_in)
    form = {"customer": "Wang", "visited_on": "2026-03-02", "minutes": "30"}

    page = root.get(f"{VISITS}/list/")
    write = other.post(f"{VISITS}/add", data=form)

    assert page.location == "/"
    assert "The view of another user" in root.get("/").text
    assert write.status_code == 403
    assert "Hello, Root Test" in other.get("/").text
    assert root.get(f"/api/v1{VISITS}/").json["count"] == 0
    assert [one[3] for one in viewings(world, run_in)] == ["timed_out", "timed_out"]
    assert root.post(f"{VISITS}/add", data=form).status_code == 302  # He is himself again.


def test_the_job_notes_the_end_where_nobody_looks_any_more(world: Any, login: Enter, run_in: Run) -> None:
    from app.database.columns import utc_now
    from app.security.viewing import end_old_viewings

    begin(login("root", world.one))
    run_in(world.one, lambda: end_old_viewings(utc_now()))
    assert [one[3] for one in viewings(world, run_in)] == [None]
    expire(world, run_in)

    run_in(world.one, lambda: end_old_viewings(utc_now()))

    assert [one[3] for one in viewings(world, run_in)] == ["timed_out"]


def test_the_setting_says_how_long(world: Any, login: Enter, run_in: Run) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import VIEWING_MINUTES

    def decide() -> None:
        VIEWING_MINUTES.set(5, valid_from=FIRST_DAY, actor=session.get_one(User, world.users["root"]))

    run_in(world.one, decide)
    root = login("root", world.one)
    assert "for 5 minutes at most" in root.get("/companies/viewas/").text

    begin(root)

    assert events(run_in, "viewing.begun")[0][2]["minutes"] == 5


def test_logging_out_ends_it(world: Any, login: Enter, run_in: Run) -> None:
    root = login("root", world.one)
    begin(root)

    assert root.post("/logout/").status_code == 302

    assert root.get("/").location.startswith("/login/")
    assert viewings(world, run_in) == [("root", "ann", REASON, "logged_out")]
    assert BAND not in login("root", world.one).get("/").text
    assert [user for _kind, user, _details in events(run_in, "logout")] == [world.users["root"]]


def test_it_hangs_on_one_log_in(world: Any, login: Enter) -> None:
    root, other = login("root", world.one), login("root", world.one)

    begin(root)

    assert BAND in root.get("/").text
    assert BAND not in other.get("/").text
    assert "Hello, Root Test" in other.get("/").text


@pytest.mark.parametrize("what", ["right", "user"])
def test_it_ends_when_the_right_or_the_user_is_gone(world: Any, login: Enter, run_in: Run, what: str) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.companies.models import Membership
    from app.database.session import session

    root = login("root", world.one)
    begin(root)
    if what == "user":
        off = sa.update(User).where(User.id == world.users["ann"]).values(active=False)
    else:
        off = sa.delete(Membership).where(Membership.user_id == world.users["ann"], Membership.company_id == world.one)
    run_in(None, lambda: session.execute(off))

    assert root.get(f"{VISITS}/list/").location == "/"

    assert "Hello, Root Test" in root.get("/").text
    assert viewings(world, run_in) == [("root", "ann", REASON, "withdrawn")]


def test_a_token_cannot_begin_one(world: Any, run_in: Run) -> None:
    given = {"username": "root", "password": PASSWORD, "provider": "db"}
    client = world.app.test_client()
    token = client.post("/api/v1/security/login", json=given).json["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-Company-Id": str(world.one)}

    begin(client, headers=headers)

    assert viewings(world, run_in) == []
