"""The single items that a document holds: those of its lines, and no others (S:RE-03)."""

import datetime as dt
from typing import Any

from app.sdk.documents import claim_item, ref_of, release_items


def hold_items(document: Any, resource: str, *, now: dt.datetime) -> None:
    """Hold what the lines of a document name. Raises Conflict where somebody else holds an item (R2)."""
    for item_id, title in sorted(_items(document).items()):
        claim_item(item_id, holder=ref_of(document, resource), title=title, now=now)


def let_go(document: Any, resource: str, *, now: dt.datetime) -> None:
    """Let go of what no line of a document names any more."""
    release_items(ref_of(document, resource), now=now, besides=frozenset(_items(document)))


def _items(document: Any) -> dict[int, str]:
    """Return the items of a document by their id, as people call them."""
    return {line.item_id: line.description or "" for line in document.lines if line.item_id is not None}
