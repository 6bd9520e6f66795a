"""Ticked records on paper: a document for each, in one file, by whoever may take them out of the system."""

import io
import re
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient

from tests.app.crud.limits import HIDDEN, LOOKS, limit
from tests.app.crud.orders import LINES, VIEW, add, add_many
from tests.app.crud.test_bulk import cells, chosen, done

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]


def pages(data: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def printed(client: FlaskClient, *keys: int) -> list[str]:
    """Return the pages of the file of these records."""
    with client.get(f"{VIEW}/printed/?ids={','.join(map(str, keys))}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
        return pages(answer.data)


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one, with two orders, the first with lines."""
    client = login("bea", world.one)
    add(client, **LINES)
    add(client, number="A-2", customer="李四", note="whispered")
    return client


def test_each_record_is_a_document_of_one_file(bea: FlaskClient) -> None:
    page = chosen(bea, "print_out", 1, 2).text
    assert "Print: 2 records" in page

    answer = done(bea, "print_out", {1: 1, 2: 1}).text
    address = re.search(rf'href="({VIEW}/printed/\?ids=1,2)"[^>]*>', answer.replace("%2C", ","))
    assert address is not None
    first, second = printed(bea, 1, 2)
    assert "One Homes" in first
    assert "What" in first
    assert "Field" not in first  # Who holds the paper knows no fields.
    assert "A-1" in first
    assert "Item: Chair" in first
    assert "13812345678" in first
    assert "李四" in second
    assert "Page 1 of 1" in second
    assert "Item: Chair" not in second
    assert first.count("Customer") == 2  # A field, and the line to sign on.


def test_all_that_match_are_printed_by_a_job(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(60))
    bea = login("bea", world.one)
    assert "Print: 60 records" in chosen(bea, "print_out", address="?q=N", all="1").text

    answer = done(bea, "print_out", dict.fromkeys(range(1, 61), 1))
    page = bea.get(answer.location).text
    assert "<b>60</b>done" in page
    address = re.search(r'href="(/jobs/\d+/file)"', page)
    assert address is not None
    with bea.get(address[1]) as file:
        assert len(pages(file.data)) == 60
    assert login("cal", world.one).get(address[1]).status_code == 404


def test_a_changed_record_is_left_out(bea: FlaskClient) -> None:
    page = done(bea, "print_out", {1: 7, 2: 1}).text

    assert cells(page, "Refused") == [
        "A-1",
        "Somebody else has changed this record meanwhile. Reload it and try again.",
    ]
    assert "printed/?ids=2" in page


def test_masks_limits_scope_and_rights_hold_on_paper(bea: FlaskClient, world: Any, login: Login, run_in: Any) -> None:
    (page,) = printed(login("cal", world.one), 1)
    assert "138****5678" in page
    assert "13812345678" not in page
    oli = login("oli", world.one)
    assert oli.get(f"{VIEW}/printed/?ids=1").status_code == 404
    assert login("bea", world.two).get(f"{VIEW}/printed/?ids=1").status_code == 404
    assert login("rob", world.one).get(f"{VIEW}/printed/?ids=1").status_code == 403

    limit(world, run_in, "cal", {"note": HIDDEN, "customer": HIDDEN})
    (page,) = printed(login("cal", world.one), 2)
    assert "whispered" not in page
    assert "李四" not in page
    limit(world, run_in, "oli", {}, verbs=[verb for verb in LOOKS if verb != "export"])
    oli = login("oli", world.one)
    assert "print_out" not in oli.get(f"{VIEW}/list/").text
    assert oli.get(f"{VIEW}/printed/?ids=1").status_code == 403
    assert chosen(oli, "print_out", 1).status_code == 403


@pytest.mark.parametrize(("ids", "status"), [("", 404), ("x,9999", 404), (",".join(map(str, range(1, 52))), 422)])
def test_what_cannot_be_printed_is_refused(bea: FlaskClient, ids: str, status: int) -> None:
    assert bea.get(f"{VIEW}/printed/?ids={ids}").status_code == status


def test_a_list_that_is_not_printed_has_no_such_step(world: Any, login: Login) -> None:
    ann = login("ann", world.one)

    assert ann.get("/visits/visit/printed/?ids=1").status_code == 404
    assert ann.post("/visits/visit/bulk/print_out", data={"rowid": "1"}).status_code == 404
