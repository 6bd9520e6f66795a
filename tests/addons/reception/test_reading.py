"""Who takes personal data out of the system in clear, or looks at a colleague's, leaves a trace."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.addons.reception.fixtures import Office
from tests.addons.reception.test_customers import opened


@pytest.fixture
def customer(world: Any, run_in: Callable[..., Any]) -> int:
    """The id of a customer of Amy's."""
    return run_in(world.one, lambda: opened(Office(world)).id)


@pytest.fixture
def events(world: Any, run_in: Callable[..., Any]) -> Callable[[str], list[tuple[int, dict[str, Any]]]]:
    """Return a function that reads who did something of a kind, oldest first."""
    from app.audit import list_security_events

    return lambda kind: run_in(
        world.one, lambda: [(one.user_id, one.details) for one in reversed(list_security_events()) if one.kind == kind]
    )


@pytest.mark.rule("P:CRM-20", "S:REC-38")
def test_each_page_that_shows_a_colleagues_number_is_one_event(world, login, customer, events):
    for name in ("amy", "dee", "sue"):
        client = login(name, world.one)
        for page in ("show", "edit"):
            client.get(f"/reception/customer/{page}/{customer}")

    found = events("personal_data.read")
    assert [user for user, _details in found] == [world.users["sue"]] * 2
    assert all(
        (one["resource"], one["record_id"], "phone" in one["columns"]) == ("reception.Customer", customer, True)
        for _user, one in found
    )


@pytest.mark.rule("P:CRM-20")
def test_an_export_says_what_it_showed_in_clear(world, login, customer, events):
    for user, name in (("max", "customer"), ("mia", "inquiry")):  # She has no right to see the numbers of inquiries.
        with login(user, world.one).get(f"/reception/{name}/export/") as file:
            assert file.status_code == 200

    told = [(user, details["resource"], details["personal"]) for user, details in events("list.exported")]
    assert told == [
        (world.users["max"], "reception.Customer", ["phone"]),
        (world.users["mia"], "reception.Inquiry", []),
    ]
