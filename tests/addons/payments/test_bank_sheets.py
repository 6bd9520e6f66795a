"""What the sheets of banks say, and what a line might pay: pure functions."""

import datetime as dt
from decimal import Decimal

import pytest

from addons.payments.queries.bank_sheets import check_balance, find_headings, read_sheet
from addons.payments.queries.proposals import Debt, Paying, propose

PREAMBLE = [(1, ["中国工商银行 账户明细清单"]), (2, ["账号：1202", "币种：人民币", "", "起止日期：2026-03"])]
HEADINGS = [
    "交易日期",
    "借方发生额（支取）",
    "贷方发生额（收入）",
    "余额",
    "对方户名",
    "对方账号",
    "交易流水号",
    "摘要",
]


def sheet(*rows):
    return [*PREAMBLE, (4, HEADINGS), *enumerate(rows, start=5)]


def read(rows, **known):
    heading_row, columns = find_headings(rows, **known)
    return read_sheet(rows, heading_row, columns)


@pytest.mark.rule("S:PAY-01")
def test_a_sheet_is_read_below_its_preamble_and_without_its_sums():
    rows = sheet(
        ["2026-03-02 10:15:00", "", "20,000.00", "120,000.00", "李思远", "6222 0001", "B-1", "定金"],
        ["20260303", "15.50", "0.00", "119,984.50", "", "", "B-2", "手续费"],
        ["合计", "15.50", "20,000.00", "", "", "", "", ""],
    )
    reading = read(rows)
    assert reading.problems == []
    first, fee = reading.lines
    assert (first.row, first.booked_on, first.amount, first.payer_name) == (
        *(5, dt.date(2026, 3, 2), Decimal("20000.00"), "李思远"),
    )
    assert (first.payer_account, first.bank_ref, first.memo) == ("6222 0001", "B-1", "定金")
    assert (fee.booked_on, fee.amount, fee.balance) == (dt.date(2026, 3, 3), Decimal("-15.50"), Decimal("119984.50"))
    assert (reading.taken_in, reading.paid_out) == (Decimal(20_000), Decimal("15.50"))


def test_one_column_of_amounts_takes_its_sign_from_the_direction():
    rows = [(1, ["日期", "金额", "借贷标志"]), (2, ["2026/3/2", "8", "贷"]), (3, ["2026/3/2", "5", "借"])]
    assert [line.amount for line in read(rows).lines] == [8, -5]
    rows.append((4, ["2026/3/2", "5", "？"]))
    assert [(one.row, one.message) for one in read(rows).problems] == [(4, "“？” says neither in nor out.")]


def test_every_wrong_cell_is_named_with_its_row():
    rows = sheet(
        ["2026-02-30", "", "1", "", "", "", "", ""],
        ["2026-03-02", "", "1.005", "", "", "", "", ""],
        ["2026-03-02", "1", "1", "", "", "", "", ""],
        ["2026-03-02", "", "-", "", "名" * 201, "", "", "x"],
        ["", "", "7", "", "", "", "", ""],
    )
    found = [(one.row, str(one.label)) for one in read(rows).problems]
    wanted = [(5, "Date"), (6, "Amount in"), (7, "Amount out"), (8, "Amount in"), (8, "Name of the other side")]
    assert found == [*wanted, (9, "Date")]


@pytest.mark.rule("S:PAY-01")
def test_opening_and_movements_make_the_closing_balance():
    rows = sheet(["2026-03-02", "", "20,000.00"], ["2026-03-02", "5,000.00", ""])
    right, wrong = read(rows), read(rows)
    check_balance(right, Decimal(100_000), Decimal(115_000))
    check_balance(wrong, Decimal(100_000), Decimal(115_001))
    assert right.problems == []
    assert wrong.problems[0].message == ("100,000.00 + 20,000.00 − 5,000.00 = 115,000.00, not 115,001.00: 1.00 off.")


def test_columns_of_an_earlier_statement_are_found_again():
    rows = [(1, ["x", "日期"]), (3, ["When", "Plus", "Plus"]), (4, ["2026-03-02", "5", "7"])]
    known = {"booked_on": "When", "amount_in": "Plus (2)"}
    assert find_headings(rows, known=known) == (3, known)
    assert read(rows, known=known).lines[0].amount == 7
    assert find_headings(rows) == (None, {})


def debt(key, amount, partner="李思远", **said):
    reading = {"李思远": "lisiyuan", "李思源": "lisiyuan"}.get(partner, partner)
    return Debt(key, f"YS-{key}", said.pop("partner_id", 1), partner, Decimal(amount), partner, reading, **said)


@pytest.mark.rule("P:PAY-06")
def test_proposals_say_why_and_the_likeliest_comes_first():
    paying = Paying(Decimal(20_000), "李思远", "lisiyuan", "定金 RS2026-0001")
    found = propose(
        paying,
        [
            debt(1, 20_000, "李思源", partner_id=2),
            debt(2, 20_000),
            debt(3, 50_000, numbers=("RS2026-0001",)),
            debt(4, 700, "赵六", partner_id=3),
            debt(5, 20_000, "王五", partner_id=4),
        ],
    )
    told = [([one.id for one, _amount in each.uses], [str(reason) for reason in each.reasons]) for each in found]
    assert told == [
        ([3], ["its number stands in the memo", "the payer's name fits"]),
        ([2], ["the amount fits", "the payer's name fits"]),
        ([1], ["the amount fits", "the payer's name sounds alike"]),
        ([5], ["the amount fits"]),
    ]
    assert [each.is_sure for each in found] == [True, True, False, False]  # A namesake is somebody else.
    assert propose(Paying(Decimal(20_000), "lisiyuan", "lisiyuan"), [debt(1, 20_000)])[0].is_sure  # LI SIYUAN.


def test_one_transfer_is_split_over_several_debts():
    paying = Paying(Decimal(300), "李思远", "", "")
    best = propose(paying, [debt(1, 100), debt(2, 200)])[0]
    assert [(one.id, amount) for one, amount in best.uses] == [(1, Decimal(100)), (2, Decimal(200))]
    assert (best.rest, best.is_sure) == (0, True)
    more = propose(Paying(Decimal(350), "李思远"), [debt(1, 100), debt(2, 200)])
    assert next(each.rest for each in more if len(each.uses) == 2) == 50
