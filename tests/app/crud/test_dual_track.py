"""Dual track: figures made by hand beside those of a report run that was kept, and report R-36 (S:CORE-23, S:R-36)."""

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument

from tests.app.crud.orders import add_many, sheet_of
from tests.app.crud.sheets import Sheet, changes, followed, press

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
REPORT, REST = "/reports/market.sums", "/api/v1/statistics/comparison"
COMPARED = "/reports/statistics.dual_track"
NOTE = "Two invoices are missing"


def decide(world: Any, run_in: Any, key: str, value: Any, on: dt.date = dt.date(2026, 1, 1)) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.registry import get_parameter

    def write() -> None:
        get_parameter(key).set(value, valid_from=on, actor=session.get_one(User, world.users["root"]))

    run_in(world.one, write)


@pytest.fixture
def trial(world: Any, run_in: Any) -> None:
    """The company is on trial, and has an order of which the report says 1,000,000, and another one of nothing."""
    decide(world, run_in, "core.in_trial", value=True)
    add_many(run_in, world.one, range(1), discount=Decimal(50), boxes=3)
    add_many(run_in, world.one, range(1, 2), discount=Decimal(0))


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    return login("root", world.one)


def figures(client: FlaskClient) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the comparisons by item and figure."""
    rows = [client.get(f"{REST}/{key}").json["result"] | {"id": key} for key in client.get(f"{REST}/").json["ids"]]
    return {(row["item"], row["figure"]): row for row in rows}


def type_in(client: FlaskClient, row: dict[str, Any], manual: str, note: str = "") -> Any:
    address = f"/statistics/comparison/edit/{row['id']}"
    shown = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert shown
    return client.post(address, data={"manual": manual, "note": note, "version": shown[1]})


@pytest.mark.rule("S:CORE-23", "S:R-36")
@pytest.mark.usefixtures("trial")
def test_a_manual_figure_beside_the_automatic_one_is_compared(root: FlaskClient) -> None:
    kept = root.post(f"{REPORT}/keep?over=")
    assert (kept.status_code, kept.location) == (302, "/statistics/comparison/list/?_flt_0_run_id=1")
    found = figures(root)
    assert set(found) == {
        (item, figure) for item in ("N-0000", "N-0001", "= Total") for figure in ("Most", "Boxes")
    } - {("= Total", "Boxes")}
    most = found["N-0000", "Most"]
    assert (Decimal(most["automatic"]), most["manual"], most["outcome"]) == (1_000_000, None, "waiting")

    answer = type_in(root, most, "980000", NOTE)
    assert answer.status_code == 302
    page = root.get(answer.location).text
    assert "The figures differ by 20,000 (2.04 %)." in page
    assert NOTE in page
    compared = figures(root)["N-0000", "Most"]
    assert (Decimal(compared["difference"]), compared["percent"], compared["outcome"]) == (
        20_000,
        "2.04 %",
        "different",
    )


@pytest.mark.rule("S:R-36")
@pytest.mark.usefixtures("trial")
def test_the_report_says_it_on_screen_in_excel_and_on_paper(root: FlaskClient) -> None:
    root.post(f"{REPORT}/keep")
    found = figures(root)
    type_in(root, found["N-0000", "Most"], "980000")
    type_in(root, found["N-0000", "Boxes"], "3")
    type_in(root, found["N-0001", "Most"], "0")

    period = f"{dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=8))):%Y-%m}"
    page = root.get(COMPARED).text
    cells = re.findall(
        r'<td data-label="(?:Automatic figure|Manual figure|Difference|Deviation)"[^>]*>(?:<a[^>]*>)?([^<]*)', page
    )
    assert cells == ["1,000,000", "980,000", "20,000", "2.04%", "3", "3", "0", "0.00%", "0", "0", "0", ""]
    assert root.get(f"{COMPARED}?different=1").text.count("N-0000") == 1
    head, first, *_more = sheet_of(root, f"{COMPARED}/excel?different=1")
    assert head == [
        "Period", "Report", "Item", "Figure", "Automatic figure", "Manual figure", "Difference", "Deviation",
    ]  # fmt: skip
    assert first == [period, "Orders in sums", "N-0000", "Most", 1_000_000, 980_000, 20_000, 0.020408]
    with root.get(f"{COMPARED}/pdf?different=1") as answer:
        text = PdfDocument(answer.data)[0].get_textpage().get_text_range()
    assert "2.04%" in text


@pytest.mark.rule("S:CORE-23")
@pytest.mark.usefixtures("trial")
def test_manual_figures_come_from_an_edited_sheet(root: FlaskClient) -> None:
    root.post(f"{REPORT}/keep")
    with root.get("/statistics/comparison/sheet/download?_flt_0_item=N-0000") as answer:
        sheet = Sheet(answer.data)
    assert [sheet.cell(row, "record").value for row in (0, 1)] == ["N-0000 · Most", "N-0000 · Boxes"]
    sheet.cell(0, "manual").value = 980_000

    sent = {"file": (io.BytesIO(sheet.content()), "manual.xlsx")}
    page = followed(root, root.post("/statistics/comparison/sheet", data=sent, content_type="multipart/form-data"))
    assert [change[1:] for change in changes(page)] == [("Manual figure", "–", "980000")]
    assert figures(root)["N-0000", "Most"]["manual"] is None  # Compared only.
    followed(root, press(root, page, "/sheet$"))
    assert figures(root)["N-0000", "Most"]["percent"] == "2.04 %"


@pytest.mark.usefixtures("trial")
def test_a_later_run_takes_the_manual_figures_over(root: FlaskClient, world: Any, run_in: Any) -> None:
    root.post(f"{REPORT}/keep")
    before = figures(root)["N-0000", "Most"]
    type_in(root, before, "980000", NOTE)
    add_many(run_in, world.one, range(2, 3), discount=Decimal(1))

    root.get("/lang/zh")  # The same question in another language is the same question.
    assert root.post(f"{REPORT}/keep").location.endswith("run_id=2")
    root.get("/lang/en")
    rows = [root.get(f"{REST}/{key}").json["result"] | {"id": key} for key in root.get(f"{REST}/").json["ids"]]
    same = [row for row in rows if (row["item"], row["figure"]) == ("N-0000", "Most")]
    assert [(Decimal(row["manual"]), row["outcome"], row["note"]) for row in same] == [(980_000, "different", NOTE)] * 2
    refused = type_in(root, figures_of_run(rows, before["id"]), "1")
    assert refused.status_code == 422
    assert "A later run of this report has replaced this one." in refused.text
    assert root.get(COMPARED).text.count(">N-0000</td>") == 1
    runs = root.get("/statistics/reportrun/show/1").text
    assert f'href="{REPORT}' in runs


def figures_of_run(rows: list[dict[str, Any]], key: int) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == key)


@pytest.mark.rule("S:CORE-23")
def test_outside_a_trial_nothing_is_kept_or_compared(world: Any, root: FlaskClient, run_in: Any, count: Any) -> None:
    from app.statistics.models import Comparison, ReportRun

    add_many(run_in, world.one, range(1), discount=Decimal(5))
    assert "/keep" not in root.get(REPORT).text
    refused = root.post(f"{REPORT}/keep")
    assert refused.status_code == 409
    assert "Figures are compared while “The company is on trial” is yes" in refused.text
    assert [count(ReportRun), count(Comparison)] == [0, 0]

    decide(world, run_in, "core.in_trial", value=True)
    assert f'action="{REPORT}/keep?"' in root.get(REPORT).text
    root.post(f"{REPORT}/keep")
    found = figures(root)["N-0000", "Most"]
    decide(world, run_in, "core.dual_track", value="off", on=dt.date(2026, 2, 1))
    assert type_in(root, found, "9").status_code == 422
    assert figures(root)["N-0000", "Most"]["manual"] is None


@pytest.mark.usefixtures("trial")
def test_rights_and_walls_hold(world: Any, login: Login, root: FlaskClient, count: Any) -> None:
    from app.statistics.models import ReportRun

    bea = login("bea", world.one)
    assert "/keep" not in bea.get(REPORT).text
    assert bea.post(f"{REPORT}/keep").status_code == 403
    assert bea.get(COMPARED).status_code == 403
    assert count(ReportRun) == 0
    root.post(f"{REPORT}/keep")
    assert login("root", world.two).get(f"{REST}/").json["count"] == 0


@pytest.mark.usefixtures("trial")
@pytest.mark.parametrize("typed", ["abc", "1e30", "-", "1000000000000000"])
def test_what_is_no_figure_is_named_and_changes_nothing(root: FlaskClient, typed: str) -> None:
    root.post(f"{REPORT}/keep")
    found = figures(root)["N-0000", "Most"]

    answer = type_in(root, found, typed)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert figures(root)["N-0000", "Most"]["manual"] is None
