"""The single items that a document holds: those of its lines, and no others (S:RE-03)."""

import datetime as dt
from collections.abc import Sequence

from addons.orders.models import Line
from app.sdk.documents import DocumentRef, claim_item, release_items


def hold_items(holder: DocumentRef, lines: Sequence[Line], *, now: dt.datetime) -> None:
    """Hold what the lines of a document name, and let go of the rest.

    Raises Conflict where somebody else holds an item (R2).
    """
    let_go(holder, lines, now=now)
    titles = {line.item_id: line.description or "" for line in lines if line.item_id is not None}
    for item_id in sorted(titles):
        claim_item(item_id, holder=holder, title=titles[item_id], now=now)


def let_go(holder: DocumentRef, lines: Sequence[Line], *, now: dt.datetime) -> None:
    """Let go of what no line of a document names any more."""
    kept = frozenset(line.item_id for line in lines if line.item_id is not None)
    release_items(holder, now=now, besides=kept)
