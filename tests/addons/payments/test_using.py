"""Refund, forfeiture and transfer: money goes where somebody with the right sends it, and no further."""

import pytest

from addons.payments import services
from addons.payments.choices import ReceivableState, RefundState
from addons.payments.models import Receipt, Receivable, Refund
from app.errors import NotAllowed
from tests.addons.payments.chains import put_under_chain, sign
from tests.addons.payments.till import Till, at, yuan


@pytest.fixture
def paid(till):
    """Return a deposit of 15,000 on 50,000, and the receipt that paid it."""
    due = till.deposit(15_000, 50_000)
    return due, till.posted(("cash", 15_000), receivable_id=due.id)


def refund(till, receipt, amount, **values):
    services.refund_money(
        receipt,
        actor=till.user(values.pop("by", "abe")),
        amount=yuan(amount),
        method=till.way("cash"),
        reason="called off",
        now=at("15:00"),
        **values,
    )


def test_a_refund_pays_back_and_lets_go_what_was_owed(till, paid):
    due, receipt = paid
    refund(till, receipt, 15_000, receivable=due)

    assert (due.state, due.settled, due.waived) == (ReceivableState.CANCELLED, 0, 15_000)
    assert (receipt.refunded, receipt.free_amount, till.balances()) == (15_000, 0, {})
    assert till.session.query(Refund).one().number == "TK2026-0001"


@pytest.mark.parametrize(
    ("of", "amount", "limit"), [("due", "15000.01", "15,000.00"), ("free", 1, "0.00"), ("due", 0, "0.00")]
)
def test_no_more_is_refunded_than_was_paid(till, paid, refused, of, amount, limit):
    due, receipt = paid
    error = refused(refund, till, receipt, amount, receivable=due if of == "due" else None)
    assert (error.field, error.data["limit"]) == ("amount", limit)


def test_a_fen_is_not_cut_in_two(till, paid, refused):
    due, receipt = paid
    error = refused(refund, till, receipt, "5.001", receivable=due)
    assert (error.code, error.field, error.data["limit"]) == ("input.decimals", "amount", 2)
    assert (receipt.refunded, due.settled) == (0, 15_000)


def test_a_void_refund_puts_the_money_back(till, paid):
    due, receipt = paid
    before = till.balances()
    refund(till, receipt, 15_000, receivable=due)

    services.void_refund(till.session.query(Refund).one(), actor=till.user("abe"), reason="not paid", now=at("16:00"))

    assert (till.balances(), due.state, receipt.refunded) == (before, ReceivableState.SETTLED, 0)
    assert till.session.query(Refund).one().state is RefundState.VOID


def test_a_receipt_whose_money_went_back_is_not_void(till, refused):
    receipt = till.posted(("cash", 100), partner_id=till.world.partners["Li"])
    refund(till, receipt, 40)
    error = refused(services.void_receipt, receipt, actor=till.user("abe"), reason="x", now=at())
    assert error.code == "receipt.refunded"


@pytest.mark.rule("S:RE-04")
def test_only_the_ding_of_a_deposit_is_forfeited(till, paid, refused):
    due, receipt = paid
    values = {"actor": till.user("fay"), "receivable": due, "reason": "buyer broke his word", "now": at()}
    error = refused(services.forfeit_money, receipt, amount=yuan("10000.01"), **values)
    assert (error.code, error.data["limit"]) == ("forfeit.ding", "10,000.00")

    services.forfeit_money(receipt, amount=yuan(10_000), **values)
    assert (receipt.forfeited, due.settled) == (10_000, 5_000)
    assert till.balances() == {"cash_and_bank": "15000.00", "claim": "-5000.00", "forfeiture": "-10000.00"}
    assert refused(services.forfeit_money, receipt, amount=yuan(1), **values).data["limit"] == "0.00"

    refund(till, receipt, 5_000, receivable=due)
    assert till.balances() == {"cash_and_bank": "10000.00", "forfeiture": "-10000.00"}


def test_only_deposits_are_forfeited_and_only_by_the_manager(till, refused):
    due = till.owed(100)
    receipt = till.posted(("cash", 100), receivable_id=due.id)
    values = {"receivable": due, "amount": yuan(1), "reason": "x", "now": at()}
    assert isinstance(refused(services.forfeit_money, receipt, actor=till.user("abe"), **values), NotAllowed)
    assert refused(services.forfeit_money, receipt, actor=till.user("fay"), **values).code == "forfeit.kind"


def test_money_is_transferred_to_another_receivable(till, refused):
    first, second = till.owed(100), till.owed(80)
    receipt = till.posted(("cash", 100), receivable_id=first.id)
    values = {"actor": till.user("abe"), "source": first, "target": second, "reason": "another flat", "now": at()}
    assert refused(services.transfer_money, receipt, amount=yuan("80.01"), **values).data["limit"] == "80.00"

    services.transfer_money(receipt, amount=yuan(80), **values)

    assert [(one.open_amount, one.state) for one in (first, second)] == [
        (80, ReceivableState.OPEN),
        (0, ReceivableState.SETTLED),
    ]
    assert (receipt.settled, receipt.free_amount) == (100, 0)


@pytest.mark.parametrize("name", ["cai"])
def test_a_cashier_pays_nothing_back(till, paid, refused, name):
    due, receipt = paid
    assert isinstance(refused(refund, till, receipt, 1, receivable=due, by=name), NotAllowed)


def test_a_refund_waits_for_the_signature_that_its_chain_asks_for(world, run_in):
    def ask():
        till = Till(world)
        due = till.deposit(15_000, 50_000)
        receipt = till.posted(("cash", 15_000), receivable_id=due.id)
        asked = services.refund_money(
            receipt,
            actor=till.user("abe"),
            amount=yuan(5_000),
            method=till.way("cash"),
            reason="claim",
            now=at("15:00"),
            receivable=due,
        )
        assert not asked.is_done
        assert (receipt.refunded, due.settled, till.session.query(Refund).count()) == (0, 15_000, 0)
        return asked.request.id, receipt.id, due.id

    run_in(world.one, lambda: put_under_chain(Till(world), "payments.Receipt", "refund", above=1_000))
    file_id, receipt_id, due_id = run_in(world.one, ask)
    run_in(world.one, lambda: sign(Till(world), file_id, by="fay", now=at("16:00")))

    def look():
        till = Till(world)
        receipt, due = till.session.get_one(Receipt, receipt_id), till.session.get_one(Receivable, due_id)
        return receipt.refunded, due.settled, till.balances()["cash_and_bank"]

    assert run_in(world.one, look) == (5_000, 10_000, "10000.00")
