"""Selling: SQL and time of an order with five lines, four clerks at once, and a company that has sold for years.

An order is written, audited and confirmed by three people in three transactions; the company audits once. Its time is
compared with bare SQLAlchemy, which writes the same rows in the same database, as the same role, behind the same walls,
and knows nothing of locks, sums, rights, numbers and who did what. They take turns. `orders.py NUMBER` has the four
clerks confirm so many orders; 2,000 unless it is said. The curve is the time of one
order among 1,000 to 200,000 others.
"""

import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from _deals import LINES, DealsDatabase, person
from _measuring import Statements, in_company, noted, report, run_part, timed

ORDERS, CLERKS, WARM, MEASURED = 2_000, 4, 3, 12
MOST_STATEMENTS, LEAST_SPEED, MOST_GROWTH = 60, 1 / 10, 1.5
FAR = 10_000_000  # Ids that no record of the benchmark has.
STORED = (1_000, 10_000, 50_000, 200_000)


def main(orders: int = ORDERS) -> None:
    """Print what was measured beside its target; exit with 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder, DealsDatabase("zg_bench_orders", Path(folder)) as database:
        settings = json.dumps(database.settings)
        found = run_part(__file__, "sell", settings)
        met = [
            report(f"SQL of an order with {LINES} lines", f"<= {MOST_STATEMENTS}", found["statements"],
                    met=found["statements"] <= MOST_STATEMENTS),
            report("its speed, of bare inserts of its rows", f">= {LEAST_SPEED:.2f}", round(found["speed"], 2),
                    met=found["speed"] >= LEAST_SPEED),
        ]  # fmt: skip
        print(f"  {found['ours']:.1f} ms; bare {found['bare']:.1f} ms for {found['rows']} inserts", flush=True)
        met += [at_the_same_time(settings, orders), growth(database, settings)]
    sys.exit(0 if all(met) else 1)


def at_the_same_time(settings: str, orders: int) -> bool:
    """Have four processes confirm orders together; print whether a number is missing or there twice."""
    before = len(run_part(__file__, "numbers", settings)["numbers"])
    started = time.perf_counter()
    command = [sys.executable, __file__, "clerk", settings, str(orders // CLERKS)]
    clerks = [subprocess.Popen(command) for _number in range(CLERKS)]
    failed = sum(clerk.wait() != 0 for clerk in clerks)
    seconds = time.perf_counter() - started
    serial = [int(number.rpartition("-")[2]) for number in run_part(__file__, "numbers", settings)["numbers"]]
    repeats, gaps = len(serial) - len(set(serial)), len(set(range(1, max(serial) + 1)) - set(serial))
    print(f"  {CLERKS} clerks confirmed {len(serial) - before} orders in {seconds:.0f} s")
    return report(
        f"gaps, repeats, failed clerks among {CLERKS}", "0, 0, 0", f"{gaps}, {repeats}, {failed}",
        met=not gaps and not repeats and not failed and len(serial) == before + orders // CLERKS * CLERKS,
    )  # fmt: skip


def growth(database: DealsDatabase, settings: str) -> bool:
    """Print the time of an order among ever more stored ones; it stays as it is."""
    times, first = [], 1
    for stored in STORED:
        database.store(first, stored)
        first = stored + 1
        found = run_part(__file__, "sell", settings)
        times.append(found["ours"])
        told = f"{found['ours']:.1f} ms, {found['statements']} statements; bare {found['bare']:.1f} ms"
        print(f"  {stored:>7,} stored orders: {told}", flush=True)
    ratio = times[-1] / times[0]
    return report("time among 200,000, of that among 1,000", f"<= {MOST_GROWTH}", round(ratio, 2),
                   met=ratio <= MOST_GROWTH)  # fmt: skip


def sell(settings: str) -> dict[str, Any]:
    """Sell; then write the same rows with bare SQLAlchemy, by turns."""
    ours, bare, counts = [], [], []
    with in_company(settings):
        _confirmed(0)  # It opens the month and its counters.
        for number in range(WARM + MEASURED):
            statements: Statements = []
            with noted(statements):
                ours.append(timed(lambda one=number: _confirmed(one)))
            counts.append(len(statements))
            inserts = [one for one in statements if one[0].startswith("INSERT") and "search_token" not in one[0]]

            bare.append(timed(lambda rows=inserts: _write(rows)))
    # The fewest: once a second, whoever works then, a process asks what has changed of rights, add-ons and chains.
    mine, theirs = statistics.median(ours[WARM:]) * 1000, statistics.median(bare[WARM:]) * 1000
    return {
        "statements": min(counts), "ours": mine, "bare": theirs, "speed": theirs / mine, "rows": len(inserts)
    }  # fmt: skip


def clerk(settings: str, orders: str) -> dict[str, Any]:
    """Sell, one order after the other, as a clerk does all day."""
    with in_company(settings):
        for number in range(int(orders)):
            _confirmed(number)
    return {}


def numbers(settings: str) -> dict[str, Any]:
    """Return the numbers of all orders that were confirmed here."""
    from addons.orders.models import Order
    from app.database.session import session

    with in_company(settings):
        found = session.scalars(sa.select(Order.number).where(Order.number.like("SO%"))).all()
        return {"numbers": list(found)}


def _write(inserts: Statements) -> None:
    """Write the rows of an order once more."""
    from app.database.session import commit, session

    order_id = 0
    for statement, parameters in inserts:
        written = session.connection().exec_driver_sql(statement, _anew(parameters, order_id))
        if statement.startswith("INSERT INTO orders_order "):
            order_id = written.scalar_one()
    commit()


def _anew(parameters: Any, order_id: int) -> Any:
    """Return what a statement wrote, for another order: what is unique for each document is made so."""
    if isinstance(parameters, list):
        return [_anew(one, order_id) for one in parameters]
    return {name: _another(name.partition("__")[0], value, order_id) for name, value in parameters.items()}


def _another(column: str, value: Any, order_id: int) -> Any:
    if column == "order_id":
        return order_id
    if column == "record_id":
        return value + FAR
    return f"{value}." if column == "number" and value else value


def _confirmed(number: int) -> None:
    """Write, audit and confirm an order, each by somebody else in a transaction of his own."""
    from addons.orders import services
    from app.database.columns import utc_now
    from app.database.session import commit

    products, partners, now, author = *_facts(), utc_now(), person("clerk")
    order = services.create_order(
        actor=author,
        now=now,
        partner_id=partners[number % len(partners)],
        promised_on=now.date() + dt.timedelta(days=9),
        payment_method="cash",
        lines=[{"product_id": one, "quantity": 2 + number % 5, "unit_price": None} for one in products],
    )
    services.submit_order(order, actor=author, now=now)
    commit()
    services.audit_order(order, actor=person("auditor"), now=now)
    commit()
    services.confirm_order(order, actor=person("boss"), now=now)
    commit()


@cache
def _facts() -> tuple[list[int], list[int]]:
    """Return the products and the customers."""
    from app.database.session import session
    from app.masterdata.models import Partner, Product

    products, partners = (list(session.scalars(sa.select(model.id).order_by(model.id))) for model in (Product, Partner))
    return products, partners


if __name__ == "__main__":
    parts = {"sell": sell, "clerk": clerk, "numbers": numbers}
    if sys.argv[1:] and sys.argv[1] in parts:
        print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
    else:
        main(*map(int, sys.argv[1:]))
