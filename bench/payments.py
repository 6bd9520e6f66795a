"""Posting money: SQL and time of a receipt with three allocations, and four cashiers who post at the same time.

The receipt has three tenders; it is posted and settles the three receivables of its payer. Its time is compared with
bare SQLAlchemy, which writes the same rows in the same database, as the same role, behind the same walls, and knows
nothing of locks, sums, rights, numbers and who did what. They take turns, and each receipt is a request of its own.
`payments.py NUMBER` has the four cashiers post so many receipts; 2,000 unless it is said.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from _measuring import Statements, in_company, noted, report, run_part, timed
from _till import PRICE, TillDatabase, clerk
from flask import current_app, g

RECEIPTS, CASHIERS, WARM = 2_000, 4, 4
MOST_STATEMENTS, LEAST_SPEED = 30, 1 / 10
TENDERS = ("Cash", "Transfer", "POS")


def main(receipts: int = RECEIPTS) -> None:
    """Print what was measured beside its target; exit with 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder, TillDatabase("zg_bench_payments", Path(folder)) as database:
        settings = json.dumps(database.settings)
        found = run_part(__file__, "post", settings)
        met = [
            report("SQL of a receipt with 3 allocations", f"<= {MOST_STATEMENTS}", found["statements"],
                    met=found["statements"] <= MOST_STATEMENTS),
            report("its speed, of bare inserts of its rows", f">= {LEAST_SPEED:.2f}", round(found["speed"], 2),
                    met=found["speed"] >= LEAST_SPEED),
        ]  # fmt: skip
        print(f"  {found['ours']:.1f} ms; bare {found['bare']:.1f} ms for {found['rows']} inserts", flush=True)
        met.append(at_the_same_time(settings, receipts))
    sys.exit(0 if all(met) else 1)


def at_the_same_time(settings: str, receipts: int) -> bool:
    """Have four processes post receipts together; print whether a number is missing or there twice."""
    started = time.perf_counter()
    command = [sys.executable, __file__, "take", settings, str(receipts // CASHIERS)]
    cashiers = [subprocess.Popen([*command, str(number)]) for number in range(CASHIERS)]
    failed = sum(cashier.wait() != 0 for cashier in cashiers)
    seconds = time.perf_counter() - started
    numbers = run_part(__file__, "numbers", settings)["numbers"]
    serial = [int(number.rpartition("-")[2]) for number in numbers]
    repeats = len(serial) - len(set(serial))
    gaps = len(set(range(1, max(serial) + 1)) - set(serial))
    wanted = receipts // CASHIERS * CASHIERS + WARM
    print(f"  {CASHIERS} cashiers posted {len(serial) - WARM} receipts in {seconds:.0f} s")
    return report(
        f"gaps, repeats, failed cashiers among {CASHIERS}", "0, 0, 0", f"{gaps}, {repeats}, {failed}",
        met=not gaps and not repeats and not failed and len(serial) == wanted,
    )  # fmt: skip


def post(settings: str) -> dict[str, Any]:
    """Post and settle receipts; then write the same rows with bare SQLAlchemy, by turns."""
    from app.database.session import commit, session

    ours, bare, counts = [], [], []
    with in_company(settings):
        _post(_drafted(0))  # It opens the month and the cash day.
        for number in range(1, WARM):
            statements: Statements = []
            receipt = _drafted(number)
            _ask_what_changed()
            with noted(statements):
                ours.append(timed(lambda one=receipt: _post(one)))
            counts.append(len(statements))
            inserts = [one for one in statements if one[0].startswith("INSERT") and "search_token" not in one[0]]

            def write(inserts: Statements = inserts) -> None:
                for statement, parameters in inserts:
                    session.connection().exec_driver_sql(statement, parameters)
                commit()

            bare.append(timed(write))
    # The fewest: a receipt that takes longer than a second, on a busy machine, asks once more what has changed.
    mine, theirs = statistics.median(ours) * 1000, statistics.median(bare) * 1000
    return {
        "statements": min(counts), "ours": mine, "bare": theirs, "speed": theirs / mine, "rows": len(inserts)
    }  # fmt: skip


def take(settings: str, receipts: str, cashier: str) -> dict[str, Any]:
    """Post receipts, one after the other, as a cashier does all day."""
    from addons.payments import services
    from app.database.columns import utc_now
    from app.database.session import commit

    with in_company(settings):
        for number in range(int(receipts)):
            receipt = _drafted(number, by=("clerk", "unit_clerk")[int(cashier) % 2])
            services.post_receipt(receipt, actor=clerk(), now=utc_now())
            commit()
    return {}


def numbers(settings: str) -> dict[str, Any]:
    """Return the numbers of all receipts that were posted."""
    from addons.payments.models import Receipt
    from app.database.session import session

    with in_company(settings):
        found = session.scalars(sa.select(Receipt.number).where(Receipt.number.is_not(None))).all()
        return {"numbers": list(found)}


def _drafted(number: int, by: str = "clerk") -> Any:
    """Return a receipt in draft, of a payer who owes three receivables, as large as them together."""
    from addons.payments import services
    from addons.payments.choices import ReceivableState
    from addons.payments.models import Method, Receivable
    from app.database.session import commit, session

    methods = {method.name: method.id for method in session.scalars(sa.select(Method))}
    owing = sa.select(Receivable.partner_id).where(Receivable.state == ReceivableState.OPEN).distinct()
    payers = session.scalars(owing.order_by(Receivable.partner_id)).all()
    lines = [{"method_id": methods[name], "amount": PRICE, "bank_ref": None} for name in TENDERS]
    receipt = services.create_receipt(actor=clerk(by), lines=lines, partner_id=payers[number % len(payers)])
    commit()
    return receipt


def _ask_what_changed() -> None:
    """Ask what a process asks once a second, whoever posts then: whether rights, add-ons and chains have changed."""
    from app.approvals.chained import chained_transitions
    from app.companies.enablement import enablement
    from app.security.permissions import permission_cache

    enablement().get()
    permission_cache().get()
    chained_transitions()


def _post(receipt: Any) -> None:
    from addons.payments import services
    from app.database.columns import utc_now
    from app.database.session import commit, set_active_company

    with current_app.test_request_context():
        for name in list(g):  # What the request before has remembered.
            g.pop(name)
        actor = clerk()
        services.post_receipt(receipt, actor=actor, now=utc_now())
        services.settle_oldest(receipt, actor=actor, now=utc_now())
        commit()
    set_active_company(1)  # The end of a request leaves it.


if __name__ == "__main__":
    parts = {"post": post, "take": take, "numbers": numbers}
    if sys.argv[1:] and sys.argv[1] in parts:
        print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
    else:
        main(*map(int, sys.argv[1:]))
