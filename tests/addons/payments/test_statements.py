"""How often the database is asked for one receipt that settles three receivables."""

from itertools import groupby

import pytest
import sqlalchemy as sa

from addons.payments import services
from addons.payments.models import Receipt, Receivable
from app.companies import snapshot
from app.database.session import db
from tests.addons.payments.till import Till, at

MOST = 31  # Thirty, and the one that fetches the draft.


@pytest.mark.rule("P:PAY-01", "P:PAY-03")
def test_a_receipt_with_three_allocations_takes_few_statements(world, run_in, monkeypatch):
    def draft():
        till = Till(world)
        for _time in range(3):
            till.owed(100)
        tenders = (("cash", 100), ("transfer", 100), ("pos", 100))
        return till.received(*tenders, partner_id=world.partners["Li"]).id

    def settle(key):
        till = Till(world)
        receipt, actor = till.session.get_one(Receipt, key), till.user("fay")
        services.post_receipt(receipt, actor=actor, now=at())
        services.settle_oldest(receipt, actor=actor, now=at())

    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    first, second = run_in(world.one, draft), run_in(world.one, draft)
    run_in(world.one, lambda: settle(first))  # It opens the month and the cash day, and the process remembers much.
    monkeypatch.setattr(snapshot, "CHECK_EVERY", 3600)  # Else a process asks once a second what has changed.
    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        run_in(world.one, lambda: settle(second))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)

    asked = [statement for statement, _rows in groupby(asked)]  # SQLite inserts row by row.
    assert len(asked) <= MOST, "\n".join(asked)
    paid = run_in(world.one, lambda: db.session.scalar(sa.select(sa.func.sum(Receivable.settled))))
    assert paid == 600
