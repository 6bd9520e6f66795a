"""Other statistics: a list in rows and columns of the reader's choice, the same on both databases (S:R-24)."""

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument

from app.crud.models import SavedFilter
from app.security.models import FieldLevel
from tests.app.crud.limits import limit
from tests.app.crud.orders import VIEW, add, add_many

Login = Callable[..., FlaskClient]
PAGE = f"{VIEW}/pivot/"
BY_MONTH = "rows=state&across=ordered_on:month"


@pytest.fixture
def orders(world: Any, run_in: Any) -> None:
    """Orders of three states and two years, in company one; one more abroad."""
    from addons.market.models import OrderState

    march, april, last = dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2025, 12, 31)
    add_many(run_in, world.one, range(2), ordered_on=march, discount=Decimal("10.10"), boxes=1, is_urgent=True)
    add_many(run_in, world.one, range(2, 5), ordered_on=april, discount=Decimal("0.20"), boxes=2)
    add_many(run_in, world.one, range(5, 6), ordered_on=april, state=OrderState.SENT, discount=Decimal("1000000.01"))
    add_many(run_in, world.one, range(6, 7), ordered_on=last, state=OrderState.PAID)
    add_many(run_in, world.two, range(7, 9), ordered_on=march, discount=Decimal(5))


def table(client: FlaskClient, query: str) -> list[list[str]]:
    """Return the head, the rows and the totals of the page, in words."""
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200, page.text
    found = re.search(r'<table class="table pivot">.*?</table>', page.text, re.DOTALL)
    assert found, page.text
    rows = re.findall(r"<tr>(.*?)</tr>", found.group(), re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]*>", "", cell).strip().strip("–") for cell in row] for row in cells]


def links(client: FlaskClient, query: str) -> list[str]:
    """Return where the cells of the page lead, row by row."""
    page = client.get(f"{PAGE}?{query}").text
    inner = page.partition('<table class="table pivot">')[2].partition("</table>")[0]
    return [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]*)"', inner)]


@pytest.mark.rule("S:R-24")
@pytest.mark.usefixtures("orders")
def test_states_by_month_are_counted_with_totals(world: Any, login: Login) -> None:
    assert table(login("bea", world.one), BY_MONTH) == [
        ["State", "2025-12", "2026-03", "2026-04", "Total"],
        ["Draft", "", "2", "3", "5"],
        ["Sent", "", "", "1", "1"],
        ["Paid", "1", "", "", "1"],
        ["Total", "1", "2", "4", "7"],
    ]


@pytest.mark.rule("S:R-24")
@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("measure", "draft", "sent", "paid", "total"),
    [
        ("sum:discount", "20.80", "1,000,000.01", "", "1,000,020.81"),
        ("average:discount", "4.16", "1,000,000.01", "", "166,670.14"),  # Of the six that have one.
        ("min:discount", "0.20", "1,000,000.01", "", "0.20"),
        ("max:discount", "10.10", "1,000,000.01", "", "1,000,000.01"),
        ("sum:boxes", "8", "", "", "8"),
        ("average:boxes", "1.6", "", "", "1.6"),
    ],
)
def test_figures_are_exact(world: Any, login: Login, measure: str, draft: str, sent: str, paid: str, total: str):
    found = table(login("bea", world.one), f"rows=state&measure={measure}")

    assert [row[-1] for row in found[1:]] == [draft, sent, paid, total]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("span", "heads"),
    [
        ("day", ["2025-12-31", "2026-03-31", "2026-04-01"]),
        ("week", ["2026-W01", "2026-W14"]),
        ("month", ["2025-12", "2026-03", "2026-04"]),
        ("quarter", ["2025-Q4", "2026-Q1", "2026-Q2"]),
        ("year", ["2025", "2026"]),
    ],
)
def test_dates_are_grouped_by_spans(world: Any, login: Login, span: str, heads: list[str]) -> None:
    assert [row[0] for row in table(login("bea", world.one), f"rows=ordered_on:{span}")][1:-1] == heads


def test_an_instant_counts_on_the_local_day(world: Any, login: Login, run_in: Any) -> None:
    late = dt.datetime(2026, 3, 31, 16, 0, tzinfo=dt.UTC)  # Midnight in Shanghai.
    add_many(run_in, world.one, range(1), deliver_at=late)
    add_many(run_in, world.one, range(1, 2), deliver_at=late - dt.timedelta(microseconds=1))
    bea = login("bea", world.one)

    assert [row[:2] for row in table(bea, "rows=deliver_at:month")] == [
        ["Deliver at · Month", "Number of records"],
        ["2026-03", "1"],
        ["2026-04", "1"],
        ["Total", "2"],
    ]
    april = next(url for url in links(bea, "rows=deliver_at:month") if "2026-04-30" in url)
    assert re.findall(r">(N-\d+)<", bea.get(april).text) == ["N-0000"]


