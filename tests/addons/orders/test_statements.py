"""How often the database is asked for one sales order, from its first line to its number."""

from itertools import groupby

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.models import Order
from addons.orders.parameters import CHECKS, TWO_AUDITS
from app.companies import snapshot
from app.database.session import db
from tests.addons.orders.office import Office, at
from tests.addons.payments.till import DAY

MOST = 62  # Sixty in three transactions, of author, auditor and confirmer, and the two that fetch the order again.


@pytest.mark.rule("P:ORD-04", "P:ORD-05", "S:ORD-03")
def test_an_order_of_five_lines_is_confirmed_with_few_statements(world, run_in, monkeypatch):
    def prepare():
        office = Office(world)
        office.set(TWO_AUDITS, False)
        office.set(CHECKS, ["credit", "rule"])

    def write():
        office = Office(world)
        order = services.create_order(
            actor=(author := office.user("cle")),
            now=at(),
            partner_id=world.partners["Li"],
            promised_on=DAY,
            payment_method="cash",
            lines=[office.line("bolt", str(quantity)) for quantity in range(1, 6)],
        )
        services.submit_order(order, actor=author, now=at())
        return order.id

    def step(service, key):
        office = Office(world)
        service(office.session.get_one(Order, key), actor=office.user("max"), now=at())

    def sell():
        key = run_in(world.one, write)
        run_in(world.one, lambda: step(services.audit_order, key))
        run_in(world.one, lambda: step(services.confirm_order, key))

    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    run_in(world.one, prepare)
    sell()  # The first one opens the month, its counters, and what the process remembers.
    monkeypatch.setattr(snapshot, "CHECK_EVERY", 3600)  # Else a process asks once a second what has changed.
    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        sell()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)

    asked = [statement for statement, _rows in groupby(asked)]  # SQLite inserts row by row.
    assert len(asked) <= MOST, "\n".join(asked)
    numbers = run_in(world.one, lambda: list(db.session.scalars(sa.select(Order.number).order_by(Order.id))))
    assert numbers == ["SO2026-0001", "SO2026-0002"]
