"""Receivables and receipts: taken whole, booked once, numbered without gaps, never changed."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.payments import services
from addons.payments.choices import ReceiptState, ReceivableKind, ReceivableState
from addons.payments.models import Entry, LedgerError, Posting, Receipt, ReceiptLine
from addons.payments.parameters import ALLOW_PARTIAL_DEPOSIT, DEPOSIT_MINIMUM, ID_REQUIRED, UNIQUE_BANK_REF
from addons.payments.queries import explain, paid_and_due
from app.errors import Conflict, Duplicate, NotAllowed, ValidationError
from tests.addons.payments.till import DAY, at, yuan


@pytest.mark.rule("P:PAY-01")
def test_a_deposit_is_taken_whole_in_any_tenders(till, refused):
    due = till.deposit(20_000, 100_000)
    short = till.received(("cash", 19_999), receivable_id=due.id)
    error = refused(services.post_receipt, short, actor=till.user("cai"), now=at())
    assert (error.code, error.field, error.data["limit"]) == ("receipt.too_little", "amount", "20,000.00")

    receipt = till.posted(("cash", 8_000), ("pos", 12_000), receivable_id=due.id)

    assert (receipt.state, receipt.amount, due.state) == (ReceiptState.POSTED, 20_000, ReceivableState.SETTLED)


@pytest.mark.rule("P:PAY-01")
def test_parts_of_a_deposit_are_taken_where_the_company_allows_it(till, refused):
    till.set(ALLOW_PARTIAL_DEPOSIT, True)
    till.set(DEPOSIT_MINIMUM, 30)
    due = till.deposit(20_000, 50_000)
    short = till.received(("cash", "14999.99"), receivable_id=due.id)
    assert refused(services.post_receipt, short, actor=till.user("cai"), now=at()).data["limit"] == "15,000.00"

    till.posted(("cash", 15_000), receivable_id=due.id)
    till.posted(("cash", 5_000), receivable_id=due.id)

    assert due.state is ReceivableState.SETTLED


@pytest.mark.rule("P:PIG-01", "S:RE-04")
def test_the_least_deposit_is_named_and_explained(till, refused):
    till.set(DEPOSIT_MINIMUM, 30)
    error = refused(till.deposit, "14999.99", 50_000)
    assert (error.code, error.field, error.data["limit"]) == ("receivable.deposit_minimum", "amount", "15,000.00")
    assert refused(till.deposit, 2_999, "9999.99").data["limit"] == "3,000.00"

    due = till.deposit(15_000, 50_000)

    steps = {str(label): value for label, value in explain(due.id)}
    assert steps["Least deposit"] == "15,000.00"
    assert (steps["Ding"], steps["Prepayment, always refunded"]) == ("10,000.00", "5,000.00")
    assert steps["Part of the total up to which a deposit binds as Ding"] == "20 %"


@pytest.mark.rule("S:RE-04")
def test_a_deposit_binds_up_to_a_fifth_of_the_price(till):
    steps = {str(label): value for label, value in explain(till.deposit(200_000, 980_000).id)}
    assert (steps["Most that binds as Ding"], steps["Ding"]) == ("196,000.00", "196,000.00")


@pytest.mark.rule("S:RE-04")
@pytest.mark.parametrize("kind", list(ReceivableKind))
@pytest.mark.parametrize("amount", ["0", "-1"])
def test_nothing_at_or_below_zero_is_owed(till, refused, kind, amount):
    error = refused(till.owed, amount, kind=kind, base_amount=yuan(10))
    assert isinstance(error, ValidationError)
    assert (error.field, error.data["limit"]) == ("amount", "0.00")


@pytest.mark.rule("P:PAY-02")
def test_a_posted_receipt_is_only_reversed(till, refused):
    receipt = till.posted(("cash", 20_000), partner_id=till.world.partners["Li"])
    assert till.balances() == {"cash_and_bank": "20000.00", "advance": "-20000.00"}
    error = refused(services.update_receipt, receipt, actor=till.user("cai"), note="other")
    assert (error.code, error.http_status) == ("receipt.posted", 409)

    services.void_receipt(receipt, actor=till.user("abe"), reason="typed twice", now=at())

    assert till.balances() == {}
    amounts = till.session.scalars(sa.select(Entry.amount).order_by(Entry.id)).all()
    assert amounts == [20_000, -20_000, -20_000, 20_000]


@pytest.mark.rule("P:PAY-03")
def test_a_void_receipt_keeps_its_number(till):
    first = till.posted(("cash", 100))
    services.void_receipt(first, actor=till.user("abe"), reason="wrong payer", now=at())
    assert (first.free_amount, till.received(("cash", 5)).free_amount) == (0, 0)
    second = till.posted(("cash", 100))

    assert (first.number, first.state) == ("SJ2026-0001", ReceiptState.VOID)
    assert second.number == "SJ2026-0002"


@pytest.mark.rule("P:PAY-03")
def test_a_draft_has_no_number_and_a_refused_one_takes_none(till, refused):
    due = till.deposit(20_000, 100_000)
    short = till.received(("cash", 1), receivable_id=due.id)
    refused(services.post_receipt, short, actor=till.user("cai"), now=at())
    assert short.number is None
    assert till.posted(("cash", 1)).number == "SJ2026-0001"


@pytest.mark.rule("P:PAY-06")
def test_money_of_an_unknown_payer_waits_and_is_matched_later(till, refused):
    due = till.deposit(20_000, 100_000)
    receipt = till.posted(("transfer", 20_000, "B-77"), payer_name="?")
    assert till.balances()["unidentified"] == "-20000.00"
    parked = refused(services.settle_receivable, receipt, actor=till.user("cai"), receivable=due, now=at())
    assert parked.code == "receipt.unidentified"

    services.match_receipt(receipt, actor=till.user("cai"), partner=due.partner, now=at("11:00"))
    services.settle_receivable(receipt, actor=till.user("cai"), receivable=due, now=at("11:01"))

    assert due.state is ReceivableState.SETTLED
    assert till.balances() == {"cash_and_bank": "20000.00", "claim": "-20000.00"}


@pytest.mark.rule("P:PAY-06")
def test_what_is_more_than_owed_stays_an_advance(till, refused):
    due = till.owed(300)
    receipt = till.posted(("cash", 500), receivable_id=due.id)
    assert (receipt.settled, receipt.free_amount, due.state) == (300, 200, ReceivableState.SETTLED)

    other = till.owed(150)
    error = refused(
        services.settle_receivable, receipt, actor=till.user("cai"), receivable=other, amount=yuan("150.01"), now=at()
    )
    assert (error.field, error.data["limit"]) == ("amount", "150.00")


@pytest.mark.rule("P:PAY-06")
def test_a_third_person_pays_with_a_written_authorisation(till, refused):
    due = till.owed(300)
    wu = till.world.partners["Wu"]
    plain = till.received(("cash", 300), partner_id=wu, receivable_id=due.id)
    error = refused(services.post_receipt, plain, actor=till.user("cai"), now=at())
    assert (error.code, error.field) == ("receipt.other_payer", "authorisation")

    till.posted(("cash", 300), partner_id=wu, receivable_id=due.id, authorisation="letter of 1 March")

    assert due.state is ReceivableState.SETTLED


def test_one_transfer_settles_three_receivables_the_oldest_first(till):
    late, later, latest = (
        till.owed(amount, due_on=DAY - dt.timedelta(days)) for amount, days in ((100, 9), (70, 5), (50, 1))
    )
    receipt = till.posted(("transfer", 200, "B-1"), partner_id=late.partner_id)

    services.settle_oldest(receipt, actor=till.user("cai"), now=at())

    assert [one.open_amount for one in (late, later, latest)] == [0, 0, 20]
    assert [str(one.state) for one in (late, later, latest)] == ["settled", "settled", "open"]


@pytest.mark.rule("S:PAY-01")
def test_a_bank_reference_is_entered_once(till, refused):
    first = till.posted(("transfer", 100, "B-1"))
    error = refused(till.received, ("transfer", 100, " Ｂ-1 "))
    assert isinstance(error, Duplicate)
    assert (error.field, error.match) == ("lines", first.number)
    twice = refused(till.received, ("transfer", 100, "B-2"), ("transfer", 50, " B-2"))
    assert (twice.code, twice.field, twice.data["value"]) == ("receipt.bank_ref_twice", "lines", "B-2")

    services.void_receipt(first, actor=till.user("abe"), reason="wrong account", now=at())
    till.posted(("transfer", 100, "B-1"))


@pytest.mark.rule("S:PAY-01")
def test_a_company_may_take_a_bank_reference_twice(till):
    till.set(UNIQUE_BANK_REF, False)
    till.posted(("transfer", 100, "B-1"))
    assert till.posted(("transfer", 100, "B-1")).number == "SJ2026-0002"


@pytest.mark.rule("S:PAY-04")
def test_a_document_knows_what_was_paid_for_it(till):
    from app.documents.references import ref_of

    source = ref_of(till.owed(1, opened=False), "payments.Receivable")  # Stands for another add-on's order.
    claim = services.Claim(
        source=source,
        partner_id=till.world.partners["Li"],
        kind=ReceivableKind.BALANCE,
        amount=yuan(10_000),
        due_on=DAY,
    )
    due = services.open_receivable(claim, actor=till.user("abe"), now=at())
    till.posted(("cash", 4_000), receivable_id=due.id)

    assert paid_and_due(source) == (4_000, 6_000)
    assert due.number == "YS2026-0001"


@pytest.mark.parametrize(
    ("id_no", "valid_to", "field"),
    [
        (None, DAY, "id_no"),
        ("11010519491231002X", None, "id_valid_to"),
        ("11010519491231002X", DAY - dt.timedelta(1), "id_valid_to"),
    ],
)
def test_identity_is_checked_where_the_company_asks_for_it(till, refused, id_no, valid_to, field):
    till.set(ID_REQUIRED, ["deposit"])
    due = till.deposit(100, 1_000)
    receipt = till.received(("cash", 100), receivable_id=due.id, id_no=id_no, id_valid_to=valid_to)
    assert refused(services.post_receipt, receipt, actor=till.user("cai"), now=at()).field == field

    services.update_receipt(receipt, actor=till.user("cai"), id_no="11010519491231002X", id_valid_to=DAY)
    services.post_receipt(receipt, actor=till.user("cai"), now=at())
    assert receipt.number == "SJ2026-0001"


@pytest.mark.rule("P:PIG-03")
def test_identity_is_checked_whichever_way_the_money_reaches_the_deposit(till, refused):
    till.set(ID_REQUIRED, ["deposit"])
    deposit, other = till.deposit(100, 1_000), till.owed(100)
    advance = till.posted(("cash", 100), partner_id=till.world.partners["Li"])
    by = {"actor": till.user("abe"), "now": at()}
    error = refused(services.settle_receivable, advance, receivable=deposit, **by)
    assert (type(error), error.code, error.field) == (ValidationError, "receipt.identity", "id_no")
    assert refused(services.settle_oldest, advance, **by).code == "receipt.identity"

    services.settle_receivable(advance, receivable=other, **by)
    moved = {"source": other, "target": deposit, "amount": yuan(100), "reason": "Meant for it"}
    assert refused(services.transfer_money, advance, **moved, **by).code == "receipt.identity"

    shown = {"id_no": "11010519491231002X", "id_valid_to": DAY}
    known = till.posted(("cash", 100), partner_id=till.world.partners["Li"], **shown)
    services.settle_receivable(known, receivable=deposit, **by)
    assert deposit.open_amount == 0


def test_a_wrong_check_digit_is_refused(till, refused):
    error = refused(till.received, ("cash", 1), id_no="110105194912310021")
    assert (error.code, error.field) == ("input.identity_check", "id_no")


@pytest.mark.parametrize(
    ("tenders", "values", "field"),
    [
        ((), {}, "lines"),
        ((("cash", 0),), {}, "lines"),
        ((("cash", 1),), {"doc_date": DAY + dt.timedelta(1)}, "doc_date"),
    ],
)
def test_a_receipt_is_of_something_received(till, refused, tenders, values, field):
    error = refused(till.received, *tenders, **values)
    assert isinstance(error, ValidationError)
    assert error.field == field


@pytest.mark.rule("P:PAY-02")
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_ledger_is_append_only_in_python_and_in_the_database(till, change):
    till.posted(("cash", 100))
    entry = till.session.scalars(sa.select(Entry)).first()
    if change == "update":
        entry.amount = yuan(1)
    else:
        till.session.delete(entry)
    with pytest.raises(LedgerError):
        till.session.flush()
    till.session.rollback()
    till.posted(("cash", 100))
    for table in ("payments_posting", "payments_entry"):
        verb = f"DELETE FROM {table}" if change == "delete" else f"UPDATE {table} SET version = 9"
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), till.session.begin_nested():
            till.session.connection().exec_driver_sql(verb)


@pytest.mark.rule("P:PAY-02")
def test_what_does_not_balance_is_not_posted(till):
    from addons.payments.choices import Account, PostingKind

    posting = Posting(kind=PostingKind.RECEIVE, posted_on=DAY, posted_at=at(), month="2026-03")
    posting.entries = [Entry(account=Account.CASH, amount=yuan(1)), Entry(account=Account.ADVANCE, amount=yuan(-2))]
    till.session.add(posting)
    with pytest.raises(LedgerError):
        till.session.flush()


@pytest.mark.rule("P:PAY-01")
@pytest.mark.parametrize("name", ["nil"])
def test_only_cashiers_and_accountants_take_money(till, refused, name):
    receipt = till.received(("cash", 1))
    error = refused(services.post_receipt, receipt, actor=till.user(name), now=at())
    assert isinstance(error, NotAllowed)


def test_an_open_receivable_keeps_its_terms(till, refused):
    due = till.owed(100)
    error = refused(services.update_receivable, due, actor=till.user("abe"), amount=yuan(90))
    assert isinstance(error, Conflict)
    services.update_receivable(due, actor=till.user("abe"), due_on=DAY + dt.timedelta(5))
    assert (due.amount, due.due_on) == (100, DAY + dt.timedelta(5))


def test_what_nobody_paid_is_cancelled_and_what_was_paid_is_not(till, refused):
    due = till.owed(100)
    services.cancel_receivable(due, actor=till.user("abe"), reason="called off", now=at())
    assert (due.state, due.open_amount, till.balances()) == (ReceivableState.CANCELLED, 0, {})

    paid = till.owed(100)
    till.posted(("cash", 40), receivable_id=paid.id)
    assert (
        refused(services.cancel_receivable, paid, actor=till.user("abe"), reason="x", now=at()).code
        == "receivable.paid"
    )


def test_another_company_sees_nothing(till):
    from app.database.session import as_company

    till.posted(("cash", 100))
    with as_company(till.world.two):
        assert till.session.scalars(sa.select(Receipt)).all() == []
        assert till.balances() == {}


def test_a_failure_in_another_company_is_told_as_it_is(till):
    from app.database.session import as_company

    def fail():
        till.session.add(Receipt(doc_date=DAY, lines=[ReceiptLine(amount=yuan(1))]))
        raise LookupError

    with pytest.raises(LookupError), as_company(till.world.two):
        fail()
    assert not till.session.new
