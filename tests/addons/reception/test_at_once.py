"""Two clerks who enter the same customer at the same moment: neither sees the other's file, so the database decides."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from addons.reception import services
from app.crud.records import call_in_savepoint
from app.errors import Duplicate
from tests.addons.reception.fixtures import Office
from tests.addons.reception.test_customers import opened

CUSTOMERS = "/api/v1/reception/customer/"


@pytest.fixture
def values(world: Any, run_in: Callable[..., Any]) -> dict[str, Any]:
    """What the second clerk enters of the customer whom Amy has just put on file."""

    def first() -> dict[str, Any]:
        office = Office(world)
        customer = opened(office, id_no="11010519491231002X")
        return {"name": "王小明", "phone": "13812345678", "source_id": customer.source_id}

    return run_in(world.one, first)


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function after which so many entries do not see what is on file."""

    def close_eyes(times: int) -> None:
        for place in ("addons.reception.services.customers.find_partners", "app.masterdata.partners.refuse_duplicates"):
            module, _dot, name = place.rpartition(".")
            real, calls = getattr(__import__(module, fromlist=[name]), name), count()

            def look(*arguments: Any, real: Any = real, calls: Any = calls, **named: Any) -> Any:
                return [] if next(calls) < times else real(*arguments, **named)

            monkeypatch.setattr(place, look)

    return close_eyes


@pytest.mark.rule("P:CRM-21")
def test_the_second_clerk_learns_whose_customer_it_is(login, world, values, blind):
    blind(1)

    answer = login("bob", world.one).post(CUSTOMERS, json=values)

    assert (answer.status_code, answer.json["error"], answer.json["field"]) == (409, "customer.known", "phone")
    assert answer.json["data"]["owner"] == "Amy"


@pytest.mark.rule("P:CRM-21")
@pytest.mark.parametrize(
    ("changed", "field", "label"),
    [({}, "phone", "Phone"), ({"phone": "13912345678", "id_no": "11010519491231002X"}, "id_no", "Id no")],
)
def test_what_is_taken_is_named_as_on_the_form(login, world, values, blind, changed, field, label):
    blind(9)

    answer = login("bob", world.one).post(CUSTOMERS, json=values | changed)

    assert (answer.status_code, answer.json["error"], answer.json["field"]) == (409, "record.duplicate", field)
    assert label.split()[0] in answer.json["message"]


@pytest.mark.rule("P:CRM-21", "P:CRM-12")
def test_an_import_reports_it_as_a_duplicate(world, run_in, values, blind):
    blind(1)

    def load() -> str:
        with pytest.raises(Duplicate) as refused:
            call_in_savepoint(services.create_customer, actor=Office(world).user("bob"), **values)
        return refused.value.match

    assert run_in(world.one, load).endswith("王小明")
