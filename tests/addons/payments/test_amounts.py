"""Amounts in Chinese capitals, and the ledger under whatever happens to it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.payments import services
from addons.payments.models import Entry, Posting, Receipt, Receivable
from addons.payments.queries import in_capitals, to_fen
from addons.payments.reports import STATEMENT
from app.errors import AppError
from app.reports.filters import Period, ReportArguments
from app.reports.runner import list_rows
from tests.addons.payments.till import DAY, at

TOMORROW = DAY + dt.timedelta(days=1)


@pytest.mark.rule("P:PAY-03")
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.10", "壹角整"),
        ("10", "壹拾元整"),
        ("15000", "壹万伍仟元整"),
        ("14999.99", "壹万肆仟玖佰玖拾玖元玖角玖分"),
        ("1001.01", "壹仟零壹元零壹分"),
        ("100010.50", "壹拾万零壹拾元零伍角整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("20030405.6", "贰仟零叁万零肆佰零伍元陆角整"),
        ("-8", "负捌元整"),
        ("1.005", "壹元零壹分"),
    ],
)
def test_amounts_are_written_in_capitals(amount, words):
    assert in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize(("amount", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.344999", "2.34")])
def test_money_is_half_up(amount, rounded):
    assert to_fen(Decimal(amount)) == Decimal(rounded)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("take", "settle", "refund", "forfeit", "transfer", "void")),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(1, 30_000_00),
    ),
    min_size=1,
    max_size=12,
)


def do(till, step, receipts, owed):
    """Do one step; what is refused is undone."""
    verb, left, right, fen = step
    amount, actor = Decimal(fen) / 100, till.user("fay")
    if verb == "take":
        receipts.append(till.posted(("cash", str(amount)), partner_id=till.world.partners["Li"]))
        return
    if not receipts:
        return
    receipt, first, second = receipts[left % len(receipts)], owed[left], owed[right]
    common = {"actor": actor, "now": at()}
    match verb:
        case "settle":
            services.settle_receivable(receipt, receivable=first, amount=amount, **common)
        case "refund":
            named = first if right % 2 else None
            values = {"method": till.way("cash"), "reason": "x", "receivable": named}
            services.refund_money(receipt, amount=amount, **values, **common)
        case "forfeit":
            services.forfeit_money(receipt, receivable=first, amount=amount, reason="x", **common)
        case "transfer":
            services.transfer_money(receipt, source=first, target=second, amount=amount, reason="x", **common)
        case "void":
            services.void_receipt(receipt, reason="x", **common)


def balance_of_li(till, period):
    """Return the balances that his statement of account comes to, row by row."""
    values = {"customer": till.world.partners["Li"], "period": period}
    asked = ReportArguments(values, till.user("fay"), DAY, dt.UTC)
    return [row[-1] for row in list_rows(STATEMENT, asked)]


@pytest.mark.rule("P:PAY-02")
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_the_ledger_balances_whatever_happens(till, steps):
    nested = till.session.begin_nested()
    owed = [till.deposit(15_000, 50_000), till.owed(20_000), till.deposit(10_000, 90_000), till.owed("0.01")]
    receipts: list[Receipt] = []
    for step in steps:
        inner = till.session.begin_nested()
        try:
            do(till, step, receipts, owed)
            inner.commit()
        except AppError:
            inner.rollback()
            receipts = [one for one in receipts if one in till.session]

    assert sum((one.amount for one in till.session.query(Entry)), Decimal(0)) == 0
    for posting in till.session.query(Posting):
        assert sum(entry.amount for entry in posting.entries) == 0
    for receivable in till.session.query(Receivable):
        assert receivable.amount == receivable.settled + receivable.waived + receivable.open_amount
        assert min(receivable.settled, receivable.waived, receivable.open_amount) >= 0
    held, settled = till.balances(), sum((one.settled for one in owed), Decimal(0))
    assert sum((one.settled for one in receipts), Decimal(0)) == settled
    free = sum((one.free_amount for one in receipts if str(one.state) == "posted"), Decimal(0))
    assert Decimal(held.get("advance", 0)) == -free
    assert Decimal(held.get("receivable", 0)) == sum((one.open_amount for one in owed), Decimal(0))
    owes = Decimal(held.get("receivable", 0)) + Decimal(held.get("advance", 0))
    assert balance_of_li(till, None)[-1:] == [owes]
    assert balance_of_li(till, Period(TOMORROW, TOMORROW)) == [owes], "What came before is the opening balance."
    nested.rollback()
    till.session.expire_all()
