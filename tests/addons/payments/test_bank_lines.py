"""Bank statements are taken in whole, and their lines become receipts."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa

from addons.payments import queries, services
from addons.payments.choices import BankLineState, ReceiptState, StatementState
from addons.payments.models import BankLine, BankStatement, Receipt
from app.errors import AppError
from tests.addons.payments.till import DAY, Till, at, yuan

HEADINGS = ["交易日期", "收入", "支出", "对方户名", "对方账号", "流水号", "摘要"]


def draft(till, *rows, name="march.xlsx", **balances):
    """Return a statement of the bank: each row is (amount, payer, reference, memo)."""
    cells = [
        [f"{DAY}", f"{amount}" if amount > 0 else "", f"{-amount}" if amount < 0 else "", payer, "6222", ref, memo]
        for amount, payer, ref, memo in rows
    ]
    numbered = [(1, ["账户明细"]), (2, HEADINGS), *enumerate(cells, start=3)]
    return services.send_statement(
        actor=till.user("abe"), place_id=till.world.ways["bank"], name=name, rows=numbered, now=at(), **balances
    )


def taken(till, *rows, **options):
    """Return the lines of a statement that was taken in."""
    statement = draft(till, *rows, **options)
    services.take_in_statement(statement, actor=till.user("abe"))
    return queries.list_lines(statement.id)


@pytest.mark.rule("S:PAY-01")
def test_the_same_bank_reference_is_refused_naming_row_and_record(till, refused):
    taken(till, (20_000, "Li", "B-1", ""))
    receipt = till.posted(("transfer", 500, "B-9"))
    again = draft(
        till, (300, "Wu", "B-2", ""), (20_000, "Li", "B-1", ""), (7, "Wu", "B-9", ""), (8, "x", "B-2", ""), name="2"
    )

    error = refused(services.take_in_statement, again, actor=till.user("abe"))

    assert (error.code, error.data["count"]) == ("bank.problems", 3)
    found = [(one.row, one.match) for one in queries.check_statement(again, today=DAY).problems]
    assert found == [(4, "march.xlsx · B-1"), (5, str(receipt)), (6, "")]
    assert queries.list_lines(again.id) == []
    assert again.state is StatementState.DRAFT


def test_a_receipt_that_a_cashier_wrote_for_the_line_is_linked(till):
    receipt = till.posted(("transfer", 500, "B-9"))
    (line,) = taken(till, (500, "Li", "B-9", ""))
    assert (line.state, line.receipt, line.booked) == (BankLineState.MATCHED, receipt, False)
    services.take_back_line(line, actor=till.user("abe"))
    assert (line.state, line.receipt_id) == (BankLineState.OPEN, None)
    assert queries.booked_alike(line) == [receipt]
    services.connect_line(line, actor=till.user("abe"), receipt=receipt)
    assert line.receipt_id == receipt.id


def test_columns_are_remembered_for_the_account(till):
    taken(till, (1, "Li", "B-1", ""))
    rows = [
        (1, ["交易日期", "记账日期", "收入", "支出", "对方户名", "对方账号", "流水号", "摘要"]),
        (2, [f"{DAY}", "", "5"]),
    ]
    second = services.send_statement(
        actor=till.user("abe"), place_id=till.world.ways["bank"], name="2", rows=rows, now=at()
    )
    assert second.columns["booked_on"] == "交易日期"
    assert second.columns["amount_in"] == "收入"
    with pytest.raises(AppError) as caught:
        services.set_columns(
            second, actor=till.user("abe"), heading_row=1, columns={"amount_in": "收入", "amount_out": "收入"}
        )
    assert caught.value.code == "bank.column_twice"


@pytest.mark.rule("P:PAY-06")
def test_a_transfer_that_fits_settles_and_its_void_opens_the_line_again(till):
    due = till.owed(20_000)
    (line,) = taken(till, (20_000, "Li", "B-1", ""))
    (proposal,) = queries.proposals_for([line], actor=till.user("abe"))[line.id]
    assert [str(reason) for reason in proposal.reasons] == ["the amount fits", "the payer's name fits"]

    services.match_line(line, actor=till.user("abe"), receivables=[due], now=at())

    assert (line.state, line.booked, due.state.value) == (BankLineState.MATCHED, True, "settled")
    assert (line.receipt.number, line.receipt.lines[0].bank_ref) == ("SJ2026-0001", "B-1")
    services.void_receipt(line.receipt, actor=till.user("abe"), reason="Wrong", now=at())
    assert (line.state, line.receipt_id, due.state.value) == (BankLineState.OPEN, None, "open")


@pytest.mark.rule("P:PAY-06")
def test_unnamed_money_is_parked_then_matched(till):
    due = till.deposit(20_000, 100_000)
    (line,) = taken(till, (20_000, "", "B-1", ""))
    services.park_line(line, actor=till.user("abe"), now=at())
    assert line.state is BankLineState.UNIDENTIFIED
    assert till.balances()["unidentified"] == "-20000.00"
    services.match_line(line, actor=till.user("abe"), receivables=[due], now=at())
    assert (line.state, due.state.value) == (BankLineState.MATCHED, "settled")
    assert "unidentified" not in till.balances()


def test_matching_the_receipt_by_hand_identifies_the_line(till):
    (line,) = taken(till, (20_000, "", "B-1", ""))
    services.park_line(line, actor=till.user("abe"), now=at())
    partner = till.owed(1).partner
    services.match_receipt(line.receipt, actor=till.user("abe"), partner=partner, now=at())
    assert line.state is BankLineState.MATCHED


@pytest.mark.rule("P:PAY-06")
def test_one_line_is_split_and_the_rest_stays_an_advance(till, refused):
    one, two = till.owed(100), till.owed(200)
    (line,) = taken(till, (350, "Li", "B-1", ""))
    for amounts, code in (([100, 251], "bank.too_much"), ([100], "bank.amounts"), ([150, 200], "receipt.too_much")):
        values = {"receivables": [one, two], "amounts": [Decimal(each) for each in amounts], "now": at()}
        assert refused(services.match_line, line, actor=till.user("abe"), **values).code == code
    services.match_line(line, actor=till.user("abe"), receivables=[one, two], amounts=[yuan(100), yuan(150)], now=at())
    assert (one.settled, two.settled, line.receipt.free_amount) == (100, 150, 100)


@pytest.mark.rule("P:PAY-06")
def test_somebody_else_pays_by_written_authorisation_only(till, refused):
    due = till.owed(500)
    first, second = taken(till, (200, "王五", "B-1", ""), (300, "王五", "B-2", ""))
    error = refused(services.match_line, first, actor=till.user("abe"), receivables=[due], now=at())
    assert (error.code, error.field) == ("bank.other_payer", "authorisation")
    services.match_line(first, actor=till.user("abe"), receivables=[due], authorisation="Letter 7", now=at())
    services.match_line(second, actor=till.user("abe"), receivables=[due], now=at())  # As before.
    assert (second.receipt.authorisation, due.state.value) == ("Letter 7", "settled")


@pytest.mark.rule("P:PAY-06")
def test_a_namesake_is_somebody_else_but_letters_spell_the_customers_own_name(till, refused):
    due = till.owed(500)
    due.partner.name, due.partner.name_key, due.partner.pinyin = "李思远", "李思远", "lisiyuan"
    other, own = taken(till, (200, "李思源", "B-1", ""), (300, "LI SIYUAN", "B-2", ""))
    error = refused(services.match_line, other, actor=till.user("abe"), receivables=[due], now=at())
    assert (error.code, due.settled) == ("bank.other_payer", 0)
    services.match_line(own, actor=till.user("abe"), receivables=[due], now=at())
    assert due.settled == 300


def test_an_authorisation_is_as_long_as_its_place(till, refused):
    due = till.owed(500)
    (line,) = taken(till, (500, "王五", "B-1", ""))
    values = {"receivables": [due], "authorisation": "x" * 201, "now": at()}
    error = refused(services.match_line, line, actor=till.user("abe"), **values)
    assert (error.field, error.data["limit"], line.state, due.settled) == ("authorisation", 200, BankLineState.OPEN, 0)


def test_the_headings_stand_in_a_row_of_the_file(till, refused):
    statement = draft(till, (1, "Li", "B-1", ""))
    before = (statement.heading_row, statement.columns)
    arranged = {"heading_row": 99_999_999_999, "columns": {}}
    error = refused(services.set_columns, statement, actor=till.user("abe"), **arranged)
    assert (error.code, error.field) == ("bank.heading_row", "heading_row")
    assert (statement.heading_row, statement.columns) == before


def test_what_went_out_is_no_receipt(till, refused):
    (fee,) = taken(till, (-15, "", "", "手续费"))
    assert refused(services.park_line, fee, actor=till.user("abe"), now=at()).code == "bank.outgoing"
    services.ignore_line(fee, actor=till.user("abe"), reason="Fee")
    assert (fee.state, fee.reason) == (BankLineState.IGNORED, "Fee")


def test_of_two_bookkeepers_one_wins_and_the_other_is_told(world, run_in):
    def prepare():
        till = Till(world)
        due = till.owed(1_000)
        return taken(till, (400, "Li", "B-1", ""))[0].id, due.id

    line_id, due_id = run_in(world.one, prepare)

    def attempt(name):
        from addons.payments.models import Receivable
        from app.database.session import begin_writing

        def once():
            begin_writing()
            till = Till(world)
            line, due = till.session.get_one(BankLine, line_id), till.session.get_one(Receivable, due_id)
            services.match_line(line, actor=till.user(name), receivables=[due], now=at())

        try:
            run_in(world.one, once)
        except AppError as error:
            return error.code
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["abe", "fay"])) == ["won", "workflow.state"]

    def look():
        session = Till(world).session
        return session.scalar(sa.select(sa.func.count(Receipt.id)).where(Receipt.state == ReceiptState.POSTED))

    assert run_in(world.one, look) == 1


def test_a_draft_goes_and_what_was_taken_in_stays(till, refused):
    statement = draft(till, (1, "Li", "B-1", ""))
    services.discard_statement(statement, actor=till.user("abe"))
    assert till.session.scalar(sa.select(sa.func.count(BankStatement.id))) == 0
    kept = taken(till, (1, "Li", "B-1", ""))[0].statement
    assert (kept.rows, kept.taken_in, kept.first_day) == ([], 1, DAY)
    assert refused(services.discard_statement, kept, actor=till.user("abe")).code == "bank.taken_in"
