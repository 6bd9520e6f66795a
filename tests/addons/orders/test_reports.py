"""Reports: orders line by line, their execution, the ledger of reservations; within scope, with totals, as files."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from addons.orders import reports, services
from addons.orders.choices import NoteKind, OrderState
from addons.orders.queries import mean_days, on_time_share
from app.errors import ValidationError
from app.reports import list_opening_rows, list_rows, read_arguments, sum_columns
from tests.addons.orders.office import DAY, at, yuan

MARCH = {"period_from": "2026-03-01", "period_to": "2026-03-31"}


def run(office, report, by="max", **asked):
    """Return the rows of a report as dictionaries, and its arguments."""
    arguments = read_arguments(
        report, {**MARCH, **asked}, actor=office.user(by), today=dt.date(2026, 3, 31), zone=ZoneInfo("Asia/Shanghai")
    )
    names = [column.name for column in report.columns]
    return [dict(zip(names, row, strict=True)) for row in list_rows(report, arguments)], arguments


def moved(office, order, state, day, quantity="0"):
    """Bring an order into a state on a day of March, as deliveries will."""
    from app.workflow.models import TransitionLog

    log = TransitionLog(
        resource="orders.Order",
        record_id=order.id,
        transition=f"note_{state}",
        source=order.state,
        target=state,
        at=dt.datetime(2026, 3, day, 20, 30, tzinfo=dt.UTC),  # 4:30 of the next day in Shanghai.
    )
    order.state = OrderState(state)
    order.lines[0].shipped = order.lines[0].delivered = yuan(quantity)
    office.session.add(log)
    office.session.flush()


@pytest.mark.rule("S:R-28", "S:PAY-04", "S:ORD-14")
def test_orders_line_by_line_say_what_is_paid_and_due_once(office):
    order = office.ordered(office.line("bolt", "90"), office.line("hour", "20"), to="confirmed")
    office.pay(order, "4000")
    office.ordered(by="sid", doc_date=dt.date(2026, 3, 3))
    rows, arguments = run(office, reports.SALES_ORDERS)

    assert [(row["number"], row["product"], row["quantity"], row["price"], row["gross"]) for row in rows] == [
        (order.number, "Bolt", 90, 100, 9_000),
        (order.number, "Hour", 20, 50, 1_000),
        (None, "Bolt", 3, 100, 300),
    ]
    assert [(row["paid"], row["due"]) for row in rows] == [(4_000, 6_000), (None, None), (0, 0)]
    assert list(sum_columns(reports.SALES_ORDERS, arguments).values()) == [10_300, 4_000, 6_000]
    own, _arguments = run(office, reports.SALES_ORDERS, by="sid")
    assert [(row["product"], row["state"]) for row in own] == [("Bolt", "draft")]
    drafts, _arguments = run(office, reports.SALES_ORDERS, state="draft")
    assert len(drafts) == 1
    assert list_opening_rows(reports.SALES_ORDERS, arguments)[0][0] == order.id


@pytest.mark.rule("S:ORD-14")
def test_the_report_of_november_has_the_rows_of_the_screen(office):
    days = [dt.date(2026, 10, 31), *(dt.date(2026, 11, 1 + number % 30) for number in range(42)), dt.date(2026, 12, 1)]
    for day in days:
        services.create_order(
            actor=office.user("sam"),
            now=at(),
            doc_date=day,
            promised_on=dt.date(2026, 12, 31),
            payment_method="cash",
            partner_id=office.world.partners["Li"],
            lines=[office.line("bolt", "1", "95")],
        )
    november = {"period_from": "2026-11-01", "period_to": "2026-11-30"}
    rows, _arguments = run(office, reports.SALES_ORDERS, **november)
    assert len(rows) == 42
    assert {row["doc_date"].month for row in rows} == {11}
    with pytest.raises(ValidationError) as caught:
        run(office, reports.SALES_ORDERS, period_from="2026-11-30", period_to="2026-11-01")
    assert caught.value.code.endswith("period_order")


@pytest.mark.rule("P:RP-09", "S:R-06", "S:R-13", "P:ORD-08")
def test_the_execution_of_orders_says_what_is_late_and_open(office):
    def promised(day, quantity="10"):
        return office.ordered(office.line("bolt", quantity), to="released", promised_on=dt.date(2026, 3, day))

    in_time, late, part, open_one = promised(10), promised(10), promised(20), promised(30)
    moved(office, in_time, "shipped", 4)
    moved(office, in_time, "delivered", 8, "10")
    moved(office, late, "shipped", 6)
    moved(office, late, "delivered", 12, "10")
    moved(office, part, "part_delivered", 18, "4")
    services.create_return(actor=office.user("sam"), now=at(), order_id=late.id, handed_over_on=DAY, reason="Rust")
    for kind, text in (("problem", "No boxes"), ("force_majeure", "Flood"), ("progress", "Half is made")):
        told = {"kind": NoteKind(kind), "text": text, "customer_told": True, "now": at("09:00", DAY.replace(day=20))}
        services.note_progress(part, actor=office.user("sam"), **told)

    rows, arguments = run(office, reports.ORDER_EXECUTION)
    seen = {
        row["number"]: (row["shipped_on"], row["delivered_on"], row["late_days"], row["open_quantity"], row["problem"])
        for row in rows
    }
    day = [None, *(dt.date(2026, 3, number) for number in range(1, 32))]
    assert seen == {
        in_time.number: (day[5], day[9], 0, 0, ""),
        late.number: (day[7], day[13], 3, 0, "Delivered late、Returned"),
        part.number: (day[19], None, 11, 6, "Overdue、Flood"),
        open_one.number: (None, None, 1, 10, "Overdue"),
    }
    assert list_opening_rows(reports.ORDER_EXECUTION, arguments)[0][0] == in_time.id

    (person,), _arguments = run(office, reports.PROCESSING_TIME)
    assert person == {"salesperson": "Sam", "orders": 4, "shipped": 3, "days": 25, "mean_days": Decimal("8.33")}
    (person,), _arguments = run(office, reports.ON_TIME)
    assert person == {"salesperson": "Sam", "due": 4, "on_time": 1, "rate": Decimal("0.25")}
    assert run(office, reports.ON_TIME, by="sid")[0] == []


@pytest.mark.rule("S:R-06", "S:R-13")
def test_nothing_shipped_and_nothing_due_have_no_mean_and_no_share():
    assert (mean_days([]), on_time_share(0, 0)) == (None, None)
    assert (mean_days([2, 3]), on_time_share(1, 3)) == (Decimal("2.50"), Decimal(1) / 3)


@pytest.mark.rule("P:RP-07")
def test_the_ledger_of_reservations_says_what_was_deposited_and_what_followed(office):
    office.reserved()  # A draft is in no ledger.
    held = office.reserved(office.line("flat", "89.50", item_id=office.world.item), to="paid")
    services.make_order(held, actor=office.user("sam"), promised_on=dt.date(2026, 6, 1), payment_method="bank_transfer",
                        now=at())  # fmt: skip
    from addons.orders.queries import find_live_order_of

    order = office.brought(find_live_order_of(held.id), "confirmed")
    unpaid = office.reserved(
        office.line("flat", "100"), office.line("hour", "2"), by="sid", to="signed", deposit="5000"
    )

    rows, arguments = run(office, reports.RESERVATION_LEDGER)
    names = ("number", "item", "price", "deposit", "paid", "receipt", "due", "contract", "state")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (held.number, "Flat 8-1203", yuan("805500"), 20_000, 20_000, "SJ2026-0001", 0, order.number, "contracted"),
        (unpaid.number, "Flat、Hour", yuan("900100"), 5_000, 0, None, 5_000, None, "signed"),
    ]
    assert list(sum_columns(reports.RESERVATION_LEDGER, arguments).values()) == [1_705_600, 25_000, 20_000, 5_000]
    assert [row["number"] for row in run(office, reports.RESERVATION_LEDGER, by="sid")[0]] == [unpaid.number]