@pytest.mark.rule("S:R-24")
@pytest.mark.usefixtures("orders")
def test_each_cell_leads_to_its_records(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    asked = f"{BY_MONTH}&_flt_0_is_urgent=0&q=Customer"

    found = table(bea, asked)
    assert found[1:] == [
        ["Draft", "", "3", "3"],
        ["Sent", "", "1", "1"],
        ["Paid", "1", "", "1"],
        ["Total", "1", "4", "5"],
    ]
    urls = links(bea, asked)
    assert urls[0] == (
        f"{VIEW}/list/?_flt_0_is_urgent=0&q=Customer&_flt_0_state=draft"
        "&_flt_1_ordered_on=2026-04-01&_flt_2_ordered_on=2026-04-30"
    )
    counts = [len(re.findall(r">N-\d+<", bea.get(url).text)) for url in urls]
    assert counts == [3, 3, 1, 1, 1, 1, 1, 4, 5]


def test_records_of_one_title_stay_apart_and_blanks_come_last(world: Any, login: Login, run_in: Any) -> None:
    from app.companies.models import Employee
    from app.database.session import session

    def hire() -> list[int]:
        made = [Employee(number=number, name="Lin", hired_on=dt.date(2026, 1, 1)) for number in ("L1", "L2")]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]

    first, second = run_in(world.one, hire)
    add_many(run_in, world.one, range(2), keeper_id=first)
    add_many(run_in, world.one, range(2, 3), keeper_id=second)
    add_many(run_in, world.one, range(3, 4))
    bea = login("bea", world.one)

    assert table(bea, "rows=keeper")[1:] == [["Lin", "2"], ["Lin", "1"], ["Not set", "1"], ["Total", "4"]]
    assert links(bea, "rows=keeper")[:2] == [f"{VIEW}/list/?_flt_0_keeper_id={key}" for key in (first, second)]
    two = table(bea, "rows=is_urgent&rows2=keeper")
    assert two[:3] == [["Is urgent", "Keeper", "Number of records"], ["No", "Lin", "2"], ["", "Lin", "1"]]


@pytest.mark.rule("S:R-24")
def test_scope_limits_and_masks_hold(world: Any, login: Login, run_in: Any) -> None:
    add(login("bea", world.one), discount="5")
    add(login("oli", world.one), number="A-2", discount="7")

    assert table(login("oli", world.one), "rows=state")[-1] == ["Total", "1"]
    assert login("rob", world.one).get(f"{PAGE}?rows=state").status_code == 403
    assert 'value="phone' not in login("bea", world.one).get(PAGE).text
    assert login("bea", world.one).get(f"{PAGE}?rows=phone").status_code == 422
    limit(world, run_in, "cal", {"discount": FieldLevel.HIDDEN, "keeper": FieldLevel.HIDDEN})
    cal = login("cal", world.one)
    page = cal.get(PAGE).text
    assert 'value="state"' in page
    assert "discount" not in page
    assert "keeper" not in page
    for query in ("rows=keeper", "rows=state&measure=sum:discount", "rows=state&_flt_1_discount=6"):
        refused = cal.get(f"{PAGE}?{query}")
        assert refused.status_code == 422
        assert '<table class="table pivot">' not in refused.text


@pytest.mark.parametrize(
    ("query", "field", "text"),
    [
        ("rows=gone", "rows", "Choose one of the fields offered."),
        ("rows=state&measure=sum:state", "measure", "Choose one of the fields offered."),
        ("rows=state&across=state", "across", "Choose each field once."),
        ("across=state", "rows", "Choose what stands in the rows."),
    ],
)
def test_a_choice_that_makes_no_sense_is_named(world: Any, login: Login, query: str, field: str, text: str) -> None:
    page = login("bea", world.one).get(f"{PAGE}?{query}")

    assert page.status_code == 422
    assert f'id="pivot-{field}-error"' in page.text
    assert text in page.text


