"""Cash days, shifts, audits and the close of a month."""

import datetime as dt

import pytest

from addons.payments import services
from addons.payments.choices import CashDayState, PeriodState, ShiftState
from addons.payments.models import CashDay, Period
from addons.payments.parameters import BAD_DAYS, CLOSE_REQUIRES
from app.errors import NotAllowed
from tests.addons.payments.till import DAY, at, yuan


def day_of(till):
    return till.session.query(CashDay).filter_by(place_id=till.world.ways["desk"]).one()


@pytest.fixture
def moved(till):
    """Return the desk's day of the rule's example: 50,000 and 200,000 came in, 20,000 went out."""
    first = till.posted(("cash", 50_000), partner_id=till.world.partners["Li"])
    till.posted(("cash", 200_000), partner_id=till.world.partners["Li"])
    services.refund_money(
        first, actor=till.user("abe"), amount=yuan(20_000), method=till.way("cash"), reason="too much", now=at("12:00")
    )
    return day_of(till)


@pytest.mark.rule("S:RE-07", "S:R-26")
def test_a_cash_day_sums_up_and_is_counted(till, moved, refused):
    error = refused(services.submit_cash_day, moved, actor=till.user("cai"), counted=yuan(229_999), now=at("17:59"))
    assert (error.code, error.field, error.data["difference"]) == ("cash.difference", "explanation", "-1.00")

    services.submit_cash_day(moved, actor=till.user("cai"), counted=yuan(230_000), now=at("18:30"))

    assert (moved.opening, moved.taken_in, moved.paid_out, moved.expected) == (0, 250_000, 20_000, 230_000)
    assert (moved.difference, moved.minutes_late, moved.state) == (0, 30, CashDayState.SUBMITTED)


@pytest.mark.rule("S:RE-07")
def test_a_difference_is_explained_and_stands(till, moved):
    services.submit_cash_day(
        moved, actor=till.user("cai"), counted=yuan(229_999), explanation="a coin rolled away", now=at("17:00")
    )
    assert (moved.difference, moved.minutes_late) == (-1, 0)


@pytest.mark.rule("S:RE-08")
def test_nothing_is_posted_on_a_day_that_was_handed_in(till, moved, refused):
    services.submit_cash_day(moved, actor=till.user("cai"), counted=yuan(230_000), now=at("18:00"))
    late = till.received(("cash", 1), by="coe")
    assert refused(services.post_receipt, late, actor=till.user("coe"), now=at("18:01")).code == "cash_day.handed_in"
    services.reconcile_cash_day(moved, actor=till.user("abe"))
    assert refused(services.post_receipt, late, actor=till.user("coe"), now=at("18:02")).code == "cash_day.handed_in"
    till.posted(("transfer", 1), by="coe")  # The bank is no desk.

    services.give_back_cash_day(moved, actor=till.user("abe"), reason="one more")
    services.post_receipt(late, actor=till.user("coe"), now=at("18:03"))
    assert late.number is not None


def test_a_cashier_does_not_reconcile(till, moved, refused):
    services.submit_cash_day(moved, actor=till.user("cai"), counted=yuan(230_000), now=at("18:00"))
    assert isinstance(refused(services.reconcile_cash_day, moved, actor=till.user("cai")), NotAllowed)


@pytest.mark.rule("S:R-26")
def test_a_shift_is_handed_over_with_a_count(till, refused):
    from app.companies.org import employee_of

    till.posted(("cash", 100))
    shift = services.open_shift(actor=till.user("cai"), place_id=till.world.ways["desk"], now=at("10:30"))
    assert shift.opening == 100
    running = refused(services.open_shift, actor=till.user("coe"), place_id=shift.place_id, now=at("10:31"))
    assert running.code == "shift.running"
    till.posted(("cash", 400), now=at("11:00"))
    coe = employee_of(till.world.users["coe"])
    values = {"actor": till.user("cai"), "receiver": coe, "now": at("14:00")}
    assert refused(services.hand_over, shift, counted=yuan(480), **values).data["limit"] == "500.00"

    services.hand_over(shift, counted=yuan(480), explanation="change given twice", **values)

    assert (shift.expected, shift.difference, shift.state) == (500, -20, ShiftState.HANDED_OVER)
    services.open_shift(actor=till.user("coe"), place_id=shift.place_id, now=at("14:01"))


