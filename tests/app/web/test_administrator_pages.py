"""What an administrator looks after: failures, security events, number formats, how far a role reaches."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
MEMBERS, INBOX, EVENTS, NUMBERS = (
    "/companies/members/",
    "/events/inbox/",
    "/audit/securityevents/",
    "/masterdata/numbering/",
)
KEY = "visits.round"


@pytest.fixture
def root(login: Login, world: Any) -> FlaskClient:
    """The administrator in company one."""
    return login("root", world.one)


@pytest.fixture
def failure(world: Any, run_in: Any) -> int:
    """The id of a handler that failed about the first visit."""
    from app.database.columns import utc_now
    from app.database.session import session
    from app.events import Delivery

    def fail() -> int:
        made = Delivery(
            event_uid="x",
            event="VisitConfirmed",
            payload={"visit_id": 1, "uid": "x", "company_id": world.one},
            handler="bonus.on_visit_confirmed",
            attempts=12,
            error="The plan is <missing>.",
            due_at=None,
            created_at=utc_now() - dt.timedelta(days=3),
        )
        session.add(made)
        session.flush()
        return made.id

    return run_in(world.one, fail)


def delivery(world: Any, run_in: Any, key: int) -> Any:
    """Return a delivery as it is kept."""
    from app.database.session import session
    from app.events import Delivery

    return run_in(world.one, lambda: session.get_one(Delivery, key))


def test_a_failure_is_shown_and_tried_again(root: FlaskClient, world: Any, run_in: Any, failure: int) -> None:
    page = root.get(INBOX).text
    for told in (
        "The plan is &lt;missing&gt;.",
        "Visit confirmed",
        "12 attempts",
        "not tried again by itself",
        "3 days ago",
    ):
        assert told in page, told

    assert root.post(f"{INBOX}retry", data={"id": str(failure)}).status_code == 302

    kept = delivery(world, run_in, failure)
    assert (kept.attempts, kept.due_at is not None, kept.done_at) == (0, True, None)


def test_a_failure_is_dismissed_for_a_reason_only(root: FlaskClient, world: Any, run_in: Any, failure: int) -> None:
    for reason in ("", "  ", "x" * 201):
        root.post(f"{INBOX}dismiss", data={"id": str(failure), "reason": reason})
        assert delivery(world, run_in, failure).done_at is None

    root.post(f"{INBOX}dismiss", data={"id": str(failure), "reason": " paid by hand "})

    kept = delivery(world, run_in, failure)
    assert (kept.dismissed_reason, kept.done_at is not None, kept.updated_by_id) == (
        "paid by hand",
        True,
        world.users["root"],
    )
    assert "Nothing failed." in root.get(INBOX).text
    assert "nothing left to repeat" in root.post(f"{INBOX}retry", data={"id": str(failure)}, follow_redirects=True).text


def test_failures_of_another_company_do_not_exist(login: Login, world: Any, run_in: Any, failure: int) -> None:
    abroad = login("root", world.two)
    assert "Nothing failed." in abroad.get(INBOX).text
    for action in ("retry", "dismiss"):
        abroad.post(f"{INBOX}{action}", data={"id": str(failure), "reason": "x"})
    assert delivery(world, run_in, failure).attempts == 12
    assert login("ann", world.one).get(INBOX).status_code == 403


@pytest.mark.rule("S:CORE-04", "S:CORE-07")
def test_security_events_are_read_by_kind_and_user(root: FlaskClient, login: Login, world: Any) -> None:
    stranger = world.app.test_client()
    stranger.post("/login/", data={"username": "rob", "password": "wrong"})
    login("eve", world.one).get("/parameters/values/")
    root.post("/parameters/values/set", data={"key": "core.import_max_rows", "value": "70", "valid_from": "2026-01-01"})

    page = root.get(EVENTS).text
    for told in ("Log-in failed", "Access refused", "Policy value set", "Rob Test", "core.import_max_rows"):
        assert told in page, told
    failed = root.get(f"{EVENTS}?kind=login.failed&user=rob").text
    assert failed.count("<tr>") == 2
    assert root.get(f"{EVENTS}?kind=login.failed&user=ann").text.count("<tr>") == 0
    assert login("ann", world.one).get(EVENTS).status_code == 403


@pytest.mark.rule("S:CORE-07")
def test_the_audit_log_says_in_words_what_was_changed(root: FlaskClient, world: Any, run_in: Any) -> None:
    def hire() -> None:
        from app.companies.models import Employee
        from app.database.session import session

        session.add(Employee(number="N1", name="Somebody", hired_on=dt.date(2025, 1, 1)))
        session.flush()

    run_in(world.one, hire)
    said = []
    for language in ("en", "zh"):
        root.get(f"/lang/{language}")
        row = root.get("/audit/auditentry/list/").text.partition("<tbody")[2].partition("</tr>")[0]
        said.append([re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)])

    assert "Employee" in said[0]
    assert "员工" in said[1]


def test_the_administrator_of_a_company_learns_nothing_of_others(login: Login, world: Any, run_in: Any) -> None:
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    role = world.app.appbuilder.sm.find_role
    run_in(
        None,
        lambda: add_membership(
            world.one, user_id=world.users["eve"], role_id=role("companies_administrator").id, scope=Scope.COMPANY
        ),
    )
    world.app.test_client().post("/login/", data={"username": "nobody-knows", "password": "x"})
    login("rob", world.two).get("/parameters/values/")  # Refused in the other company.

    page = login("eve", world.one).get(EVENTS).text

    assert "nobody-knows" not in page
    assert "Access refused" not in page.partition("<tbody>")[2]


@pytest.fixture
def series(world: Any) -> Any:
    """A series of visits, counted each month."""
    from app.masterdata.choices import NumberReset
    from app.masterdata.numbering import NumberFormat, NumberSeriesDefinition, register_series

    register_series(
        world.app, NumberSeriesDefinition(KEY, "Rounds", NumberFormat("R{yyyy}{mm}{number:03}", NumberReset.MONTH))
    )
    yield KEY
    del world.app.extensions["number_series"][KEY]


@pytest.mark.rule("S:REC-02")
def test_a_format_holds_for_numbers_to_come_and_counting_goes_on(
    root: FlaskClient, world: Any, run_in: Any, series: str
) -> None:
    from app.companies.clock import local_today
    from app.companies.opening import get_company
    from app.database.columns import utc_now
    from app.masterdata.numbering import draw_number

    today = run_in(world.one, lambda: local_today(get_company(world.one), utc_now()))
    draw = lambda: run_in(world.one, lambda: draw_number(series, legal_entity_id=None, on=today))  # noqa: E731
    assert [draw(), draw()][1] == f"R{today:%Y%m}002"
    assert f"R{today:%Y%m}003" in root.get(NUMBERS).text

    for template, reset in (
        ("R{number}", "month"),
        ("R{yyyy}", "year"),
        ("R{yyyy}{oops}{number}", "year"),
        ("", "never"),
    ):
        root.post(f"{NUMBERS}set", data={"key": series, "template": template, "reset": reset})
        assert f"R{today:%Y%m}003" in root.get(NUMBERS).text

    root.post(f"{NUMBERS}set", data={"key": series, "template": "V{yyyy}-{number:04}", "reset": "year"})
    assert f"V{today:%Y}-0003" in root.get(NUMBERS).text
    assert draw() == f"V{today:%Y}-0003"
    root.post(f"{NUMBERS}set", data={"key": series, "template": "R{yyyy}{mm}{number:03}", "reset": "month"})
    assert draw() == f"R{today:%Y%m}004"  # Not 003, which was not drawn like this, nor 001, which was.


def test_a_member_gets_another_role_scope_and_units(root: FlaskClient, world: Any, run_in: Any) -> None:
    from app.audit import SecurityEvent
    from app.companies.memberships import memberships_of
    from app.companies.models import OrgUnit
    from app.database.session import session

    def held() -> list[tuple[str, str, tuple[int, ...]]]:
        return run_in(
            world.one,
            lambda: [
                (one.role.name, one.scope.value, one.unit_ids) for one in memberships_of(world.users["rob"], world.one)
            ],
        )

    key = run_in(world.one, lambda: memberships_of(world.users["rob"], world.one)[0].id)
    unit = run_in(world.one, lambda: session.scalars(sa.select(OrgUnit.id)).one())
    foreign = run_in(world.two, lambda: session.scalars(sa.select(OrgUnit.id)).one())
    page = root.get(f"{MEMBERS}?edit={key}").text
    assert f'name="unit_{unit}"' in page
    assert f'name="unit_{foreign}"' not in page

    change = {"id": str(key), "role": "visits_manager", "scope": "unit"}
    root.post(f"{MEMBERS}change", data={**change, f"unit_{foreign}": "1"})
    root.post(f"{MEMBERS}change", data={**change, "scope": "galaxy"})
    assert held() == [("visits_reader", "own", ())]

    root.post(f"{MEMBERS}change", data={**change, f"unit_{unit}": "1"})
    assert held() == [("visits_manager", "unit", (unit,))]
    root.post(f"{MEMBERS}change", data={**change, "scope": "company", f"unit_{unit}": "1"})
    assert held() == [("visits_manager", "company", ())]
    told = run_in(
        None, lambda: [one.details for one in session.scalars(sa.select(SecurityEvent)) if one.kind == "role.changed"]
    )
    assert [(one["from_scope"], one["scope"]) for one in told] == [("own", "unit"), ("unit", "company")]


def test_nobody_changes_his_own_role_and_none_is_held_twice(root: FlaskClient, world: Any, run_in: Any) -> None:
    from app.companies.memberships import add_membership, memberships_of

    find_role = world.app.appbuilder.sm.find_role
    own = run_in(world.one, lambda: memberships_of(world.users["root"], world.one)[0].id)
    robs = run_in(world.one, lambda: memberships_of(world.users["rob"], world.one)[0].id)
    run_in(
        world.one,
        lambda: add_membership(world.one, user_id=world.users["rob"], role_id=find_role("visits_manager").id).id,
    )

    for key, said in ((own, "You cannot change your own role."), (robs, "holds this role here already")):
        data = {"id": str(key), "role": "visits_manager", "scope": "own"}
        assert said in root.post(f"{MEMBERS}change", data=data, follow_redirects=True).text
