"""A sales clerk's day: thirty orders from a sheet, checked first, saved all or none."""

import re

import pytest
import sqlalchemy as sa

from addons.orders.models import Order
from app.database.columns import utc_now
from app.jobs import Job
from tests.addons.orders.order_sheet import HEADINGS, ORDERS, order_sheet

IMPORT = "/orders/order/import"


@pytest.fixture
def clerk(world, login):
    """The order clerk's browser, in Chinese."""
    client = login("cle", world.one)
    client.get("/lang/zh")
    return client


@pytest.fixture
def sent(world, clerk, run_in):
    """Return a function that sends a sheet and returns what its job found."""
    from app.database.session import session

    def send(file, **choices):
        answer = clerk.post(IMPORT, data={"file": (file, "订单.xlsx"), **choices}, content_type="multipart/form-data")
        assert answer.status_code == 302, answer.text
        job_id = int(re.search(r"/jobs/(\d+)", answer.headers["Location"])[1])
        return run_in(world.one, lambda: dict(session.get_one(Job, job_id).details))

    return send


@pytest.fixture
def orders(world, run_in):
    """Return a function that reads (customer's number, customer, products, total) of all orders."""
    from app.database.session import session

    def read():
        found = session.scalars(sa.select(Order).order_by(Order.id)).all()
        return [
            (one.customer_number, one.partner_name, [line.description for line in one.lines], one.gross, one.state)
            for one in found
        ]

    return lambda: run_in(world.one, read)


@pytest.mark.rule("S:ORD-01", "S:ORD-02", "S:CORE-13")
def test_thirty_orders_of_a_sheet_are_checked_and_then_saved(sent, clerk, orders):
    checked = sent(order_sheet())
    assert {name: checked[name] for name in ("rows", "fine", "wrong", "problems", "warnings")} == {
        "rows": 2 * ORDERS, "fine": 2 * ORDERS, "wrong": 0, "problems": [], "warnings": [],
    }  # fmt: skip
    assert orders() == []

    clerk.post(IMPORT, data={"upload": checked["upload"], "run": "1"})
    saved = orders()
    assert len(saved) == ORDERS
    assert saved[0] == ("PO-001", "Wu", ["Bolt", "Hour"], 200, "draft")
    assert saved[29] == ("PO-030", "Li", ["Bolt", "Hour"], 3_100, "draft")


@pytest.mark.rule("S:CORE-13")
def test_a_name_is_looked_for_among_what_the_combobox_offers(world, sent, run_in):
    """A namesake in the archive stands in nobody's way."""
    from app.database.session import session
    from app.masterdata.models import Partner

    run_in(world.one, lambda: session.add(Partner(name="Li", name_key="li", archived_at=utc_now())))

    checked = sent(order_sheet())

    assert (checked["wrong"], checked["problems"]) == (0, [])


def _spoil(rows):
    rows[2][1] = "Nobody"  # Order 2, row 4.
    rows[4][5] = "Nail"  # Order 3, row 6.
    rows[7][6] = "some"  # Order 4, row 9.
    rows[9][1] = "Li"  # Order 5 is of Wu, row 11.
    rows[10][6] = 0  # Order 6, row 12.
    rows[12][7] = 90  # Order 7, row 14: less than the list price; a draft may have it.


@pytest.mark.rule("S:ORD-02", "S:CORE-13", "P:PRI-02")
def test_what_is_wrong_is_listed_row_by_row_and_nothing_is_saved(sent, orders):
    found = sent(order_sheet(_spoil), run="1")
    assert [(one["row"], one["field"], one["label"]) for one in found["problems"]] == [
        (4, "partner_id", "客户"),
        (6, "lines.product_id", "产品"),
        (9, "lines.quantity", "数量"),
        (11, "partner_id", "客户"),
        (12, "lines", "明细"),
    ]
    assert "Nail" in found["problems"][1]["message"]
    assert [one["row"] for one in found["warnings"]] == [14]
    assert (found["saved"], found["wrong"], orders()) == (0, 10, [])


@pytest.mark.rule("S:CORE-13")
def test_a_sheet_without_a_needed_heading_is_refused_at_once(clerk, orders):
    headings = tuple("note" if one == "数量" else one for one in HEADINGS)
    answer = clerk.post(
        IMPORT, data={"file": (order_sheet(headings=headings), "订单.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "数量" in answer.text
    assert orders() == []


def test_lines_without_a_number_of_their_own_are_one_order():
    from addons.orders.views import OrderView
    from app.crud.importing.run import _records

    first, second = {"customer_number": "A"}, {"customer_number": "B"}
    rows = [(2, first), (3, {}), (4, first), (5, second), (6, {})]
    assert [[number for number, _cells in record] for record in _records(OrderView, rows)] == [[2, 3, 4], [5, 6]]
