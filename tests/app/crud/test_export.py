"""The filtered list as Excel: the rows and the order of the list, real numbers and dates, nothing that runs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW, add, add_many, sheet_of

Login = Callable[..., FlaskClient]
EXPORT = f"{VIEW}/export/"


def test_the_filtered_list_in_its_order(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea, number="A-1", discount="12.5", boxes="3", weight="0.25", is_urgent="y", deliver_at="2026-03-05T18:00")
    add(bea, number="A-2", ordered_on="2026-03-09")

    head, *rows = sheet_of(bea, f"{EXPORT}?_oc_orders_OrderView=number&_od_orders_OrderView=asc")
    (only,) = sheet_of(bea, f"{EXPORT}?_flt_1_ordered_on=2026-03-05")[1:]

    assert head[:4] == ["Number", "Customer", "Phone", "Ordered on"]
    assert [row[0] for row in rows] == ["A-1", "A-2"]
    first = dict(zip(head, rows[0], strict=True))
    assert first["Discount"] == 12.5
    assert (first["Boxes"], first["Weight"]) == (3, 0.25)
    assert first["Ordered on"] == dt.datetime.fromisoformat("2026-03-02")
    assert first["Deliver at"] == dt.datetime.fromisoformat("2026-03-05 18:00")
    assert (first["Is urgent"], first["State"]) == ("Yes", "Draft")
    assert only[0] == "A-2"


def test_formulas_are_text(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "{=1}", "\t=1", "<b>", "{{7*7}}", "%s"]
    for number, text in enumerate(hostile):
        assert add(bea, number=f"A-{number}", customer=text).status_code == 302

    rows = sheet_of(bea, EXPORT)[1:]

    assert sorted(row[1] for row in rows) == sorted(text.strip() for text in hostile)


def test_what_other_addons_show_is_exported_where_they_are_on(world: Any, login: Login) -> None:
    def head(company_id: int) -> list[str]:
        return sheet_of(login("ann", company_id), "/visits/visit/export/")[0]

    assert "Bonus" in head(world.one)
    assert "Bonus" not in head(world.two)


def test_many_rows_need_few_statements(world: Any, login: Login, run_in: Any, statements: Any) -> None:
    add_many(run_in, world.one, range(300))
    bea = login("bea", world.one)
    bea.get(f"{VIEW}/list/")

    def export() -> Any:
        answer = bea.get(EXPORT)
        answer.get_data()
        answer.close()
        return answer

    assert len(statements(export)) <= 12


def test_an_export_is_noted(world: Any, login: Login, run_in: Any) -> None:
    from app.audit import list_security_events

    bea = login("bea", world.one)
    add(bea)
    sheet_of(bea, EXPORT)

    def noted() -> list[Any]:
        found = [one for one in list_security_events() if one.kind == "list.exported"]
        return [(one.user_id, one.details["resource"], one.details["rows"]) for one in found]

    assert run_in(world.one, noted) == [(world.users["bea"], "orders.Order", 1)]


def test_only_those_with_the_right_export(world: Any, login: Login) -> None:
    assert login("rob", world.one).get("/visits/visit/export/").status_code == 403
    assert login("ann", world.one).get(EXPORT).status_code == 403
