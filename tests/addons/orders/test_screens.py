"""Orders on the screen and over REST: T1's walk from the price to the deposit, and an order from desk to desk."""

import re

import pytest

from tests.addons.orders.office import Office

pytestmark = pytest.mark.by_turns

ORDERS, RESERVATIONS = "/orders/order", "/orders/reservation"


def reservation_form(world, **values):
    return {
        "partner_id": str(world.partners["Li"]),
        "doc_date": "2026-03-02",
        "deposit": "20000",
        "lines-0-product_id": str(world.products["flat"]),
        "lines-0-quantity": "89.50",
        "lines-0-tax_included": "1",
        **values,
    }


@pytest.mark.rule("P:ORD-01", "P:ORD-02")
def test_t1_reserves_a_flat_for_805_500_and_takes_the_deposit(login, world):
    sam = login("sam", world.one)
    answer = sam.post(f"{RESERVATIONS}/add", data=reservation_form(world))
    assert answer.status_code == 302, answer.text[-2000:]
    pk = re.search(r"(\d+)$", answer.location)[1]
    page = sam.get(f"{RESERVATIONS}/show/{pk}").text
    assert "805,500.00" in page
    assert "89.5 × 9,000 = 805,500.00" in page

    for step in ("make_ready", "sign"):
        done = sam.post(f"{RESERVATIONS}/transition/{step}/{pk}", follow_redirects=True)
        assert done.status_code == 200
    assert re.search(r"RS20\d\d-0001", done.text)

    receivable = login("cai", world.one).get("/api/v1/payments/receivable/").json["result"][0]
    assert (receivable["amount"], receivable["kind"]) == ("20000.00", "deposit")


@pytest.mark.rule("P:PRI-02")
def test_a_refused_form_keeps_what_was_typed(login, world):
    sam = login("sam", world.one)
    answer = sam.post(f"{RESERVATIONS}/add", data=reservation_form(world, deposit="900000", note="With a balcony"))
    assert answer.status_code == 422
    assert "The deposit is at most the total of 805,500.00." in answer.text
    assert "With a balcony" in answer.text
    assert sam.get("/api/v1/orders/reservation/").json["count"] == 0


@pytest.mark.rule("S:ORD-02", "S:ORD-20", "S:ORD-21", "P:ORD-05")
def test_an_order_goes_over_rest_from_desk_to_desk(login, world):
    body = {
        "partner_id": world.partners["Li"],
        "doc_date": "2026-03-02",
        "promised_on": "2026-03-10",
        "payment_method": "bank_transfer",
        "stated_total": "310.00",
        "lines": [{"product_id": world.products["bolt"], "quantity": "3"}],
    }
    address = "/api/v1/orders/order/"
    sam = login("sam", world.one)
    wrong = sam.post(address, json=body)
    assert (wrong.status_code, wrong.json["error"], wrong.json["field"]) == (422, "order.total", "stated_total")
    missing = sam.post(address, json={**body, "promised_on": ""})
    assert missing.status_code == 422
    foreign = sam.post(address, json={**body, "partner_id": world.partners["Wu"]})
    assert (foreign.status_code, foreign.json["field"]) == (422, "partner_id")  # Sid's customer.
    made = sam.post(address, json={**body, "stated_total": "300.00"})
    assert made.status_code == 201, made.text
    pk = made.json["id"]

    steps = (
        ("sam", "submit", {}),
        ("sue", "audit", {}),
        ("cle", "check", {"check": "stock", "passed": True}),
        ("fin", "audit_finance", {}),
        ("sue", "confirm", {}),
    )
    own = login("sue", world.one).post(f"{address}{pk}/audit", json={})
    assert own.status_code == 409  # It was not submitted yet.
    for name, step, values in steps:
        done = login(name, world.one).post(f"{address}{pk}/{step}", json=values)
        assert done.status_code == 200, f"{step}: {done.text}"

    shown = login("sid", world.one).get(f"{address}{pk}")
    assert shown.status_code == 404  # Somebody else's.
    order = sam.get(f"{address}{pk}").json["result"]
    assert (order["state"], order["gross"]) == ("confirmed", "300.00")


@pytest.mark.rule("S:ORD-14")
def test_the_list_is_exported_by_state(login, world, run_in):
    def make():
        office = Office(world)
        return [office.ordered(to=to).id for to in ("draft", "confirmed", "confirmed")]

    run_in(world.one, make)
    client = login("max", world.one)
    listed = client.get(f"{ORDERS}/list/?_flt_0_state=confirmed").text
    assert len(set(re.findall(r"SO2026-000\d", listed))) == 2
    with client.get(f"{ORDERS}/export/?_flt_0_state=confirmed") as file:
        assert file.status_code == 200
        assert file.data[:2] == b"PK"


def test_nobody_without_a_right_sees_orders(login, world):
    nil = login("nil", world.one)
    assert nil.get(f"{ORDERS}/list/").status_code in (302, 403)
    assert nil.get("/api/v1/orders/order/").status_code == 403


@pytest.mark.rule("S:ORD-21", "S:ORD-03")
def test_a_word_of_the_platform_is_said_as_orders_mean_it(login, world, run_in):
    """An order is audited (审单), books and log-ins are (审计); a check that was passed is not one that was skipped."""
    order = run_in(world.one, lambda: Office(world).ordered(to="submitted").id)
    client = login("max", world.one)
    client.get("/lang/zh")
    page = client.get(f"{ORDERS}/show/{order}").text
    assert ("审单" in page, "审计" in page) == (True, False)
    assert ("已通过" in page, "已略过" in page) == (True, False)
    for report, heading in (("on_time", "按时率"), ("reservation_ledger", "预定内容")):
        answer = client.get(f"/reports/orders.{report}?period_from=&period_to=")
        assert (answer.status_code, "汇率" in answer.text, "项目</th>" in answer.text) == (200, False, False), heading
