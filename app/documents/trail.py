"""The trail of a record: all that led to it and all that came of it, over document links: the 360 of a deal."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database.base import CompanyModel
from app.database.session import session
from app.documents.models import DocumentLink, DocumentRef
from app.documents.references import find_ref
from app.security.scope import resource_of

LONGEST = 200  # Documents: a customer of many years has more deals than a page shows.
Key = tuple[str, int]  # ('orders.Order', 7)


@dataclass(frozen=True)
class Branch:
    """Records that belong to documents by a column of their own instead of a link, as money does.

    `below` returns what belongs to documents, given the ids of their registry entries; `above` the entries of the
    documents to which one of its records belongs.
    """

    name: str  # 'payments.money'
    models: tuple[type[CompanyModel], ...]
    below: Callable[[Collection[int]], Sequence[CompanyModel]]
    above: Callable[[Any], Sequence[DocumentRef]]


def trail_of(
    record: CompanyModel,
    resource: str,
    branches: Sequence[Branch] = (),
    *,
    is_document: Callable[[str], bool] = lambda _resource: True,
) -> list[Key]:
    """Return the record, what led to it, and what came of all of that, the first of them in front, at most LONGEST.

    A customer's file led to a contract, and to other deals, which have nothing to do with it. So what is no document
    (`is_document` of its resource) leads on downwards only where the way began at or above it.
    """
    started = [ref for ref in (find_ref(resource, record.id), *_above(record, branches)) if ref is not None]
    above = _walk(started, up=True)
    forebears = [ref for ref in above.values() if is_document(ref.resource)]
    known = above | _walk(started) | _walk(forebears, leads_on=is_document)
    found = dict.fromkeys([*((ref.resource, ref.record_id) for ref in known.values()), (resource, record.id)])
    for branch in branches:
        found.update(dict.fromkeys((resource_of(type(one)), one.id) for one in branch.below(list(known))))
    return list(found)[:LONGEST]


def _above(record: CompanyModel, branches: Sequence[Branch]) -> list[DocumentRef]:
    return [ref for branch in branches if isinstance(record, branch.models) for ref in branch.above(record)]


def _walk(
    started: Iterable[DocumentRef], *, up: bool = False, leads_on: Callable[[str], bool] = lambda _resource: True
) -> dict[int, DocumentRef]:
    """Return the entries, and all to which links lead from them (`up`: from which links lead to them), by their ids."""
    here, there = (DocumentLink.target_id, DocumentLink.source) if up else (DocumentLink.source_id, DocumentLink.target)
    found = {ref.id: ref for ref in started}
    fresh = list(found)
    while fresh and len(found) < LONGEST:
        links = session.scalars(select(DocumentLink).where(here.in_(fresh)).options(joinedload(there)))
        ends = {ref.id: ref for ref in (link.source if up else link.target for link in links)}
        fresh = [key for key, ref in ends.items() if key not in found and leads_on(ref.resource)]
        found = ends | found if up else found | ends
    return found
