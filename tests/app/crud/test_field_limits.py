"""Fields that a role hides or shows only: on every way out, and refused on every way in (S:CORE-04)."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.app.crud.files import excel
from tests.app.crud.limits import HIDDEN, LOOKS, READ_ONLY, limit, plain
from tests.app.crud.orders import FORM, REST, VIEW, add, shown
from tests.app.crud.sheets import compared, followed, get_sheet, send_sheet

pytestmark = pytest.mark.rule("S:CORE-04")
WRITES = (*LOOKS, "add", "import")
Login = Callable[..., FlaskClient]
# What an order says, and how it looks on a page, in JSON or in a file.
SECRETS = {
    "customer": ("Quillfeather",),
    "discount": ("8765.43", "8,765.43", "17530.86", "17,530.86"),
    "note": ("whispered",),
    "keeper": ("Odalys",),
    "lines/price": ("4321.09", "4,321.09"),
}
LEVELS = dict.fromkeys(SECRETS, HIDDEN)
ORDER = {**FORM, "customer": "Quillfeather", "discount": "8765.43", "note": "whispered", "boxes": "7"}
ORDER["deliver_at"] = "2026-03-02T10:00"
LINE = {"lines-0-item": "Chair", "lines-0-quantity": "2", "lines-0-price": "4321.09"}


@pytest.fixture
def bea(world: Any, login: Login, run_in: Any) -> FlaskClient:
    """Sees everything; she has written an order that Odalys keeps, and changed it once."""
    from app.companies.models import Employee
    from app.database.session import session

    def hire() -> int:
        import datetime as dt

        made = Employee(number="E-9", name="Odalys", hired_on=dt.date(2025, 1, 1))
        session.add(made)
        session.flush()
        return made.id

    keeper = str(run_in(world.one, hire))
    client = login("bea", world.one)
    assert add(client, **{**ORDER, **LINE, "keeper_id": keeper, "note": "first"}).status_code == 302
    changed = client.put(f"{REST}/1", json={"note": "whispered", "customer": "Quillfeather"})
    assert changed.status_code == 200
    return client


def text_of(client: FlaskClient, address: str) -> str:
    """Return what an address shows: a page, JSON, or the cells of a file."""
    with client.get(address) as answer:
        assert answer.status_code == 200, (address, answer.text[:500])
        if "spreadsheet" not in answer.content_type:
            return plain(answer.text)
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


WAYS_OUT = {
    "list": f"{VIEW}/list/",
    "record": f"{VIEW}/show/1",
    "its change log": f"{VIEW}/show/1",
    "form": f"{VIEW}/edit/1",
    "board": f"{VIEW}/board/",
    "calendar": f"{VIEW}/calendar/?at=2026-03-02&by=day",
    "REST list": f"{REST}/",
    "REST record": f"{REST}/1",
    "export": f"{VIEW}/export/",
    "export by REST": f"{REST}/export",
    "sheet": f"{VIEW}/sheet/download",
    "sheet by REST": f"{REST}/sheet",
    "report": "/reports/market.sums",
    "report as Excel": "/reports/market.sums/excel",
}
# Where the names of fields stand, without values.
SHAPES = {
    "add form": f"{VIEW}/add",
    "description of REST": "/api/v1/_openapi",
    "REST description of the resource": f"{REST}/_info",
    "import template": f"{VIEW}/import/template",
}


def test_no_way_out_shows_a_hidden_field(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", LEVELS)
    cal = login("cal", world.one)

    for way, address in WAYS_OUT.items():
        seen, whole = text_of(cal, address), text_of(bea, address)
        assert [word for words in SECRETS.values() for word in words if word in seen] == [], way
        assert any(word in whole for words in SECRETS.values() for word in words), f"{way} proves nothing"
        assert "A-1" in seen, way


def test_no_description_names_a_hidden_field(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    names = {"discount": HIDDEN, "lines/price": HIDDEN}
    limit(world, run_in, "cal", names, verbs=WRITES)
    cal = login("cal", world.one)

    for way, address in SHAPES.items():
        seen, whole = text_of(cal, address).lower(), text_of(bea, address).lower()
        assert "discount" in whole, f"{way} proves nothing"
        assert "discount" not in seen, way
        assert "price" not in seen, way


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{VIEW}/list/?_flt_1_customer=Quillfeather", 200),
        (f"{VIEW}/list/?_oc_market_OrderView=customer", 200),
        (f"{VIEW}/export/?_flt_1_customer=Quillfeather", 422),
        (f"{VIEW}/export/?_oc_market_OrderView=customer", 422),
        (f"{REST}/?q=(filters:!((col:customer,opr:eq,value:Quillfeather)))", 422),
        (f"{REST}/?q=(order_column:customer)", 422),
        (f"{REST}/?q=(columns:!(customer))", 422),
        ("/reports/market.sums?over=1", 422),
    ],
)
def test_what_asks_by_a_hidden_field_is_refused(
    world: Any, login: Login, run_in: Any, bea: FlaskClient, address: str, status: int
) -> None:
    limit(world, run_in, "cal", LEVELS)

    answer = login("cal", world.one).get(address)
    assert answer.status_code == status, address
    assert status == 422 or "flash-warning" in answer.text


def test_nothing_is_found_by_a_hidden_field(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    searches = {
        "list": f"{VIEW}/list/?q={{}}",
        "palette": "/palette/?q={}",
        "REST": f"{REST}/?q=(search:'{{}}')",
        "export": f"{VIEW}/export/?q={{}}",
    }
    limit(world, run_in, "cal", {"customer": HIDDEN})
    cal = login("cal", world.one)

    for way, address in searches.items():
        by_number, by_name = (address.format(word) for word in ("A-1", "Quillfeather"))
        assert "A-1" in text_of(bea, by_name).replace(by_name, ""), f"{way} proves nothing"
        assert "/show/1" in text_of(cal, by_number) or "A-1" in text_of(cal, by_number), way
        found = text_of(cal, by_name)
        assert "/show/1" not in found, way
        assert '"A-1"' not in found, way
        assert "\nA-1\n" not in f"\n{found}\n", way


def test_a_copy_has_no_hidden_value(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", {"note": HIDDEN, "lines/price": HIDDEN}, verbs=WRITES)
    cal = login("cal", world.one)
    page = cal.get(f"{VIEW}/add?copy=1").text
    assert "Chair" in page
    assert "whispered" not in page
    assert "4321.09" not in page

    assert add(cal, number="A-2", **LINE).status_code == 302
    made = shown(bea, 2)
    assert (made["note"], made["lines"][0]["price"]) == (None, None)


def test_what_is_hidden_is_kept_on_save(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", {key: level for key, level in LEVELS.items() if key != "customer"})
    cal, before = login("cal", world.one), shown(bea)
    line = before["lines"][0]["id"]
    typed = {**FORM, "customer": "Zhou", "lines-0-id": str(line), "lines-0-item": "Stool", "lines-0-quantity": "3"}
    smuggled = {"discount": "1", "note": "x", "keeper_id": "", "lines-0-price": "1"}

    assert cal.post(f"{VIEW}/edit/1", data={**typed, **smuggled, "version": "2"}).status_code == 302
    after = shown(bea)
    assert {name: after[name] for name in ("discount", "note", "keeper")} == {
        name: before[name] for name in ("discount", "note", "keeper")
    }
    assert (after["customer"], after["lines"][0]["item"], after["lines"][0]["price"]) == ("Zhou", "Stool", "4321.09")


@pytest.mark.parametrize("level", [HIDDEN, READ_ONLY])
def test_what_is_kept_back_is_changed_on_no_way(
    world: Any, login: Login, run_in: Any, bea: FlaskClient, level: Any
) -> None:
    limit(world, run_in, "cal", {"discount": level, "lines/price": level}, verbs=WRITES)
    cal, before = login("cal", world.one), shown(bea)
    line = {"id": before["lines"][0]["id"], "item": "Chair", "quantity": "2"}
    status, error = (403, "field.locked") if level is READ_ONLY else (422, "body.unknown")
    row = {"number": "A-3", "customer": "Wu", "ordered_on": "2026-03-02"}

    refused = {
        "REST change": (cal.put(f"{REST}/1", json={"discount": "1"}), "discount"),
        "REST new": (cal.post(f"{REST}/", json={**row, "discount": "1"}), "discount"),
        "REST line": (cal.put(f"{REST}/1", json={"lines": [{**line, "price": "1"}]}), "lines.price"),
    }
    for way, (answer, field) in refused.items():
        assert (answer.status_code, answer.json["error"], answer.json["field"]) == (status, error, field), way
    heading = excel([[*row.values(), "1"]], [*row, "discount"])
    sent = cal.post(
        f"{VIEW}/import", data={"file": (io.BytesIO(heading), "o.xlsx")}, content_type="multipart/form-data"
    )
    assert sent.status_code == 422
    assert "discount" in sent.text
    assert shown(bea) == before


def test_what_is_read_only_is_text_in_the_form(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", {"note": READ_ONLY, "keeper": READ_ONLY, "lines/price": READ_ONLY})
    cal = login("cal", world.one)
    page = plain(cal.get(f"{VIEW}/edit/1").text)

    assert 'name="note"' not in page
    assert 'name="keeper_id"' not in page
    assert "lines-0-price" not in page
    assert [word in page for word in ("whispered", "Odalys", "4,321.09")] == [True] * 3


def test_a_read_only_column_of_a_sheet_is_locked(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", {"note": READ_ONLY})
    cal = login("cal", world.one)
    sheet = get_sheet(cal)
    assert sheet.cell(0, "note").value == "whispered"
    assert sheet.cell(0, "note").protection.locked

    sheet.cell(0, "note").value = "shouted"
    assert "You may not change this column." in compared(cal, sheet)
    assert shown(bea)["note"] == "whispered"


def test_an_older_sheet_and_its_undoing_change_nothing_kept_back(
    world: Any, login: Login, run_in: Any, bea: FlaskClient
) -> None:
    sheet = get_sheet(bea)
    sheet.cell(0, "note").value = "shouted"
    limit(world, run_in, "cal", {"note": HIDDEN})
    cal = login("cal", world.one)

    data: dict[str, Any] = {"file": (io.BytesIO(sheet.content()), "orders.xlsx")}
    assert cal.post(f"{VIEW}/sheet", data=data, content_type="multipart/form-data").status_code == 422
    assert shown(bea)["note"] == "whispered"

    change_limits(world, run_in, {})
    saved = send_sheet(cal, sheet.content(), run="1").headers["Location"]
    assert shown(bea)["note"] == "shouted"
    change_limits(world, run_in, {"note": HIDDEN})
    job = saved.rstrip("/").rpartition("/")[2]
    assert "You may not change" in followed(cal, cal.post(f"{VIEW}/sheet/undo/{job}"))
    assert shown(bea)["note"] == "shouted"


def test_the_most_generous_role_counts(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", {"note": HIDDEN, "discount": READ_ONLY}, alone=False)  # Beside market_clerk.

    cal = login("cal", world.one)
    assert shown(cal)["note"] == "whispered"
    assert cal.put(f"{REST}/1", json={"note": "x", "discount": "1"}).status_code == 200


def test_a_role_that_only_reads_lets_nobody_change_a_field(
    world: Any, login: Login, run_in: Any, bea: FlaskClient
) -> None:
    limit(world, run_in, "cal", {"note": HIDDEN}, verbs=("list", "show", "edit"))
    run_in(world.one, lambda: reader(world, "cal"))

    cal = login("cal", world.one)
    assert shown(cal)["note"] == "whispered"
    assert cal.put(f"{REST}/1", json={"note": "x"}).json["error"] == "field.locked"


def reader(world: Any, username: str) -> None:
    """Let a user read orders by one more role."""
    from app.companies.memberships import add_membership
    from app.companies.models import Scope
    from app.security.own_roles import change_rights, make_role
    from app.security.sync import pair_ids

    role = make_role("Reader", company_id=world.one)
    change_rights(role, give=[pair_ids()[f"can_{verb}", "market.Order"] for verb in ("list", "show")], take=[])
    add_membership(world.one, user_id=world.users[username], role_id=role.id, scope=Scope.COMPANY)


def test_another_company_keeps_nothing_back(world: Any, login: Login, run_in: Any) -> None:
    limit(world, run_in, "cal", {"note": HIDDEN})

    cal = login("cal", world.two)
    assert add(cal, note="loud").status_code == 302
    assert shown(cal)["note"] == "loud"


def test_a_file_made_before_is_not_given_out(world: Any, login: Login, run_in: Any, bea: FlaskClient) -> None:
    limit(world, run_in, "cal", {})
    cal = login("cal", world.one)
    job = cal.post(f"{VIEW}/export/").headers["Location"]
    file = f"{job.rstrip('/')}/file"
    assert status(cal, file) == 200

    change_limits(world, run_in, {"discount": HIDDEN})
    assert status(cal, file) == 403


def status(client: FlaskClient, address: str) -> int:
    """Return the status of an answer, and close its file."""
    with client.get(address) as answer:
        return answer.status_code


def change_limits(world: Any, run_in: Any, levels: dict[str, Any]) -> None:
    """Change what cal's role keeps back."""
    from flask_appbuilder.security.sqla.models import Role

    from app.database.session import session
    from app.security.limiting import set_limits

    def change() -> None:
        role = session.query(Role).filter(Role.name.like("%Kept from cal")).one()
        set_limits(role, "market.Order", levels, pairs=[("can_list", "market.Order")], delegate=None)

    run_in(world.one, change)
