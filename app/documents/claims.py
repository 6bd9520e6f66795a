"""Holding sellable items for a document: of two who want one at once, one wins."""

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app.database.session import session
from app.documents.models import DocumentRef, ItemClaim
from app.errors import Conflict
from app.i18n import _


def claim_item(item_id: int, *, holder: DocumentRef, title: str, now: dt.datetime) -> None:
    """Hold an item for a document, again without effect. Raises Conflict, naming whose it is, where it is held.

    `title` is what people call the item.
    """
    found = find_claim(item_id)
    if found is None:
        try:
            with session.begin_nested():
                session.add(ItemClaim(item_id=item_id, holder_id=holder.id, claimed_at=now))
        except IntegrityError:  # Somebody took it at the same moment.
            found = find_claim(item_id)
    if found is not None and found.holder_id != holder.id:
        raise Conflict(
            "item.claimed", _("%(item)s is held by %(holder)s."), field="lines", item=title, holder=found.holder
        )


def release_items(holder: DocumentRef, *, now: dt.datetime, besides: frozenset[int] = frozenset()) -> None:
    """Let go of what a document holds, but for the items named."""
    for claim in session.scalars(_live().where(ItemClaim.holder_id == holder.id)):
        if claim.item_id not in besides:
            claim.released_at = now
    session.flush()


def hand_on_items(holder: DocumentRef, *, to: DocumentRef, now: dt.datetime) -> None:
    """Have another document hold what this one holds: the contract takes over from the reservation."""
    items = [claim.item_id for claim in session.scalars(_live().where(ItemClaim.holder_id == holder.id))]
    release_items(holder, now=now)
    session.add_all(ItemClaim(item_id=item_id, holder_id=to.id, claimed_at=now) for item_id in items)
    session.flush()


def find_claim(item_id: int) -> ItemClaim | None:
    """Return the live claim of an item."""
    return session.scalar(_live().where(ItemClaim.item_id == item_id))


def _live() -> Select[ItemClaim]:
    return select(ItemClaim).where(ItemClaim.released_at.is_(None))
