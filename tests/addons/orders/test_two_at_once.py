"""Two at once: one flat is reserved once, orders are numbered without gap or repeat, and nobody sees a deadlock."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.models import Order, Reservation
from app.errors import AppError, Conflict
from tests.addons.orders.office import Office, at

EACH = 4


def together(*calls):
    """Call all at once; return what each came to: nothing, or its refusal."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


@pytest.mark.rule("P:ORD-01")
def test_of_two_who_sign_for_one_flat_at_once_one_wins(world, database, run_in):
    def prepare(name):
        office = Office(world)
        return office.reserved(office.line("flat", "89.50", item_id=world.item), to="ready", by=name).id

    forms = [(name, run_in(world.one, lambda name=name: prepare(name))) for name in ("sam", "sid")]

    def sign(name, pk):
        from app.crud.records import call_service
        from app.database.session import begin_writing

        def once():
            begin_writing()
            office = Office(world)
            form = office.session.get_one(Reservation, pk)
            call_service(services.sign_reservation, form, actor=office.user(name), now=at())

        try:
            run_in(world.one, once)
        except AppError as error:
            return error
        return None

    found = together(*(lambda name=name, pk=pk: sign(name, pk) for name, pk in forms))

    (refusal,) = [one for one in found if one is not None]
    assert (type(refusal), refusal.code) == (Conflict, "item.claimed")
    states = run_in(world.one, lambda: sorted(Office(world).session.scalars(sa.select(Reservation.state))))
    assert states == ["ready_to_sign", "signed"]


@pytest.mark.rule("P:ORD-05", "S:ORD-02")
def test_orders_confirmed_together_are_numbered_without_gap_or_repeat(world, database, run_in):
    def prepare():
        office = Office(world)
        return [office.ordered(to="finance_audited").id for _ in range(2 * EACH)]

    keys = run_in(world.one, prepare)

    def confirm(name, mine):
        from app.database.session import begin_writing

        for pk in mine:

            def once(pk=pk):
                begin_writing()
                office = Office(world)
                services.confirm_order(office.session.get_one(Order, pk), actor=office.user(name), now=at())

            run_in(world.one, once)

    together(lambda: confirm("sue", keys[::2]), lambda: confirm("max", keys[1::2]))

    numbers = run_in(
        world.one, lambda: list(Office(world).session.scalars(sa.select(Order.number).order_by(Order.number)))
    )
    assert numbers == [f"SO2026-{number:04}" for number in range(1, 2 * EACH + 1)]
