"""The sheet that comes back: locked where it must be, compared cell by cell, saved when confirmed, undone as one."""

import datetime as dt
import io
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import REST, VIEW, add, add_many, edit, shown
from tests.app.crud.sheets import SHEET, changes, compared, followed, get_sheet, press, refused, send_sheet
from tests.app.crud.test_import import decide

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "<b>", "{{7*7}}", "%s", "_x0041_", "李𠮷👨‍👩‍👧"]


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """May everything; two orders are there."""
    client = login("bea", world.one)
    add(client, number="A-1", discount="12.5", weight="0.25", boxes="3", deliver_at="2026-03-05T18:00", is_urgent="y")
    add(client, number="A-2", customer="Li Si", note="two\nlines")
    return client


def test_what_cannot_be_changed_is_locked_and_what_identifies_is_hidden(bea: FlaskClient) -> None:
    sheet = get_sheet(bea)

    first = sheet.row_of("number", "A-1")
    assert sheet.names[:5] == ["id", "version", "seal", "number", "customer"]
    assert sheet.data.protection.sheet
    hidden = sheet.data.column_dimensions["A"]  # One entry for columns 1 to 3.
    assert (hidden.hidden, hidden.min, hidden.max) == (True, 1, 3)
    assert sheet.data.row_dimensions[1].hidden
    assert (sheet.cell(first, "id").protection.locked, sheet.cell(first, "customer").protection.locked) == (True, False)
    assert sheet.cell(first, "ordered_on").value == dt.datetime.fromisoformat("2026-03-02")
    assert sheet.cell(first, "deliver_at").value == dt.datetime.fromisoformat("2026-03-05 18:00")
    assert (sheet.cell(first, "discount").value, sheet.cell(first, "boxes").value) == (12.5, 3)
    assert sheet.cell(first, "is_urgent").value == "Yes"
    assert {str(rule.sqref).rstrip("0123456789") for rule in sheet.data.data_validations.dataValidation}
    assert [one.title for one in sheet.book.worksheets] == ["Data", "How to", "Lists"]
    assert sheet.book["Lists"].sheet_state == "hidden"


def test_an_untouched_sheet_changes_nothing(bea: FlaskClient) -> None:
    page = compared(bea, get_sheet(bea))

    assert "Nothing is changed in this sheet." in page
    assert changes(page) == []
    assert refused(page) == []


def test_every_change_is_shown_first_saved_when_confirmed_and_undone_as_one(bea: FlaskClient) -> None:
    before = [shown(bea, 1), shown(bea, 2)]
    sheet = get_sheet(bea)
    one, two = sheet.row_of("number", "A-1"), sheet.row_of("number", "A-2")
    sheet.cell(one, "customer").value = "Zhao Liu"
    sheet.cell(one, "discount").value = None
    sheet.cell(one, "ordered_on").value = dt.datetime.fromisoformat("2026-03-09")
    sheet.cell(one, "is_urgent").value = "No"
    sheet.cell(two, "keeper_id").value = "Ann"

    page = compared(bea, sheet)

    assert sorted(changes(page)) == sorted(
        [
            ("A-1", "Customer", "Wang Wu", "Zhao Liu"),
            ("", "Ordered on", "2026-03-02", "2026-03-09"),
            ("", "Is urgent", "Yes", "No"),
            ("", "Discount", "12.50", "–"),
            ("A-2", "Keeper", "–", "Ann"),
        ]
    )
    assert [shown(bea, 1), shown(bea, 2)] == before

    saved = followed(bea, press(bea, page, r"/sheet$"))
    assert "The changes are saved." in saved
    after = shown(bea, 1)
    assert (after["customer"], after["ordered_on"], after["is_urgent"], after["discount"]) == (
        "Zhao Liu",
        "2026-03-09",
        False,
        None,
    )
    assert press(bea, page, r"/sheet$").status_code == 422  # Confirmed twice, saved once.

    undone = followed(bea, press(bea, saved, r"/sheet/undo/\d+$"))
    assert "All changes of the sheet are undone." in undone
    assert [shown(bea, 1), shown(bea, 2)] == before
    assert press(bea, saved, r"/sheet/undo/\d+$").status_code == 404


def test_a_record_that_moved_on_is_named_and_not_overwritten(bea: FlaskClient) -> None:
    sheet = get_sheet(bea)
    one, two = sheet.row_of("number", "A-1"), sheet.row_of("number", "A-2")
    sheet.cell(one, "customer").value = "Mine"
    edit(bea, 1, customer="Theirs", version="1")
    edit(bea, 2, number="A-2", customer="Also theirs", version="1")

    page = compared(bea, sheet, run="1")

    ((row, title, column, message),) = refused(page)
    assert (row, title, column) == (str(one + 3), "A-1", "–")
    assert message.startswith("Bea Test changed this record at 20")
    assert shown(bea, 1)["customer"] == "Theirs"
    assert sheet.cell(two, "customer").value == "Li Si"  # The row that nobody edited here is no conflict.
    assert "Nothing was saved." in page