@pytest.mark.rule("S:R-24")
def test_too_many_cells_are_refused(world: Any, login: Login, run_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.crud.pivots.table.MOST_CELLS", 20)
    add_many(run_in, world.one, range(5))
    bea = login("bea", world.one)

    assert bea.get(f"{PAGE}?rows=number&across=state").status_code == 200
    for query in ("rows=number&across=customer", f"rows=number&rows2=customer&across=state&{'_flt_0_number=N'}"):
        page = bea.get(f"{PAGE}?{query}")
        expected = 422 if "across=customer" in query else 200
        assert page.status_code == expected
        assert ("That makes more than 20 cells." in page.text) == (expected == 422)


@pytest.mark.usefixtures("orders")
def test_one_statement_makes_a_pivot(world: Any, login: Login, statements: Any) -> None:
    bea = login("bea", world.one)
    bea.get(f"{PAGE}?{BY_MONTH}")

    found = statements(lambda: bea.get(f"{PAGE}?{BY_MONTH}&measure=average:discount"))
    assert len([one for one in found if "market_order" in one]) == 1
    assert len(found) <= 12


@pytest.mark.rule("S:R-24")
@pytest.mark.usefixtures("orders")
def test_files_hold_real_numbers(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    with bea.get(f"{VIEW}/pivot/excel?{BY_MONTH}&measure=sum:discount") as answer:
        assert answer.status_code == 200
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["State", "2025-12", "2026-03", "2026-04", "Total"],
        ["Draft", None, 20.2, 0.6, 20.8],
        ["Sent", None, None, 1000000.01, 1000000.01],
        ["Paid", None, None, None, None],
        ["Total", 0, 20.2, 1000000.61, 1000020.81],
    ]
    with bea.get(f"{VIEW}/pivot/pdf?{BY_MONTH}&measure=average:discount&_flt_0_state=draft") as answer:
        text = PdfDocument(answer.data)[0].get_textpage().get_text_range()
    assert "Average · Discount · State · Ordered on · Month · State is draft" in text
    assert re.search(r"Draft\s+10\.10\s+0\.20\s+4\.16\s+Total\s+10\.10\s+0\.20\s+4\.16", text), text


def test_files_need_the_right_to_export(world: Any, login: Login, run_in: Any) -> None:
    limit(world, run_in, "cal", {"boxes": FieldLevel.HIDDEN}, verbs=("list", "show"))
    cal = login("cal", world.one)

    assert cal.get(f"{PAGE}?rows=state").status_code == 200
    assert "/pivot/excel" not in cal.get(f"{PAGE}?rows=state").text
    assert [cal.get(f"{VIEW}/pivot/{kind}?rows=state").status_code for kind in ("excel", "pdf")] == [403, 403]
    bea = login("bea", world.one)
    assert [bea.get(f"{VIEW}/pivot/{kind}").status_code for kind in ("excel", "pdf")] == [422, 422]


@pytest.mark.rule("S:R-24")
def test_it_is_kept_under_a_name_own_or_shared(world: Any, login: Login, count: Any) -> None:
    bea = login("bea", world.one)
    query = f"{BY_MONTH}&measure=sum:discount&_flt_0_is_urgent=1"
    made = bea.post(f"{VIEW}/filters/save", data={"name": "By month", "query": query, "is_shared": "on"})

    assert unquote(made.location) == f"{PAGE}?{query}"
    assert count(SavedFilter) == 1
    offered = login("cal", world.one).get(f"{VIEW}/filters/", headers={"HX-Request": "true"}).text
    assert f'href="{PAGE}?{query.replace("&", "&amp;")}"' in unquote(offered)
    assert f'href="{VIEW}/list/?_flt_0_is_urgent=1"' in bea.get(f"{PAGE}?{query}").text


@pytest.mark.rule("S:R-24")
def test_a_page_leads_to_every_list_and_to_what_was_kept(world: Any, login: Login) -> None:
    bea, root = login("bea", world.one), login("root", world.one)
    bea.post(f"{VIEW}/filters/save", data={"name": "By state", "query": "rows=state", "is_shared": "on"})
    bea.post(f"{VIEW}/filters/save", data={"name": "Rows only", "query": "_flt_0_state=draft", "is_shared": "on"})

    page = root.get("/statistics/other/").text
    assert f'href="{PAGE}"' in page
    assert 'href="/visits/visit/pivot/"' in page
    assert f'href="{PAGE}?rows=state"' in page
    assert "Bea Test" in page
    assert "Rows only" not in page
    assert bea.get("/statistics/other/").status_code == 403
