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
    assert str(shift) == f"Desk {DAY} 10:30"  # On the company's clock.
    running = refused(services.open_shift, actor=till.user("coe"), place_id=shift.place_id, now=at("10:31"))
    assert running.code == "shift.running"
    till.posted(("cash", 400), now=at("11:00"))
    coe = employee_of(till.world.users["coe"])
    values = {"actor": till.user("cai"), "receiver": coe, "now": at("14:00")}
    assert refused(services.hand_over, shift, counted=yuan(480), **values).data["limit"] == "500.00"

    services.hand_over(shift, counted=yuan(480), explanation="change given twice", **values)

    assert (shift.expected, shift.difference, shift.state) == (500, -20, ShiftState.HANDED_OVER)
    bank = refused(services.open_shift, actor=till.user("coe"), place_id=till.world.ways["bank"], now=at("14:01"))
    assert bank.code == "shift.place"
    short = refused(
        services.open_shift, actor=till.user("coe"), place_id=shift.place_id, opening=yuan(500), now=at("14:01")
    )
    assert (short.code, short.data["limit"]) == ("shift.opening", "480.00")

    after = services.open_shift(actor=till.user("coe"), place_id=shift.place_id, opening=yuan(480), now=at("14:01"))

    till.posted(("cash", 20), now=at("15:00"))
    cai = employee_of(till.world.users["cai"])
    services.hand_over(after, actor=till.user("coe"), counted=yuan(500), receiver=cai, now=at("16:00"))
    assert (after.opening, after.expected, after.difference) == (480, 500, 0), "Nobody answers for it twice."


@pytest.mark.rule("S:RE-07", "S:RE-08")
def test_a_day_begins_with_what_was_counted_the_day_before(till, moved, refused):
    next_day = DAY + dt.timedelta(1)
    till.posted(("cash", 100), now=at(day=next_day))
    other = till.session.query(CashDay).filter_by(day=next_day).one()
    early = refused(services.submit_cash_day, other, actor=till.user("cai"), counted=yuan(1), now=at(day=next_day))
    assert (early.code, early.data["day"]) == ("cash_day.order", DAY)
    services.submit_cash_day(
        moved, actor=till.user("cai"), counted=yuan(229_999), explanation="a coin rolled away", now=at("17:00")
    )

    services.submit_cash_day(other, actor=till.user("cai"), counted=yuan(230_099), now=at("17:00", day=next_day))

    assert (other.opening, other.expected, other.difference) == (229_999, 230_099, 0)
    rests = refused(services.give_back_cash_day, moved, actor=till.user("abe"), reason="one more")
    assert (rests.code, rests.data["day"]) == ("cash_day.order", next_day)
    services.give_back_cash_day(other, actor=till.user("abe"), reason="one more")
    services.give_back_cash_day(moved, actor=till.user("abe"), reason="one more")


@pytest.mark.rule("S:RE-08")
def test_no_cash_is_dated_back_before_a_day_that_was_handed_in(till, moved, refused):
    services.submit_cash_day(moved, actor=till.user("cai"), counted=yuan(230_000), now=at("18:00"))
    back = till.received(("cash", 1), by="coe", doc_date=DAY - dt.timedelta(1))
    error = refused(services.post_receipt, back, actor=till.user("coe"), now=at("18:01"))
    assert (error.code, error.field, error.data["day"]) == ("cash_day.handed_in", "doc_date", DAY)
    till.posted(("transfer", 1), by="coe", doc_date=DAY - dt.timedelta(1))  # The bank is no desk.


@pytest.mark.rule("S:PAY-05")
def test_nothing_is_dated_back_before_a_closed_month(till, refused):
    till.set(CLOSE_REQUIRES, "all_posted")
    till.posted(("cash", 100))
    back = till.received(("transfer", 1), doc_date=DAY - dt.timedelta(40))
    services.close_period(till.session.query(Period).one(), actor=till.user("abe"))
    error = refused(services.post_receipt, back, actor=till.user("cai"), now=at())
    assert (error.code, error.field, error.data["month"]) == ("period.before_closed", "doc_date", "2026-03")
    assert till.session.query(Period).count() == 1


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


