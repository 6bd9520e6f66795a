"""The register of invoices, and cases of lost money."""

import datetime as dt

import pytest

from addons.payments import services
from addons.payments.choices import InvoiceState, RecoveryState
from addons.payments.models import Invoice, Period, Recovery
from addons.payments.parameters import DEPOSIT_DOCUMENT, RECOVERY_RATE
from app.errors import Duplicate, NotAllowed
from tests.addons.payments.till import DAY, FIRST_DAY, at, yuan


def registered(till, due, number, amount, by="abe"):
    return services.create_invoice(
        actor=till.user(by), receivable_id=due.id, number=number, amount=yuan(amount), issued_on=DAY
    )


@pytest.mark.rule("P:PAY-04")
def test_no_more_is_invoiced_than_was_agreed(till, refused):
    due = till.owed(10_000)
    first = registered(till, due, "F-1", 8_000)
    error = refused(registered, till, due, "F-2", "2000.01")
    assert (error.field, error.data["limit"]) == ("amount", "2,000.00")
    services.void_invoice(first, actor=till.user("abe"), reason="wrong title")
    registered(till, due, "F-2", 10_000)


@pytest.mark.rule("P:PAY-03")
def test_a_number_is_used_once_even_by_a_void_one(till, refused):
    due = till.owed(100)
    first = registered(till, due, "F-1", 50)
    services.void_invoice(first, actor=till.user("abe"), reason="wrong title")
    error = refused(registered, till, due, " F-1 ", 50)
    assert isinstance(error, Duplicate)
    assert (error.field, till.session.query(Invoice).count()) == ("number", 1)


@pytest.mark.rule("P:PAY-03")
def test_a_deposit_waits_for_its_invoice_where_the_company_issues_one_from_its_day_on(till):
    from addons.payments.views.money import deposits_to_invoice

    def waiting(by="fay"):
        return [one.record_id for one in deposits_to_invoice(till.user(by), at())]

    before = till.deposit(20_000, 50_000)
    till.posted(("cash", 20_000), receivable_id=before.id)
    assert waiting() == []  # A receipt is its proof.
    DEPOSIT_DOCUMENT.set("invoice", valid_from=DAY + dt.timedelta(1), actor=till.user("fay"))
    later = {"doc_date": DAY + dt.timedelta(1), "due_on": DAY + dt.timedelta(9)}
    due, unpaid = till.deposit(30_000, 90_000, **later), till.deposit(5, 50, **later)
    till.posted(("cash", 30_000), receivable_id=due.id, now=at(day=DAY + dt.timedelta(1)))

    assert unpaid.settled == 0
    assert waiting() == [due.id]
    assert waiting("cai") == []  # The cashier registers no invoices.

    first = registered(till, due, "F-1", 10_000)
    assert waiting() == [due.id]
    registered(till, due, "F-2", 20_000)
    assert waiting() == []
    services.void_invoice(first, actor=till.user("abe"), reason="wrong title")
    assert waiting() == [due.id]


@pytest.mark.rule("S:PAY-05")
def test_a_draft_invoice_keeps_the_month_open(till, refused):
    invoice = registered(till, till.owed(100), "F-1", 50)
    period = till.session.query(Period).one()
    error = refused(services.close_period, period, actor=till.user("abe"))
    assert (error.code, error.data["invoices"]) == ("period.invoices", 1)
    assert isinstance(refused(services.audit_invoice, invoice, actor=till.user("abe")), NotAllowed)

    services.audit_invoice(invoice, actor=till.user("fay"))
    services.close_period(period, actor=till.user("abe"))

    assert invoice.state is InvoiceState.AUDITED
    assert refused(services.update_invoice, invoice, actor=till.user("abe"), amount=yuan(1)).code == "invoice.fixed"


