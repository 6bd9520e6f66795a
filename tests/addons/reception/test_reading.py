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


@pytest.fixture
def accesses(world: Any, run_in: Callable[..., Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Return a function that reads who was shown what in clear, oldest first."""
    from app.audit import list_accesses

    return lambda: run_in(
        world.one,
        lambda: [(one.user_id, one.kind, one.resource, one.ids, one.columns) for one in reversed(list_accesses())],
    )


@pytest.mark.rule("P:CRM-20", "S:REC-38")
def test_each_page_that_shows_a_colleagues_number_is_on_record(world, login, customer, accesses):
    for name in ("amy", "dee", "sue"):
        client = login(name, world.one)
        for page in ("show", "edit"):
            client.get(f"/reception/customer/{page}/{customer}")

    found = accesses()
    assert [one[:4] for one in found] == [(world.users["sue"], "record", "reception.Customer", (customer,))] * 2
    assert all("phone" in columns for *_rest, columns in found)


@pytest.mark.rule("P:CRM-20", "S:REC-38")
def test_a_page_of_a_list_that_shows_numbers_is_one_row(world, login, run_in, customer, accesses):
    other = run_in(world.one, lambda: opened(Office(world), phone="13900139000", name="李四").id)
    for name in ("amy", "dee", "sue"):  # The owner, one who sees them masked, and the supervisor.
        login(name, world.one).get("/reception/customer/list/")
    login("sue", world.one).get("/api/v1/reception/customer/?q=(columns:!(code))")
    login("sue", world.one).get("/api/v1/reception/customer/")

    row = (world.users["sue"], "list", "reception.Customer", (other, customer), ["phone"])
    assert accesses() == [row, row]


@pytest.mark.rule("P:CRM-20", "S:REC-38")
def test_the_administrator_asks_who_saw_a_number(world, login, run_in, customer):
    from app.audit import list_accesses

    other = run_in(world.one, lambda: opened(Office(world), phone="13900139000", name="李四").id)
    sue, root = login("sue", world.one), login("root", world.one)
    sue.get(f"/reception/customer/show/{other}")
    sue.get(f"/reception/customer/show/{customer}")

    for question in (f"resource=reception.Customer&record={other}", "q=13900139000", "q=李四&user=sue"):
        page = root.get(f"/audit/access/?{question}").text
        assert page.count("<tr>") == 2, question
        assert "Sue Test" in page
        assert "李四" in page
    assert root.get("/audit/access/?q=13700137000").text.count("<tr>") == 0
    assert root.get("/audit/access/?user=nobody").text.count("<tr>") == 0
    assert sue.get("/audit/access/").status_code == 403
    assert run_in(world.two, list_accesses) == []


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
