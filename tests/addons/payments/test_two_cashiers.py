"""Two cashiers at once: no gap, no repeat, no deadlock that anybody sees."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from addons.payments import services
from addons.payments.models import Receipt, Receivable, Shift
from app.errors import Conflict
from tests.addons.payments.till import Till, at

EACH = 8


@pytest.mark.rule("P:PAY-03")
def test_two_cashiers_draw_numbers_without_gap_or_repeat(world, database, run_in):
    def prepare():
        till = Till(world)
        return [till.owed(10_000).id for _ in range(2)]

    owed = run_in(world.one, prepare)

    def take(name: str, order: int) -> None:
        from app.database.session import begin_writing

        for number in range(EACH):

            def once(number: int = number) -> None:
                begin_writing()
                till = Till(world)
                due = owed[(number + order) % 2]
                receipt = till.received(("cash", 10 + number), by=name, receivable_id=due)
                services.post_receipt(receipt, actor=till.user(name), now=at())

            run_in(world.one, once)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(take, "cai", 0), pool.submit(take, "coe", 1)]:
            done.result()

    def look():
        till = Till(world)
        numbers = till.session.scalars(sa.select(Receipt.number).order_by(Receipt.number)).all()
        paid = till.session.scalar(sa.select(sa.func.sum(Receivable.settled)))
        return numbers, paid, till.balances()["cash_and_bank"]

    numbers, paid, cash = run_in(world.one, look)
    assert numbers == [f"SJ2026-{number:04}" for number in range(1, 2 * EACH + 1)]
    assert paid == 2 * sum(range(10, 10 + EACH))
    assert cash == f"{paid}"


@pytest.mark.rule("S:R-26")
def test_of_two_cashiers_who_come_to_one_desk_at_once_one_has_the_shift(world, run_in):
    opened, second_came = threading.Event(), threading.Event()

    def open_at(name: str) -> None:
        from app.database.session import begin_writing

        begin_writing()
        services.open_shift(actor=Till(world).user(name), place_id=world.ways["desk"], now=at())

    def first() -> None:
        open_at("cai")
        opened.set()
        second_came.wait(20)
        time.sleep(0.5)  # The other one asks meanwhile, and has to wait for this commit.

    def second() -> str:
        opened.wait(20)
        second_came.set()
        with pytest.raises(Conflict) as caught:
            run_in(world.one, lambda: open_at("coe"))
        return caught.value.code

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(run_in, world.one, first), pool.submit(second)]
        assert [one.result() for one in done] == [None, "shift.running"]

    owners = run_in(world.one, lambda: [str(one.owner) for one in Till(world).session.query(Shift)])
    assert owners == ["Cai"]
