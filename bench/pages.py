"""What pages weigh: list, record, form and home of the product, on a million rows of PostgreSQL with both walls."""

import gzip
import json
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from _pages import Side, by_turns
from _parcels import ParcelsDatabase

ROUNDS, TIMES = 5, 5
MOST_KILOBYTES, MOST_NODES, MOST_MILLISECONDS, MOST_STATEMENTS = 15.0, 1_500, 100.0, 12
LIST = "/parcels/parcel/list/"
PAGES = {"list": LIST, "record": "/parcels/parcel/show/1", "form": "/parcels/parcel/edit/1", "home": "/"}


class NodeCounter(HTMLParser):
    """Counts the elements that a browser puts into the document: those within a template only wait to be asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes = 0
        self._templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count one; an element without an end counts too."""
        self.nodes += not self._templates
        self._templates += tag == "template"

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a template."""
        self._templates -= tag == "template"


def main() -> None:
    """Print the weight of each page; exit with 1 where one is too heavy."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ParcelsDatabase("zg_bench_lists", Path(folder)) as database,
        Side("_product.py", json.dumps(database.settings)) as product,
    ):
        found = by_turns([(product, address) for address in PAGES.values()], rounds=ROUNDS, times=TIMES)
    print(f"limits: {MOST_KILOBYTES} KB gz, {MOST_NODES} nodes, {MOST_MILLISECONDS:.0f} ms, {MOST_STATEMENTS} SQL")
    met = [weigh(name, page) for name, page in zip(PAGES, found, strict=True)]
    sys.exit(0 if all(met) else 1)


def weigh(name: str, page: dict[str, Any], *, most_milliseconds: float = MOST_MILLISECONDS) -> bool:
    """Print what one page weighs; return whether it is light enough."""
    counter = NodeCounter()
    counter.feed(page["page"])
    kilobytes = len(gzip.compress(page["page"].encode(), 5)) / 1000
    statements = len(page["statements"])
    is_met = (
        kilobytes <= MOST_KILOBYTES
        and counter.nodes < MOST_NODES
        and page["milliseconds"] <= most_milliseconds
        and statements <= MOST_STATEMENTS
    )
    print(f"{name:30} {kilobytes:5.1f} KB gz {counter.nodes:5} nodes {page['milliseconds']:6.1f} ms", end=" ")
    print(f"{statements:2} SQL: {'met' if is_met else 'MISSED'}")
    return is_met


if __name__ == "__main__":
    main()