def test_undoing_leaves_alone_what_was_changed_since(bea: FlaskClient) -> None:
    sheet = get_sheet(bea)
    for number in ("A-1", "A-2"):
        sheet.cell(sheet.row_of("number", number), "customer").value = "Sheet"
    saved = compared(bea, sheet, run="1")
    edit(bea, 1, customer="Later", version=str(bea.get(f"{REST}/1").json["version"]))

    undone = followed(bea, press(bea, saved, r"/sheet/undo/\d+$"))

    assert [found[0] for found in refused(undone)] == ["A-1"]
    assert (shown(bea, 1)["customer"], shown(bea, 2)["customer"]) == ("Later", "Li Si")


def test_swapped_rows_copies_and_sheets_of_elsewhere_are_refused(world: Any, login: Login, bea: FlaskClient) -> None:
    other = login("bea", world.two)
    add(other, number="A-1")
    foreign = get_sheet(other)
    foreign.cell(0, "customer").value = "Stolen"
    sheet = get_sheet(bea)
    one, two = sheet.row_of("number", "A-1"), sheet.row_of("number", "A-2")
    sheet.cell(one, "id").value, sheet.cell(two, "id").value = 2, 1
    sheet.cell(one, "customer").value = "Swapped"

    for attempt, rows in ((foreign, 1), (sheet, 2)):
        page = compared(bea, attempt, run="1")
        found = refused(page)
        assert "did not come back" not in page
        assert len(found) == rows
        assert all("hidden columns of this row were changed" in each[3] for each in found)

    copied = get_sheet(bea)
    for name in copied.names:
        copied.cell(one, name).value = copied.cell(two, name).value
    assert [each[3] for each in refused(compared(bea, copied, run="1"))] == ["This record stands twice in the file."]
    older = get_sheet(bea)
    older.cell(one, "version").value = 7
    assert len(refused(compared(bea, older, run="1"))) == 1
    assert [shown(bea, key)["customer"] for key in (1, 2)] == ["Wang Wu", "Li Si"]


def test_masked_cells_stay_and_cannot_be_changed(world: Any, login: Login, bea: FlaskClient) -> None:
    cal = login("cal", world.one)
    sheet = get_sheet(cal)
    one = sheet.row_of("number", "A-1")
    assert sheet.cell(one, "phone").value == "138****5678"
    assert sheet.cell(one, "phone").protection.locked
    sheet.cell(one, "customer").value = "Zhao Liu"

    assert refused(compared(cal, sheet, run="1")) == []
    assert (shown(bea, 1)["customer"], shown(bea, 1)["phone"]) == ("Zhao Liu", "13812345678")

    sheet = get_sheet(cal)
    sheet.cell(one, "phone").value = "13900001111"
    assert [each[1:] for each in refused(compared(cal, sheet, run="1"))] == [
        ("A-1", "Phone", "You may not change this column.")
    ]
    assert shown(bea, 1)["phone"] == "13812345678"


def test_new_rows_are_records_and_missing_rows_stay(bea: FlaskClient, count: Any) -> None:
    from addons.market.models import Order

    sheet = get_sheet(bea)
    for name, value in {"number": "A-9", "customer": "New", "ordered_on": "2026-03-20"}.items():
        sheet.cell(2, name).value = value
    sheet.data.delete_rows(3)

    page = compared(bea, sheet)
    assert ("A-9 New", "Number", "–", "A-9") in changes(page)
    assert "1 rows of the sheet did not come back" in page
    assert count(Order) == 2

    saved = followed(bea, press(bea, page, r"/sheet$"))
    assert count(Order) == 3
    followed(bea, press(bea, saved, r"/sheet/undo/\d+$"))
    assert count(Order) == 2


def test_a_wrong_cell_is_named_and_nothing_is_saved_unless_the_policy_keeps_the_rest(
    world: Any, bea: FlaskClient, run_in: Any
) -> None:
    sheet = get_sheet(bea)
    one, two = sheet.row_of("number", "A-1"), sheet.row_of("number", "A-2")
    sheet.cell(one, "ordered_on").value = "2026-02-30"
    sheet.cell(one, "number").value = ""
    sheet.cell(two, "customer").value = "Fine"

    page = compared(bea, sheet, run="1")
    assert sorted(each[2] for each in refused(page)) == ["Number", "Ordered on"]
    assert shown(bea, 2)["customer"] == "Li Si"

    run_in(world.one, partial(decide, world, "good_rows"))
    assert "The rows that are in order are saved" in compared(bea, sheet, run="1")
    assert (shown(bea, 1)["ordered_on"], shown(bea, 2)["customer"]) == ("2026-03-02", "Fine")