@pytest.mark.rule("S:PAY-02", "P:PAY-03")
def test_a_red_letter_takes_an_audited_invoice_back(till, refused):
    due = till.owed(10_000)
    first = registered(till, due, "F-1", 8_000)
    red = {"actor": till.user("abe"), "reason": "wrong title", "now": at()}
    assert refused(services.write_red_letter, first, number="R-1", **red).code == "workflow.state"
    services.audit_invoice(first, actor=till.user("fay"))
    assert isinstance(refused(services.write_red_letter, first, number=" F-1 ", **red), Duplicate)
    for amount in (0, -1, "8000.01"):
        error = refused(services.write_red_letter, first, number="R-1", amount=yuan(amount), **red)
        assert (error.field, error.data["limit"]) == ("amount", "8,000.00")

    services.write_red_letter(first, number="R-1", amount=yuan(3_000), **red)

    letter = till.session.query(Invoice).filter_by(number="R-1").one()
    assert (letter.amount, letter.original, letter.receivable, letter.state) == (-3_000, first, due, InvoiceState.DRAFT)
    assert refused(services.write_red_letter, first, number="R-2", amount=yuan("5000.01"), **red).field == "amount"
    assert refused(services.void_invoice, first, actor=till.user("abe"), reason="x").code == "invoice.red_letter"
    assert refused(registered, till, due, "F-2", "2000.01").data["limit"] == "2,000.00"  # It counts once audited.
    assert refused(services.audit_invoice, letter, actor=till.user("abe")).code == "payments.own"
    other = till.owed(1)
    moved = refused(services.update_invoice, letter, actor=till.user("abe"), receivable_id=other.id)
    assert moved.code == "invoice.red_receivable"
    services.audit_invoice(letter, actor=till.user("fay"))
    registered(till, due, "F-2", 5_000)
    assert refused(services.void_invoice, letter, actor=till.user("abe"), reason="x").code == "invoice.red_audited"
    assert refused(services.write_red_letter, letter, number="R-3", **red).code == "invoice.red"


@pytest.mark.rule("S:PAY-02")
def test_a_red_letter_on_a_deal_that_was_called_off_and_one_that_was_a_slip(till):
    due = till.owed(100)
    invoice = registered(till, due, "F-1", 100)
    services.audit_invoice(invoice, actor=till.user("fay"))
    services.cancel_receivable(due, actor=till.user("abe"), reason="called off", now=at())
    red = {"actor": till.user("abe"), "reason": "called off", "now": at()}
    services.write_red_letter(invoice, number="R-1", **red)
    slip = till.session.query(Invoice).filter_by(number="R-1").one()

    services.void_invoice(slip, actor=till.user("abe"), reason="wrong number")

    services.write_red_letter(invoice, number="R-2", **red)
    assert till.session.query(Invoice).filter_by(number="R-2").one().amount == -100


@pytest.mark.rule("S:PAY-11")
def test_a_loss_stays_a_case_until_a_rate_is_decided(till, refused):
    from app.companies.org import employee_of

    case = Recovery(
        employee_id=employee_of(till.world.users["coe"]).id,
        happened_on=DAY - dt.timedelta(1),
        loss=yuan("100.05"),
        what_happened="A delivery was never paid",
    )
    till.session.add(case)
    till.session.flush()
    error = refused(services.assess_recovery, case, actor=till.user("abe"))
    assert (error.code, case.state, case.claim) == ("parameter.unset", RecoveryState.OPEN, None)

    RECOVERY_RATE.set(50, valid_from=FIRST_DAY, actor=till.user("fay"))
    services.assess_recovery(case, actor=till.user("abe"))

    assert (case.state, case.rate, case.claim) == (RecoveryState.CLAIMED, 50, yuan("50.03"))
    services.close_recovery(case, actor=till.user("fay"), reason="paid in cash")


@pytest.mark.rule("S:PAY-05")
def test_the_register_of_a_closed_month_stays_as_it_is(till, refused):
    due, april = till.owed(10_000), dt.date(2026, 4, 1)
    audited, dropped = registered(till, due, "F-1", 8_000), registered(till, due, "F-2", 500)
    services.audit_invoice(audited, actor=till.user("fay"))
    services.void_invoice(dropped, actor=till.user("abe"), reason="slip")
    services.close_period(till.session.query(Period).one(), actor=till.user("abe"))
    later = services.create_invoice(
        actor=till.user("abe"), receivable_id=due.id, number="F-3", amount=yuan(100), issued_on=april
    )

    red = {"actor": till.user("abe"), "reason": "wrong title", "now": at()}
    for error in (
        refused(registered, till, due, "F-4", 1),
        refused(services.update_invoice, later, actor=till.user("abe"), issued_on=DAY),
        refused(services.void_invoice, audited, actor=till.user("abe"), reason="wrong title"),
        refused(services.write_red_letter, audited, number="R-1", issued_on=DAY, **red),
    ):
        assert (error.code, error.field, error.data["month"]) == ("period.closed", "issued_on", "2026-03")

    services.write_red_letter(audited, number="R-1", issued_on=april, **red)  # That is how it is taken back.
    assert (later.issued_on, audited.state) == (april, InvoiceState.AUDITED)
