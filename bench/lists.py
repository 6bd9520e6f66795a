"""The generated list of a million rows, against the list that stock Flask-AppBuilder makes of the same table.

Both answer in processes of their own and are asked by turns, as a browser asks. The product works as in production:
app role, company, permission and scope checks, both walls, twenty companies in the table. Stock works as a superuser,
logged in as Admin, without any of these. What the checks and walls cost is measured too: the product against itself
without them. On a loaded machine the times are larger, the ratios hardly.
"""

import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _pages import Side, by_turns
from _parcels import CHINESE, LATIN, ParcelsDatabase, SqliteParcelsDatabase

ROUNDS, TIMES = 7, 5
MOST_STATEMENTS, MOST_COST = 12, 1.20
OURS, STOCK = "/parcels/parcel/list/", "/parcelview/list/"
PAGE_SIZE = 25


@dataclass(frozen=True)
class Target:
    """A page of the product, the same of stock's, and which part of stock's time it may take."""

    name: str
    ours: str
    stock: str
    most: float
    is_same: bool = False  # Both must show the same rows: a search finds them all on one page.


TARGETS = (
    Target("page 1", "", "", 1 / 5),
    Target("page 10,000", "?page_parcels_ParcelView=9999", "?page_ParcelView=9999", 1 / 3),
    Target("two Chinese characters", f"?q={CHINESE}", f"?_flt_2_recipient={CHINESE}", 1 / 5, is_same=True),
    Target("four Latin letters", f"?q={LATIN}", f"?_flt_2_recipient={LATIN}", 1 / 5, is_same=True),
)


def main() -> None:
    """Print each ratio and its target; exit with 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        met = [*on_postgresql(Path(folder) / "postgresql"), on_sqlite(Path(folder) / "sqlite")]
    sys.exit(0 if all(met) else 1)


def on_postgresql(folder: Path) -> list[bool]:
    """Measure what is promised for PostgreSQL; return which of it holds."""
    with ParcelsDatabase("zg_bench_lists", folder) as database:
        settings = json.dumps(database.settings)
        with Side("_product.py", settings) as ours, Side("_stock.py", "postgresql", database.name) as stock:
            met = [against_stock("PostgreSQL", target, ours, stock) for target in TARGETS]
            compare_ends(ours)
        for clerk in ("clerk", "unit_clerk"):
            with (
                Side("_product.py", settings, clerk) as ours,
                Side("_product.py", settings, "clerk", "open") as open_side,
            ):
                met.append(cost_of_checks(clerk, ours, open_side))
    return met


def on_sqlite(folder: Path) -> bool:
    """Measure what is promised for SQLite."""
    with SqliteParcelsDatabase("zg_bench_lists", folder) as database:
        settings = json.dumps(database.settings)
        with Side("_product.py", settings) as ours, Side("_stock.py", "sqlite", str(database.file)) as stock:
            return against_stock("SQLite", Target("page 1", "", "", 1 / 2), ours, stock)


def against_stock(where: str, target: Target, ours: Side, stock: Side) -> bool:
    """Compare one page; print both times and the ratio."""
    mine, theirs = by_turns([(ours, OURS + target.ours), (stock, STOCK + target.stock)], rounds=ROUNDS, times=TIMES)
    if len(numbers(mine)) != PAGE_SIZE or len(numbers(theirs)) != PAGE_SIZE:
        sys.exit(f"{target.name}: {len(numbers(mine))} and {len(numbers(theirs))} rows instead of {PAGE_SIZE}")
    if target.is_same and numbers(mine) != numbers(theirs):
        sys.exit(f"{target.name}: the two lists show other rows")
    ratio = mine["milliseconds"] / theirs["milliseconds"]
    is_met = ratio <= target.most and len(mine["statements"]) <= MOST_STATEMENTS
    print(f"{where:10} {target.name:23}", described(mine), described(theirs, "stock"), end=" ")
    print(f"ratio {ratio:4.2f} of at most {target.most:4.2f}: {'met' if is_met else 'MISSED'}", flush=True)
    return is_met


def compare_ends(ours: Side) -> None:
    """Print how long the end of the list takes beside its beginning: it is the beginning of the reverse order."""
    first, end = by_turns([(ours, OURS), (ours, f"{OURS}?end=1")], rounds=ROUNDS, times=TIMES)
    if "PC-00000001" not in numbers(end):
        sys.exit("End does not show the oldest row")
    print(f"PostgreSQL End                    {described(end)} beside page 1 {described(first)}", flush=True)


def cost_of_checks(clerk: str, ours: Side, unchecked: Side) -> bool:
    """Compare page 1 with the same page without walls and checks."""
    guarded, unguarded = by_turns([(ours, OURS), (unchecked, OURS)], rounds=2 * ROUNDS, times=TIMES)
    if len(numbers(guarded)) != PAGE_SIZE or len(numbers(unguarded)) != PAGE_SIZE:
        sys.exit("checks: not as many rows as a page has")
    cost = guarded["milliseconds"] / unguarded["milliseconds"]
    is_met = cost <= MOST_COST and len(guarded["statements"]) <= MOST_STATEMENTS
    print(f"PostgreSQL checks of the {clerk:10}", described(guarded), described(unguarded, "open"), end=" ")
    print(f"ratio {cost:4.2f} of at most {MOST_COST:4.2f}: {'met' if is_met else 'MISSED'}", flush=True)
    return is_met


def described(page: dict[str, Any], name: str = "ours") -> str:
    """Return time and number of statements in words."""
    return f"{name} {page['milliseconds']:6.1f} ms {len(page['statements']):2} SQL,"


def numbers(page: dict[str, Any]) -> set[str]:
    """Return the numbers of the parcels that a page shows."""
    return set(re.findall(r"PC-\d{8}", page["page"]))


if __name__ == "__main__":
    main()