@pytest.mark.rule("S:RE-08")
def test_an_audited_receipt_is_locked(till, refused):
    receipt = till.posted(("cash", 100))
    assert refused(services.audit_receipt, receipt, actor=till.user("cai"), now=at()).http_status == 403
    services.audit_receipt(receipt, actor=till.user("abe"), now=at())
    assert (
        refused(services.void_receipt, receipt, actor=till.user("abe"), reason="x", now=at()).code == "receipt.audited"
    )

    services.lift_audit(receipt, actor=till.user("fay"), reason="typed wrong")
    services.void_receipt(receipt, actor=till.user("abe"), reason="typed wrong", now=at())


def test_nobody_audits_his_own_receipt(till, refused):
    receipt = till.posted(("cash", 100), by="abe")
    assert refused(services.audit_receipt, receipt, actor=till.user("abe"), now=at()).code == "payments.own"


@pytest.mark.rule("S:PAY-05")
def test_a_month_closes_once_everything_is_audited(till, refused):
    receipt, draft = till.posted(("cash", 100)), till.received(("cash", 1))
    period = till.session.query(Period).one()
    error = refused(services.close_period, period, actor=till.user("abe"))
    assert (error.code, error.data["drafts"], error.data["unaudited"]) == ("period.unfinished", 1, 1)
    services.delete_receipt(draft, actor=till.user("cai"))
    services.audit_receipt(receipt, actor=till.user("abe"), now=at())

    services.close_period(period, actor=till.user("abe"))

    assert period.state is PeriodState.CLOSED
    late = till.received(("cash", 1))
    assert refused(services.post_receipt, late, actor=till.user("cai"), now=at()).code == "period.closed"
    assert refused(till.owed, 5).code == "period.closed"
    services.reopen_period(period, actor=till.user("fay"), reason="a receipt was forgotten")
    services.post_receipt(late, actor=till.user("cai"), now=at())


@pytest.mark.rule("S:PAY-05")
def test_a_company_may_close_without_audits(till):
    till.set(CLOSE_REQUIRES, "all_posted")
    till.posted(("cash", 100))
    services.close_period(till.session.query(Period).one(), actor=till.user("abe"))


@pytest.mark.rule("S:PAY-05")
def test_another_addon_may_refuse_the_close(till, refused, monkeypatch):
    from addons.payments.services import periods
    from app.errors import Conflict

    def veto(event):
        raise Conflict("orders.unaudited", "one draft invoice")

    monkeypatch.setattr(periods, "publish", veto)
    till.set(CLOSE_REQUIRES, "all_posted")
    till.posted(("cash", 100))
    error = refused(services.close_period, till.session.query(Period).one(), actor=till.user("abe"))
    assert error.code == "orders.unaudited"


@pytest.mark.rule("S:PAY-10")
def test_a_bad_debt_is_approved_before_it_is_written_off(till, refused):
    due = till.owed(20_000, due_on=DAY - dt.timedelta(364))
    early = refused(services.propose_bad_debt, actor=till.user("abe"), receivable_id=due.id, reason="gone", now=at())
    assert (early.code, early.data["days"], early.data["limit"]) == ("bad_debt.early", 364, 365)
    till.set(BAD_DAYS, 360)
    debt = services.propose_bad_debt(actor=till.user("abe"), receivable_id=due.id, reason="gone", now=at())
    assert refused(services.write_off, debt, actor=till.user("fay"), now=at()).code == "workflow.state"
    assert isinstance(refused(services.approve_bad_debt, debt, actor=till.user("abe")), NotAllowed)

    services.approve_bad_debt(debt, actor=till.user("fay"))
    services.write_off(debt, actor=till.user("fay"), now=at())

    assert (due.open_amount, str(due.state)) == (0, "written_off")
    assert till.balances() == {"claim": "-20000.00", "bad_debt": "20000.00"}


@pytest.mark.rule("S:PAY-09")
def test_what_is_overdue_is_on_the_list_until_somebody_reminded(till, refused):
    from addons.payments.views.money import overdue

    due, early = till.owed(100, due_on=DAY - dt.timedelta(45)), till.owed(50, due_on=DAY)
    (todo,) = overdue(till.user("abe"), at())
    assert (todo.record_id, todo.due) == (due.id, due.due_on)
    assert refused(services.dun_receivable, early, actor=till.user("abe"), reason="x", now=at()).code == (
        "receivable.not_overdue"
    )

    services.dun_receivable(due, actor=till.user("abe"), reason="by phone", now=at())

    assert overdue(till.user("abe"), at()) == []
    assert len(overdue(till.user("abe"), at(day=DAY + dt.timedelta(7)))) == 2
