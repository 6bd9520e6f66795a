"""What waits for somebody, on the to-do page and the home page; nobody sees what waits for others."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

NOW = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def visit(world: Any, run_in: Callable[..., Any]) -> int:
    """A visit to open from the list."""
    from addons.visits.models import Visit
    from app.database.session import session

    def make() -> Any:
        visit = Visit(customer="Li", visited_on=TODAY, minutes=10)
        session.add(visit)
        return visit

    return run_in(world.one, make).id


@pytest.fixture
def lists(world: Any, visit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two approvals for Ann, one overdue visit for her, and one approval for Rob."""
    from app.workflow.todo import Todo, TodoList

    def approvals(actor: Any, _now: dt.datetime) -> list[Todo]:
        due = {"ann": (dt.datetime(2099, 1, 2, tzinfo=dt.UTC), None), "rob": (None,)}.get(actor.username, ())
        return [
            Todo(title=f"Paper {n}", resource="visits.Visit", record_id=visit, due=one) for n, one in enumerate(due)
        ]

    def overdue(actor: Any, _now: dt.datetime) -> list[Todo]:
        mine = Todo(title="<b>Li</b>", resource="visits.Visit", record_id=visit, due=dt.date(2026, 1, 5), note="Call")
        return [mine] if actor.username == "ann" else []

    made = [
        TodoList("visits.approvals", "Approvals", "check", "visits.Visit", approvals),
        TodoList("visits.overdue", "Visits", "users", "visits.Visit", overdue),
        TodoList("bonus.secret", "Bonuses", "percent", "bonus.BonusEntry", approvals),
    ]
    monkeypatch.setitem(world.app.extensions, "todo_lists", made)


def entries(client: FlaskClient, path: str) -> list[str]:
    """Return the titles of the entries of a page, in order."""
    page = client.get(path).text
    return re.findall(r'<span class="todo-text"><b>(.*?)</b><small>', page)


@pytest.mark.rule("S:CORE-11")
@pytest.mark.usefixtures("lists")
def test_two_approvals_and_an_overdue_visit_are_three_entries(world, login):
    ann = login("ann", world.one)
    assert sorted(entries(ann, "/todo/")) == ["&lt;b&gt;Li&lt;/b&gt;", "Paper 0", "Paper 1"]
    # Overdue first, undated last.
    assert entries(ann, "/todo/urgent") == ["&lt;b&gt;Li&lt;/b&gt;", "Paper 0", "Paper 1"]


@pytest.mark.rule("S:CORE-11")
@pytest.mark.usefixtures("lists")
def test_what_waits_for_others_is_hidden(world, login):
    assert entries(login("rob", world.one), "/todo/") == ["Paper 0"]
    eve = login("eve", world.one)  # Her role may not list visits at all.
    assert entries(eve, "/todo/") == []
    assert "Nothing is waiting for you." in eve.get("/todo/").text


@pytest.mark.usefixtures("lists")
def test_an_entry_links_to_its_record_and_says_that_it_is_overdue(world, login, visit):
    page = login("ann", world.one).get("/todo/").text
    assert f'href="/visits/visit/show/{visit}"' in page
    assert re.search(r'<span class="todo-due is-overdue">.*?2026-01-05', page, re.DOTALL)
    assert page.count("is-overdue") == 1


@pytest.mark.usefixtures("lists")
def test_lists_of_an_addon_that_is_off_are_not_asked(world, login):
    assert "Bonuses" not in login("root", world.two).get("/todo/").text


def test_a_stranger_is_sent_to_the_log_in(app):
    assert app.test_client().get("/todo/").status_code == 302


@pytest.mark.parametrize(
    ("due", "late"),
    [(None, False), (TODAY, False), (dt.date(2026, 3, 1), True), (NOW, False), (NOW - dt.timedelta(minutes=1), True)],
)
def test_a_day_is_in_time_until_it_ends_and_an_instant_up_to_itself(due, late):
    from app.workflow.todo import Todo

    assert Todo(title="", resource="", record_id=1, due=due).is_overdue(now=NOW, today=TODAY) is late