@pytest.mark.rule("S:PAY-10")
def test_who_raises_a_bad_debt_does_not_approve_it(till, refused):
    from app.audit import set_origin
    from app.database.context import set_acting_user

    till.set(BAD_DAYS, 0)
    due = till.owed(20_000)
    debt = services.propose_bad_debt(
        actor=till.user("abe"), receivable_id=due.id, reason="gone", amount=yuan(100), now=at()
    )
    set_acting_user(till.world.users["fay"])
    set_origin(None, "her request")
    services.update_bad_debt(debt, actor=till.user("fay"), amount=yuan(20_000))
    set_acting_user(None)
    set_origin(None, None)

    error = refused(services.approve_bad_debt, debt, actor=till.user("fay"))
    assert (type(error), error.code, debt.state) == (NotAllowed, "payments.own", "proposed")


@pytest.mark.rule("S:PAY-10")
def test_a_bad_debt_that_is_paid_after_all_is_owed_again(till, refused):
    till.set(BAD_DAYS, 0)
    due = till.owed(20_000)
    debt = services.propose_bad_debt(actor=till.user("abe"), receivable_id=due.id, reason="gone", now=at())
    assert (
        refused(services.recover_bad_debt, debt, actor=till.user("fay"), reason="x", now=at()).code == "workflow.state"
    )
    services.approve_bad_debt(debt, actor=till.user("fay"))
    services.write_off(debt, actor=till.user("fay"), now=at())
    again = {"actor": till.user("fay"), "reason": "he is back", "now": at()}
    for amount in (0, "20000.01"):
        error = refused(services.recover_bad_debt, debt, amount=yuan(amount), **again)
        assert (error.code, error.field, error.data["limit"]) == ("bad_debt.too_much", "amount", "20,000.00")
    assert isinstance(refused(services.recover_bad_debt, debt, **{**again, "actor": till.user("abe")}), NotAllowed)

    services.recover_bad_debt(debt, amount=yuan(5_000), **again)

    assert (due.open_amount, due.waived, str(due.state), debt.recovered) == (5_000, 15_000, "open", 5_000)
    till.posted(("cash", 5_000), receivable_id=due.id)
    assert str(due.state) == "settled"
    assert till.balances() == {"cash_and_bank": "5000.00", "claim": "-20000.00", "bad_debt": "15000.00"}
    services.recover_bad_debt(debt, **again)
    assert (due.open_amount, str(due.state)) == (15_000, "open")
    assert refused(services.recover_bad_debt, debt, **again).code == "bad_debt.recovered"


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


@pytest.mark.rule("S:PAY-09")
def test_what_is_dated_later_is_neither_due_nor_old_nor_dunned_before_its_day(till, refused):
    from addons.payments.queries import age_of, days_overdue
    from addons.payments.views.money import overdue

    later = DAY + dt.timedelta(10)
    early = till.owed(100, doc_date=later, due_on=DAY - dt.timedelta(45))

    assert overdue(till.user("abe"), at()) == []
    error = refused(services.dun_receivable, early, actor=till.user("abe"), reason="x", now=at())
    assert (error.code, error.data["limit"]) == ("receivable.not_overdue", later)
    assert (days_overdue(early, on=DAY), age_of(early, on=DAY)) == (-10, 0)
    till.set(BAD_DAYS, 0)
    given = {"actor": till.user("abe"), "receivable_id": early.id, "reason": "gone"}
    assert refused(services.propose_bad_debt, now=at(), **given).code == "bad_debt.early"
    assert (days_overdue(early, on=later), age_of(early, on=later)) == (55, 2)
    (todo,) = overdue(till.user("abe"), at(day=later))
    assert todo.record_id == early.id


@pytest.mark.rule("S:PAY-09")
def test_asking_again_who_is_to_be_reminded_changes_nothing(till):
    from addons.payments.views.money import overdue

    due = till.owed(100, due_on=DAY - dt.timedelta(45))
    before = till.facts()
    first = overdue(till.user("abe"), at())

    assert overdue(till.user("abe"), at()) == first
    assert (till.facts(), due.dunned_on) == (before, None)
