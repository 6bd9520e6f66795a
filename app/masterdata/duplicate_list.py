"""Who is perhaps on file twice: what a manager goes through before merging (S:REC-16)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.archiving import only_live
from app.database.session import session
from app.masterdata.choices import PointKind
from app.masterdata.duplicates import DuplicateKey
from app.masterdata.models import InvoiceTitle, Partner, PartnerPoint
from app.security.records import only_visible

MOST_GROUPS = 50  # Of one key; whoever has more merges these first.


@dataclass(frozen=True)
class DuplicateGroup:
    """Partners who are perhaps one, and by what; the one on file longest comes first."""

    key: DuplicateKey
    partners: tuple[Partner, ...]


def list_groups(keys: Collection[str], *, actor: User) -> list[DuplicateGroup]:
    """Return the duplicates among the partners that the actor may list, the surest sign first; each set once."""
    found: list[DuplicateGroup] = []
    known: set[frozenset[int]] = set()
    for key, search in _SEARCHES.items():
        if key.value in keys:
            for ids in search(actor):
                if ids not in known:
                    known.add(ids)
                    found.append(DuplicateGroup(key, _partners(ids, actor)))
    return [group for group in found if len(group.partners) > 1]


def _partners(ids: Collection[int], actor: User) -> tuple[Partner, ...]:
    statement = sa.select(Partner).where(Partner.id.in_(ids), *only_live(Partner)).order_by(Partner.id)
    return tuple(session.scalars(only_visible(statement, Partner, actor)))


def _by_phone(actor: User) -> Iterator[frozenset[int]]:
    point = PartnerPoint.value_hash
    shared = (
        sa.select(point)
        .join(Partner, Partner.id == PartnerPoint.partner_id)
        .where(PartnerPoint.kind == PointKind.PHONE, *only_live(Partner))
        .group_by(point)
        .having(sa.func.count(sa.distinct(PartnerPoint.partner_id)) > 1)
        .order_by(sa.func.min(PartnerPoint.partner_id))
        .limit(MOST_GROUPS)
    )
    hashes = session.scalars(only_visible(shared, Partner, actor)).all()
    rows = sa.select(point, PartnerPoint.partner_id).where(point.in_(hashes), PartnerPoint.kind == PointKind.PHONE)
    return _sets(session.execute(rows))


def _by_tax_no(_actor: User) -> Iterator[frozenset[int]]:
    """A tax number is unique among partners, but stands perhaps in the invoice title of another one."""
    pairs = (
        sa.select(Partner.id, InvoiceTitle.partner_id)
        .join(InvoiceTitle, InvoiceTitle.tax_no == Partner.tax_no)
        .where(InvoiceTitle.partner_id != Partner.id, *only_live(Partner))
        .limit(MOST_GROUPS)
    )
    return (frozenset(pair) for pair in session.execute(pairs))


def _by_name(actor: User) -> Iterator[frozenset[int]]:
    key: tuple[Any, ...] = (Partner.name_key, Partner.kind)
    same = (
        sa.select(*key)
        .where(Partner.name_key != "", Partner.anonymised_at.is_(None), *only_live(Partner))
        .group_by(*key)
        .having(sa.func.count(Partner.id) > 1)
        .order_by(sa.func.min(Partner.id))
        .limit(MOST_GROUPS)
    )
    names = session.execute(only_visible(same, Partner, actor)).all()
    rows = sa.select(Partner.name_key, Partner.kind, Partner.id).where(
        Partner.name_key.in_([name for name, _kind in names]), *only_live(Partner)
    )
    wanted = {tuple(row) for row in names}
    return _sets(((name, kind), key_id) for name, kind, key_id in session.execute(rows) if (name, kind) in wanted)


def _sets(rows: Any) -> Iterator[frozenset[int]]:
    groups: dict[Any, set[int]] = {}
    for key, partner_id in rows:
        groups.setdefault(key, set()).add(partner_id)
    return (frozenset(ids) for ids in groups.values())


_SEARCHES = {DuplicateKey.PHONE: _by_phone, DuplicateKey.TAX_NO: _by_tax_no, DuplicateKey.NAME: _by_name}
