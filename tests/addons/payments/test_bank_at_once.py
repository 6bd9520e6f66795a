"""Two at once at bank lines and bank references: one wins, the other is told, and nobody waits in a circle."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from addons.payments import services
from addons.payments.choices import BankLineState, ReceiptState
from addons.payments.models import BankLine, Receipt, Receivable
from app.errors import AppError
from tests.addons.payments.test_bank_lines import taken
from tests.addons.payments.till import DAY, Till, at, yuan

ROUNDS = 5


@pytest.fixture
def race(world, run_in):
    """Return a function that does two things at the same moment, each in a transaction; it returns the refusals."""
    start = Barrier(2)

    def attempt(act):
        from app.database.session import begin_writing

        def once():
            begin_writing()
            act(Till(world))

        start.wait()
        try:
            run_in(world.one, once)
        except AppError as error:
            return error.code
        return None

    def both(one, other):
        with ThreadPoolExecutor(2) as pool:
            return [done.result() for done in [pool.submit(attempt, one), pool.submit(attempt, other)]]

    return both


def prepare(world, run_in, make):
    return run_in(world.one, lambda: make(Till(world)))


@pytest.mark.rule("P:PAY-06")
def test_a_line_is_matched_while_its_receipt_is_made_void(world, run_in, race):
    def park(till):
        rows = [(100 + number, "", f"B-{number}", "") for number in range(ROUNDS)]
        lines = taken(till, *rows)
        for line in lines:
            services.park_line(line, actor=till.user("abe"), now=at())
        return [(line.id, line.receipt_id, till.owed(line.amount).id) for line in lines]

    for line_id, receipt_id, due_id in prepare(world, run_in, park):

        def match(till, line_id=line_id, due_id=due_id):
            line, due = till.session.get_one(BankLine, line_id), till.session.get_one(Receivable, due_id)
            services.match_line(line, actor=till.user("abe"), receivables=[due], now=at())

        def void(till, receipt_id=receipt_id):
            receipt = till.session.get_one(Receipt, receipt_id)
            services.void_receipt(receipt, actor=till.user("fay"), reason="Wrong", now=at())

        assert race(match, void) == [None, None]

    def look(till):
        lines = till.session.scalars(sa.select(BankLine)).all()
        states = {(line.state, line.receipt.state if line.receipt else None) for line in lines}
        return states, sum(line.amount for line in lines if line.receipt), till.session.scalar(
            sa.select(sa.func.sum(Receivable.settled))
        )  # fmt: skip

    states, booked, settled = prepare(world, run_in, look)
    assert states <= {(BankLineState.MATCHED, ReceiptState.POSTED), (BankLineState.OPEN, None)}
    assert settled == booked


@pytest.mark.rule("S:PAY-01")
def test_one_bank_reference_is_entered_once_in_whichever_month(world, run_in, race):
    def enter(name, reference, day):
        def act(till):
            receipt = till.received(("transfer", 5, reference), by=name, doc_date=day)
            services.post_receipt(receipt, actor=till.user(name), now=at())

        return act

    for number in range(ROUNDS):
        reference = f"B-{number}"
        found = race(enter("cai", reference, DAY), enter("coe", reference, DAY - dt.timedelta(days=9)))
        assert sorted(found, key=str) == [None, "receipt.bank_ref"]

    assert prepare(world, run_in, lambda till: till.session.scalar(sa.select(sa.func.count(Receipt.id)))) == ROUNDS


@pytest.mark.rule("P:PAY-06")
def test_two_who_match_lines_of_one_customer_wait_for_each_other(world, run_in, race):
    def take(till):
        lines = taken(till, *[(10, "Li", f"B-{number}", "") for number in range(2 * ROUNDS)])
        return [line.id for line in lines], [till.owed(100).id for _ in range(2)]

    keys, owed = prepare(world, run_in, take)

    def match(line_ids, due_ids):
        def act(till):
            lines = [till.session.get_one(BankLine, key) for key in line_ids]
            dues = [till.session.get_one(Receivable, key) for key in due_ids]
            services.lock_for_matching(lines, dues)
            for number, line in enumerate(lines):
                due = dues[number % 2]
                services.match_line(line, actor=till.user("abe"), receivables=[due], amounts=[yuan(10)], now=at())

        return act

    assert race(match(keys[::2], owed), match(keys[1::2], owed[::-1])) == [None, None]

    def look(till):
        numbers = till.session.scalars(sa.select(Receipt.number).order_by(Receipt.number)).all()
        return numbers, till.session.scalar(sa.select(sa.func.sum(Receivable.settled)))

    assert prepare(world, run_in, look) == ([f"SJ2026-{number:04}" for number in range(1, 2 * ROUNDS + 1)], 20 * ROUNDS)
