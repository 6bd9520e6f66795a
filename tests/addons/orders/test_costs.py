"""What shipped goods cost: at once at home, with the invoice abroad (S:ORD-16)."""

import datetime as dt
from decimal import Decimal

import pytest

from addons.orders import reports, services
from addons.orders.choices import BusinessType
from addons.orders.queries import explain_cost, split_shipped
from addons.payments import services as payments
from app.reports import list_opening_rows, sum_columns
from tests.addons.orders.office import at, yuan
from tests.addons.orders.test_reports import run


@pytest.mark.rule("S:ORD-16")
@pytest.mark.parametrize(
    ("kind", "share", "expected"),
    [
        (BusinessType.DOMESTIC, "0", (100, 0)),
        (BusinessType.EXPORT, "0", (0, 100)),
        (BusinessType.EXPORT, "0.4", (40, 60)),
        (BusinessType.EXPORT, "1", (100, 0)),
    ],
)
def test_of_100_shipped_and_40_invoiced_40_are_cost(kind, share, expected):
    hundred = Decimal(100)
    assert split_shipped(kind, shipped=hundred, ordered=hundred, invoiced_share=Decimal(share)) == expected


@pytest.mark.rule("S:ORD-16")
def test_no_more_is_cost_than_was_shipped():
    found = split_shipped(BusinessType.EXPORT, shipped=Decimal(30), ordered=Decimal(100), invoiced_share=Decimal("0.4"))
    assert found == (30, 0)


def shipped(office, kind):
    order = office.ordered(office.line("bolt", "100"), to="released", business_type=kind)
    services.ship_order(order, actor=office.user("cle"))
    return order


@pytest.mark.rule("S:ORD-16")
def test_the_report_splits_what_was_shipped_by_audited_invoices(office):
    home, abroad = shipped(office, BusinessType.DOMESTIC), shipped(office, BusinessType.EXPORT)
    office.ordered(office.line("bolt", "1"), to="released")  # Nothing of it was shipped.
    (receivable,) = office.receivables(abroad)
    invoice = payments.create_invoice(
        actor=office.user("fin"), receivable_id=receivable.id, number="F1", amount=yuan(4_000), issued_on=None
    )
    names = ("number", "business_type", "shipped", "in_cost", "in_shipped_goods", "unit_cost", "cost", "shipped_goods")

    def rows(**asked):
        found, arguments = run(office, reports.SHIPPED_GOODS, **asked)
        return [tuple(row[name] for name in names) for row in found], arguments

    assert rows(business_type="export")[0] == [(abroad.number, "export", 100, 0, 100, 60, 0, 6_000)]  # Not audited.
    payments.audit_invoice(invoice, actor=office.user("abe"))
    found, arguments = rows()
    assert found == [
        (home.number, "domestic", 100, 100, 0, 60, 6_000, 0),
        (abroad.number, "export", 100, 40, 60, 60, 2_400, 3_600),
    ]
    assert sum_columns(reports.SHIPPED_GOODS, arguments) == {"cost": 8_400, "shipped_goods": 3_600}
    assert [key for key, _row in list_opening_rows(reports.SHIPPED_GOODS, arguments)] == [home.id, abroad.id]
    assert run(office, reports.SHIPPED_GOODS, by="sid")[0] == []
    assert explain_cost(home.id) == []
    ((_label, told),) = explain_cost(abroad.id)
    assert told == "in cost 40 (2,400.00), in shipped goods 60 (3,600.00)"


@pytest.mark.rule("P:RP-05", "P:QUO-08")
def test_the_log_of_quotations_says_margin_and_result(office):
    def quoted(*lines, **values):
        return services.create_quotation(
            actor=office.user("sam"), now=at(), partner_id=office.world.partners["Li"], lines=list(lines), **values
        )

    known, unknown = quoted(office.line("bolt", "10")), quoted(office.line("bolt", "1"), office.line("hour", "1"))
    services.send_quotation(known, actor=office.user("sam"), now=at())
    services.lose_quotation(unknown, actor=office.user("sam"), reason="Too dear")
    rows, arguments = run(office, reports.QUOTATION_LOG)
    names = ("number", "customer", "received", "amount", "margin", "rounds", "valid_until", "result")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (known.number, "Li", dt.date(2026, 3, 2), 1_000, Decimal("0.4"), 1, dt.date(2026, 4, 1), "sent"),
        (None, "Li", dt.date(2026, 3, 2), 150, None, 1, None, "lost"),
    ]
    assert list_opening_rows(reports.QUOTATION_LOG, arguments)[0][0] == known.id
    assert run(office, reports.QUOTATION_LOG, by="sid")[0] == []
    assert len(run(office, reports.QUOTATION_LOG, state="lost")[0]) == 1
