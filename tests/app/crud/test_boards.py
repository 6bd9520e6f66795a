"""Lists as boards: what stands in which column, and what moving a card does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW, add, add_many, edit, shown

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
MOST_STATEMENTS = 12  # Of one page.


def columns(page: str) -> dict[str, str]:
    """Return the markup of each column of a board by its key."""
    parts = re.split(r'<section class="board-column" data-column-key="([^"]*)"', page)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def cards(column: str) -> list[str]:
    """Return the titles of the cards of a column, in their order."""
    return re.findall(r"<b><a [^>]*>([^<]*)</a></b>", column)


def targets(column: str) -> list[str]:
    """Return where the first card of a column may be moved."""
    first = column.partition("</select>")[0]
    return re.findall(r'<option value="(\w+)">', first)


def move(client: FlaskClient, to: str, key: int = 1, *, address: str = "", version: str = "1", **more: str) -> Any:
    """Send the form of a card."""
    return client.post(f"{VIEW}/move/{key}{address}", data={"to": to, "version": version, **more})


def test_a_column_has_count_sum_and_first_cards(world: Any, login: Login, run_in: Any) -> None:
    from addons.market.models import OrderState

    add_many(run_in, world.one, range(10), discount=2)
    add_many(run_in, world.one, range(10, 12), state=OrderState.SENT)
    add_many(run_in, world.two, range(20, 21), discount=2)
    board = columns(login("bea", world.one).get(f"{VIEW}/board/").text)

    assert list(board) == ["draft", "sent", "paid", "cancelled"]
    assert cards(board["draft"]) == [f"N-{number:04}" for number in range(9, 1, -1)]
    assert '<span class="pill">10</span><span class="board-sum">20.00</span>' in board["draft"]
    assert f'<a class="board-more" href="{VIEW}/list/?_flt_0_state=draft">2 more</a>' in board["draft"]
    assert cards(board["sent"]) == ["N-0011", "N-0010"]
    assert '<span class="pill">2</span></h2>' in board["sent"]
    assert [cards(board[key]) for key in ("paid", "cancelled")] == [[], []]


def test_filters_hold_and_the_switch_keeps_them(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(3))
    bea = login("bea", world.one)
    asked = "_flt_0_number=0001"

    page = bea.get(f"{VIEW}/board/?{asked}").text
    assert cards(columns(page)["draft"]) == ["N-0001"]
    assert f'href="{VIEW}/list/?{asked}" title="List"' in page
    assert f'action="{VIEW}/move/2?{asked}"' in page
    listed = bea.get(f"{VIEW}/list/?{asked}&page_{'market_OrderView'}=0").text
    assert f'href="{VIEW}/board/?{asked}" title="Board"' in listed


def test_scope_masks_and_rights_hold(world: Any, login: Login) -> None:
    add(login("bea", world.one))
    add(login("oli", world.one), number="A-2")

    boss, own = login("bea", world.one), login("oli", world.one)
    assert cards(columns(boss.get(f"{VIEW}/board/").text)["draft"]) == ["A-2", "A-1"]
    assert cards(columns(own.get(f"{VIEW}/board/").text)["draft"]) == ["A-2"]
    assert "13812345678" in boss.get(f"{VIEW}/board/").text
    clerk = login("cal", world.one).get(f"{VIEW}/board/").text
    assert "138****5678" in clerk
    assert "13812345678" not in clerk
    assert targets(columns(boss.get(f"{VIEW}/board/").text)["draft"]) == ["sent", "cancelled"]
    assert targets(columns(clerk)["draft"]) == ["sent"]
    assert login("rob", world.one).get(f"{VIEW}/board/").status_code == 403
    assert boss.get("/visits/visit/board/").status_code == 403


def test_a_page_stays_within_its_statements(world: Any, login: Login, run_in: Any, statements: Any) -> None:
    add_many(run_in, world.one, range(30))
    bea = login("bea", world.one)
    bea.get(f"{VIEW}/board/")

    assert len(statements(lambda: bea.get(f"{VIEW}/board/"))) <= MOST_STATEMENTS


def test_a_move_that_asks_shows_its_dialog_and_then_moves(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)
    asked = "?_flt_0_number=A"

    page = move(bea, "sent", address=asked)
    assert page.status_code == 200
    assert re.search(r'<dialog class="dialog" id="ask-send"[^>]* data-open>', page.text)
    action = f"{VIEW}/move/1{asked}&amp;_step=send"
    assert f'action="{action}"' in page.text
    assert shown(bea)["state"] == "draft"

    address = f"{VIEW}/move/1{asked}&_step=send"
    early = bea.post(address, data={"version": "1", "reason": "half a page", "on": "2026-03-01"})
    assert early.status_code == 422
    assert "Not before 2026-03-02." in early.text
    assert "half a page" in early.text
    assert cards(columns(early.text)["draft"]) == ["A-1"]
    assert shown(bea)["state"] == "draft"

    done = bea.post(address, data={"version": "1", "reason": "all there", "on": "2026-03-05"})
    assert (done.status_code, done.location) == (302, f"{VIEW}/board/{asked}")
    assert shown(bea)["state"] == "sent"
    assert cards(columns(bea.get(done.location).text)["sent"]) == ["A-1"]


def test_a_step_that_needs_a_yes_asks_first(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)

    assert "Sure?" in move(bea, "cancelled").text
    assert shown(bea)["state"] == "draft"
    assert bea.post(f"{VIEW}/move/1?_step=cancel", data={"version": "1"}).status_code == 302
    assert shown(bea)["state"] == "cancelled"


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("paid", "No step leads from “Draft” to “Paid”."),
        ("draft", "No step leads from “Draft” to “Draft”."),
        ("nonsense", "There is no such column."),
        ("", "There is no such column."),
    ],
)
def test_a_refused_move_says_why_and_changes_nothing(world: Any, login: Login, to: str, reason: str) -> None:
    bea = login("bea", world.one)
    add(bea)

    page = move(bea, to)
    assert page.status_code == 422
    assert reason in page.text
    assert cards(columns(page.text)["draft"]) == ["A-1"]
    assert shown(bea)["state"] == "draft"


def test_a_stale_card_is_refused(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)
    edit(bea, customer="Li Si", version="1")

    for sent in ("1", "", "9" * 12):
        page = bea.post(f"{VIEW}/move/1?_step=cancel", data={"version": sent})
        assert page.status_code == 422
        assert "Somebody else has changed this record" in page.text
    assert shown(bea)["state"] == "draft"


def test_whoever_lacks_the_right_is_told_so(world: Any, login: Login) -> None:
    add(login("bea", world.one))
    cal = login("cal", world.one)

    page = move(cal, "cancelled")
    assert page.status_code == 403
    assert "You need the right “Cancel”" in page.text
    assert cal.post(f"{VIEW}/move/1?_step=cancel", data={"version": "1"}).status_code == 403
    assert shown(cal)["state"] == "draft"


def test_other_companies_and_unknown_steps_are_not_found(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)

    assert move(login("bea", world.two), "sent").status_code == 404
    assert move(login("oli", world.one), "sent").status_code == 404
    assert [bea.post(f"{VIEW}/move/1?_step={name}", data={"version": "1"}).status_code for name in ("pay", "x")] == [
        404,
        404,
    ]
    assert shown(bea)["state"] == "draft"


def test_reading_the_address_of_a_dialog_is_the_board(world: Any, login: Login) -> None:
    bea = login("bea", world.one)

    answer = bea.get(f"{VIEW}/move/1?_step=send&_flt_0_number=A")
    assert (answer.status_code, answer.location) == (302, f"{VIEW}/board/?_flt_0_number=A")


def test_a_view_without_a_board_has_none(world: Any, login: Login) -> None:
    assert login("ann", world.one).get("/visits/visit/board/").status_code == 404
    assert "/visits/visit/board/" not in login("ann", world.one).get("/visits/visit/list/").text
