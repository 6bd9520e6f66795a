"""A block copied from a spreadsheet: read by the fields of the lines, wrong cells told and kept, nothing saved."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """May write orders."""
    return login("bea", world.one)


def paste(client: FlaskClient, text: str, column: str = "") -> Any:
    """Send a block."""
    return client.post(f"{VIEW}/lines/paste", data={"text": text, "column": column})


def values(answer: Any) -> list[dict[str, str]]:
    """Return the values of the rows."""
    assert answer.status_code == 200, answer.text
    return [{name: cell["value"] for name, cell in row.items()} for row in answer.json["rows"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_without_headings_go_on_from_their_column(bea: FlaskClient, end: str) -> None:
    whole = paste(bea, end.join(["Chair\t2\t1,200.5", "", "Desk\t１.5\t80"]) + end)
    part = paste(bea, "3\t9\tyes", "quantity")

    assert values(whole) == [
        {"item": "Chair", "quantity": "2", "price": "1200.50"},
        {"item": "Desk", "quantity": "1.5", "price": "80.00"},
    ]
    assert values(part) == [{"quantity": "3", "price": "9.00", "is_gift": "1"}]


def test_headings_say_which_columns_these_are(bea: FlaskClient) -> None:
    answer = paste(bea, 'Price\tColour\tItem*\n3\tred\tChair\n4\t\t"two\nlines"')

    assert values(answer) == [{"price": "3.00", "item": "Chair"}, {"price": "4.00", "item": "two lines"}]
    assert answer.json["ignored"] == ["Colour"]


def test_records_are_found_by_their_names(world: Any, bea: FlaskClient, run_in: Any) -> None:
    from app.companies.models import OrgUnit
    from app.database.session import session

    def first() -> tuple[int, str]:
        unit = session.query(OrgUnit).order_by(OrgUnit.id).first()
        return unit.id, unit.name

    key, name = run_in(world.one, first)
    (row,) = paste(bea, f"Chair\t1\t2\t\t{name}").json["rows"]
    (other,) = paste(bea, "Chair\t1\t2\t\tNowhere").json["rows"]

    assert row["unit_id"] == {"value": str(key), "text": name}
    assert other["unit_id"] == {
        "value": "Nowhere", "text": "Nowhere", "error": "There is no such record: 'Nowhere'.",
    }  # fmt: skip


def test_wrong_cells_are_told_and_kept(bea: FlaskClient) -> None:
    (row,) = paste(bea, "\ttwo\t#REF!\tperhaps").json["rows"]

    assert {name: (cell["value"], bool(cell.get("error"))) for name, cell in row.items()} == {
        "item": ("", True),
        "quantity": ("two", True),
        "price": ("#REF!", True),
        "is_gift": ("perhaps", True),
    }


def test_what_is_beyond_the_last_column_is_told(bea: FlaskClient) -> None:
    answer = paste(bea, "1\tChair\tred", "unit_id")
    assert answer.json["ignored"] == ["Chair", "red"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "paste.empty"),
        (" \t \n", "paste.empty"),
        ("x\n" * 52, "paste.too_many"),
        ("x" * 200_000, "paste.unreadable"),
    ],
)
def test_what_is_no_block_is_refused(bea: FlaskClient, text: str, code: str) -> None:
    answer = bea.post(f"{VIEW}/lines/paste", data={"text": text}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (422, code)


@pytest.mark.parametrize(
    "text", ["<b>\t1", "=1+1\t1", "\u200b\t1", "😀\t1", '"open\t1', "NaN\tNaN\tNaN", "2026-02-30\t١"]
)
def test_hostile_cells_do_no_harm(bea: FlaskClient, text: str) -> None:
    assert paste(bea, text).status_code == 200


def test_strangers_and_views_without_lines(world: Any, login: Login, bea: FlaskClient) -> None:
    assert login("eve", world.one).post(f"{VIEW}/lines/paste", data={"text": "x"}).status_code == 403
    assert login("ann", world.two).post("/visits/visit/lines/paste", data={"text": "x"}).status_code == 404
