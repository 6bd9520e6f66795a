"""The filtered list as Excel: the rows and the order of the list, real numbers and dates, nothing that runs."""

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import openpyxl
import pytest
from flask import current_app
from flask.testing import FlaskClient

from tests.app.crud.orders import REST, VIEW, add, add_many, sheet_of

Login = Callable[..., FlaskClient]
EXPORT = f"{VIEW}/export/"


def test_the_filtered_list_in_its_order(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea, number="A-1", discount="12.5", boxes="3", weight="0.25", is_urgent="y", deliver_at="2026-03-05T18:00")
    add(bea, number="A-2", ordered_on="2026-03-09")

    head, *rows = sheet_of(bea, f"{EXPORT}?_oc_market_OrderView=number&_od_market_OrderView=asc")
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

    assert run_in(world.one, noted) == [(world.users["bea"], "market.Order", 1)]


def test_only_those_with_the_right_export(world: Any, login: Login) -> None:
    assert login("rob", world.one).get("/visits/visit/export/").status_code == 403
    assert login("ann", world.one).get(EXPORT).status_code == 403


@pytest.fixture
def long(world: Any, run_in: Any) -> Iterator[None]:
    """Twelve orders, of which ten are written at once."""
    add_many(run_in, world.one, range(12))
    usual, world.app.config["EXPORT_AT_ONCE_ROWS"] = world.app.config["EXPORT_AT_ONCE_ROWS"], 10
    yield
    world.app.config["EXPORT_AT_ONCE_ROWS"] = usual


def events_of(run_in: Any, company_id: int, kind: str) -> list[dict[str, Any]]:
    """Return the details of the security events of a kind."""
    from app.audit import list_security_events

    return run_in(company_id, lambda: [one.details for one in list_security_events() if one.kind == kind])


def grant(right: str, *, on: bool) -> None:
    """Give the boss a right on orders, or take it away."""
    manager = current_app.appbuilder.sm
    change = manager.add_permission_role if on else manager.del_permission_role
    change(manager.find_role("market_boss"), manager.find_permission_view_menu(f"can_{right}", "market.Order"))


@pytest.mark.usefixtures("long")
def test_a_long_list_is_made_by_a_job(world: Any, login: Login, run_in: Any) -> None:
    bea = login("bea", world.one)
    order = "_oc_market_OrderView=number&_od_market_OrderView=asc"
    asking = re.search(r'href="(/share/[^"]+)"', bea.get(f"{VIEW}/list/?{order}").text)[1]  # It has personal data.
    assert f'action="{EXPORT}"' in bea.get(asking).text
    offer = bea.get(f"{EXPORT}?{order}")
    assert (offer.status_code, offer.mimetype) == (200, "text/html")
    assert "more than 10 rows" in offer.text

    started = bea.post(f"{EXPORT}?{order}")

    assert started.status_code == 302
    page = bea.get(started.headers["Location"]).text
    assert "Get the file" in page
    address = re.search(r'href="(/jobs/\d+/file)"', page)[1]
    head, *rows = sheet_of(bea, address)
    assert head[0] == "Number"
    assert [row[0] for row in rows] == [f"N-{number:04}" for number in range(12)]
    assert [one["rows"] for one in events_of(run_in, world.one, "list.exported")] == [12]
    assert [one["file"] for one in events_of(run_in, world.one, "file.downloaded")] == ["market-Order.xlsx"]


@pytest.mark.usefixtures("long")
def test_a_filtered_part_is_short_again(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    rows = sheet_of(bea, f"{EXPORT}?_flt_2_number=N-0003")[1:]
    assert [row[0] for row in rows] == ["N-0003"]
    assert bea.post(f"{EXPORT}?_flt_1_nothing=1").status_code == 422
    assert bea.get("/jobs/").text.count("/jobs/") <= 2


@pytest.mark.usefixtures("long")
def test_by_rest_a_long_list_is_asked_for_by_post(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    refused = bea.get(f"{REST}/export")
    assert (refused.status_code, refused.json["error"]) == (422, "export.long")

    started = bea.post(f"{REST}/export")

    assert started.status_code == 202
    job = bea.get(started.json["url"]).json
    assert (job["state"], job["done"], job["total"], job["details"]["rows"]) == ("done", 12, 12, 12)
    assert len(sheet_of(bea, job["file"])) == 13


@pytest.mark.rule("S:CORE-13", "P:CRM-20")
@pytest.mark.usefixtures("long")
def test_the_file_is_only_for_who_asked_and_still_may(world: Any, login: Login, run_in: Any) -> None:
    bea, cal = login("bea", world.one), login("cal", world.one)
    job = bea.get(bea.post(f"{REST}/export").json["url"]).json
    page = f"/jobs/{job['id']}/file"
    assert [client.get(page).status_code for client in (cal, login("bea", world.two))] == [404, 404]

    for right in ("see_personal", "export"):
        run_in(world.one, partial(grant, right, on=False))
        assert [bea.get(address).status_code for address in (page, job["file"])] == [403, 403]
        run_in(world.one, partial(grant, right, on=True))
    assert len(sheet_of(bea, page)) == 13

    assert [one["file"] for one in events_of(run_in, world.one, "file.downloaded")] == ["market-Order.xlsx"]


@pytest.mark.rule("P:CRM-20")
def test_masked_rows_come_from_the_stream_too(world: Any, login: Login, run_in: Any, statements: Any) -> None:
    add_many(run_in, world.one, range(2500), phone="13812345678")
    cal = login("cal", world.one)
    add(cal, number="A-1", phone="13912345678")  # His own.
    cal.get(f"{VIEW}/list/")
    found = []

    def export() -> Any:
        with cal.get(EXPORT) as answer:
            found.append(answer.data)
        return answer

    assert len(statements(export)) <= 12
    book = openpyxl.load_workbook(io.BytesIO(found[0]))
    phones = Counter(row[2] for row in book.active.iter_rows(values_only=True))
    assert phones == {"Phone": 1, "138****5678": 2500, "13912345678": 1}