def test_hostile_cells(bea: FlaskClient) -> None:
    for number, text in enumerate(HOSTILE):
        assert add(bea, number=f"H-{number}", customer=text).status_code == 302

    sheet = get_sheet(bea)
    assert {sheet.cell(row, "customer").data_type for row in range(len(HOSTILE) + 2)} == {"s"}
    untouched = compared(bea, sheet)
    assert (changes(untouched), refused(untouched)) == ([], [])

    one = sheet.row_of("number", "A-1")
    for name, text in {"weight": "1e999999999", "boxes": "NaN", "discount": "#REF!", "ordered_on": "=1+1"}.items():
        sheet.cell(one, name).value = text
    for cell in ("<script>alert(1)</script>", "x" * 90, "\u202e\x07evil"):
        sheet.cell(one, "customer").value = cell.replace("\x07", "")
        page = compared(bea, sheet, run="1")
        assert "<script>alert(1)" not in page
        assert {"Weight", "Boxes", "Discount", "Ordered on"} - {each[2] for each in refused(page)} <= {"Ordered on"}
    assert shown(bea, 1)["customer"] == "Wang Wu"


@pytest.mark.needs("libreoffice")
def test_libreoffice_saves_it_as_it_was_but_for_what_was_changed(bea: FlaskClient, tmp_path: Path) -> None:
    for number, text in enumerate(HOSTILE):
        assert add(bea, number=f"H-{number}", customer=text).status_code == 302
    sheet = get_sheet(bea)
    sheet.cell(sheet.row_of("number", "A-1"), "discount").value = 99.5
    (tmp_path / "a.xlsx").write_bytes(sheet.content())

    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{tmp_path}/saved", f"{tmp_path}/a.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip

    page = compared(bea, (tmp_path / "saved" / "a.xlsx").read_bytes())
    assert (changes(page), refused(page)) == ([("A-1", "Discount", "12.50", "99.50")], [])


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "cannot be read"),
        (b"x", "a.exe", "Send an .xlsx or a .csv file"),
        (b"id,version\n1,2\n", "a.csv", "This is no sheet for editing"),
        (b"id,version,seal:1,company_id\n1,1,x,2\n", "a.csv", "company_id&#39; is not known"),
        (b"id,version,seal:1,customer,customer\n", "a.csv", "is not known"),
    ],
)
def test_another_file_is_refused_at_once(bea: FlaskClient, content: bytes, name: str, said: str) -> None:
    answer = send_sheet(bea, content, name)

    assert answer.status_code == 422
    assert said in answer.text


def test_only_who_may_edit_and_export(world: Any, login: Login, bea: FlaskClient) -> None:
    ann = login("ann", world.one)  # No right to orders.
    assert [ann.get(f"{SHEET}{end}").status_code for end in ("", "/download")] == [403, 403]
    assert send_sheet(ann, get_sheet(bea).content()).status_code == 403
    assert ann.get(f"{REST}/sheet").status_code == 403
    oli = login("oli", world.one)  # His own only, and he has none.
    sheet = get_sheet(bea)
    sheet.cell(0, "customer").value = "Reached"
    assert "you may not change it" in refused(compared(oli, sheet, run="1"))[0][3]
    assert get_sheet(oli).data.cell(3, 1).value is None
    assert {shown(bea, key)["customer"] for key in (1, 2)} == {"Wang Wu", "Li Si"}


def test_by_rest(bea: FlaskClient) -> None:
    from tests.app.crud.sheets import Sheet

    with bea.get(f"{REST}/sheet") as answer:
        sheet = Sheet(answer.data)
    sheet.cell(sheet.row_of("number", "A-1"), "customer").value = "By REST"

    def post(**values: str) -> Any:
        data = {"file": (io.BytesIO(sheet.content()), "a.xlsx"), **values}
        return bea.post(f"{REST}/sheet", data=data, content_type="multipart/form-data")

    assert bea.get(post().json["url"]).json["details"]["records"][0]["cells"] == [
        {"label": "Customer", "old": "Wang Wu", "new": "By REST"}
    ]
    assert shown(bea, 1)["customer"] == "Wang Wu"
    job = post(run="1").json["id"]
    assert shown(bea, 1)["customer"] == "By REST"
    assert bea.post(f"{REST}/sheet/undo/{job}").status_code == 202
    assert shown(bea, 1)["customer"] == "Wang Wu"


def test_many_records_come_in_pages(world: Any, bea: FlaskClient, run_in: Any) -> None:
    add_many(run_in, world.one, range(60))
    sheet = get_sheet(bea)
    for row in range(62):
        sheet.cell(row, "customer").value = f"Changed {row}"

    answer = send_sheet(bea, sheet.content())

    first, second = (bea.get(f"{answer.headers['Location']}{page}").text for page in ("", "?page_sheet=1"))
    assert (len(changes(first)), len(changes(second))) == (50, 12)
    assert "Save 62 records" in second


def test_the_list_offers_it(world: Any, login: Login, bea: FlaskClient) -> None:
    page = bea.get(f"{VIEW}/list/?q=A-1").text
    assert f'href="{SHEET}?q=A-1"' in page
    assert f"{SHEET}/download?q=A-1" in bea.get(f"{SHEET}?q=A-1").text
    assert get_sheet(bea, "?q=A-1").data.cell(4, 1).value is None
    assert "data-sheet-drop" in page
