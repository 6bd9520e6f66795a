"""Four clerks confirm orders at the same time: no number is missing or there twice, nobody sees a deadlock."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from addons.orders.models import Order
from addons.payments.models import Receivable
from tests.addons.orders.office import Office

CLERKS, EACH = 4, 3


@pytest.mark.rule("P:ORD-05", "S:ORD-21")
def test_four_clerks_confirm_orders_at_once(world, run_in):
    def confirm(clerk: int) -> None:
        from app.database.session import begin_writing

        for number in range(EACH):

            def once(number: int = number) -> None:
                begin_writing()
                office = Office(world)
                office.ordered(office.line("bolt", str(clerk * EACH + number + 1)), to="confirmed")

            run_in(world.one, once)

    with ThreadPoolExecutor(CLERKS) as pool:
        for done in [pool.submit(confirm, clerk) for clerk in range(CLERKS)]:
            done.result()

    def look():
        session = Office(world).session
        numbers = session.scalars(sa.select(Order.number).order_by(Order.number)).all()
        return numbers, session.scalar(sa.select(sa.func.sum(Receivable.amount)))

    count = CLERKS * EACH
    assert run_in(world.one, look) == (
        [f"SO2026-{number:04}" for number in range(1, count + 1)],
        100 * count * (count + 1) // 2,
    )
