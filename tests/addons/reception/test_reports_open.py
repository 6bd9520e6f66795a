"""Every report opens on screen, as Excel and as PDF: in a company with a day's work, and in an empty one."""

from typing import Any

import pytest

from addons.reception import services
from addons.reception.choices import Intent
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_inquiries import registered
from tests.addons.reception.test_receptions import assessed

pytestmark = pytest.mark.by_turns


@pytest.fixture
def names(database: Any) -> list[str]:
    """The names of all reports of reception."""
    return sorted(name for name in database.app.extensions["reports"] if name.startswith("reception."))


def _work_a_day(office: Office) -> None:
    assessed(office, Intent.A)
    assessed(office, Intent.NONE, "bob", phone="13912345678", visitor_name="李雷")
    registered(office)
    inquiry = registered(office, 1)
    services.open_file_of_inquiry(inquiry, actor=office.user("amy"), now=at("12:00"))


def _refusals(client: Any, names: list[str], query: dict[str, str]) -> list[tuple[str, str, int]]:
    """Return what did not open."""
    failed = []
    for name in names:
        for kind in ("", "/excel", "/pdf"):
            with client.get(f"/reports/{name}{kind}", query_string=query) as answer:
                if answer.status_code != 200 or not answer.data:
                    failed.append((name, kind, answer.status_code))
    return failed


@pytest.mark.rule("S:REC-38")
@pytest.mark.parametrize("period", [{}, {"period_from": str(DAY), "period_to": str(DAY)}])
@pytest.mark.parametrize("busy", [True, False])
def test_every_report_opens(world, login, run_in, names, busy, period):
    if busy:
        run_in(world.one, lambda: _work_a_day(Office(world)))
    manager = login("max", world.one)

    assert names
    assert _refusals(manager, names, period) == []
