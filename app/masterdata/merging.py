"""Two files of one partner become one: what points at either points at the survivor afterwards (S:REC-16)."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.database.archiving import Archivable
from app.database.references import Reference
from app.database.session import db, session
from app.errors import Conflict, Text, ValidationError
from app.events.bus import publish
from app.i18n import _
from app.masterdata import merge_guard
from app.masterdata.events import PartnersMerged
from app.masterdata.models import Address, InvoiceTitle, MergeLog, Partner, PartnerPoint, PartnerRelation, PartnerRole
from app.masterdata.normalise import optional_text
from app.masterdata.one_to_one import OneToOne, one_to_one_tables
from app.masterdata.repointing import Moved, move_unless_twin, repoint
from app.search.indexing import index_records

# A field, and the columns that go with it.
PARTNER_FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "name_key", "pinyin"),
    "number": ("number",),
    "tax_no": ("tax_no",),
    "id_no": ("id_type", "id_no", "id_no_hash", "id_no_last_four"),
    "owner_id": ("owner_id", "org_unit_id"),
    "custodian_id": ("custodian_id",),
}
UNIQUE = ("number", "tax_no", "id_no")
_PARTS = (PartnerPoint, PartnerRole, PartnerRelation, Address, InvoiceTitle)
_STAYS = (*_PARTS, MergeLog)


def merge_partners(
    survivor: Partner, loser: Partner, *, actor: User, now: dt.datetime, taken: Collection[str] = (), reason: str = ""
) -> MergeLog:
    """Make two files one. Fields named in `taken` come from the loser, as do those that the survivor lacks.

    The loser is archived with what would be double. Documents keep what they say themselves of the partner. Raises
    Conflict, naming what stands against it, for two who cannot be the same.
    """
    _lock(survivor, loser)
    if conflicts := list_conflicts(survivor, loser):
        raise Conflict(
            "merge.conflict", _("These two cannot become one: %(reasons)s"), reasons=" ".join(map(str, conflicts))
        )
    chosen = _take_fields(survivor, loser, taken)
    moved = _unite_parts(survivor, loser)
    for table in one_to_one_tables():
        moved |= _unite_rows(table, survivor, loser, taken, now)
    moved |= repoint(Partner.__tablename__, loser.id, survivor.id, besides=(*_STAYS, *_united(survivor, loser)))
    session.refresh(loser)
    loser.merged_into_id, loser.archived_at = survivor.id, now
    survivor.updated_at = now  # Whoever has it open is told, even if nothing of its own has changed.
    log = MergeLog(
        survivor_id=survivor.id,
        loser_id=loser.id,
        merged_at=now,
        reason=optional_text(reason, field="reason", maximum=200) or "",
        details={"moved": moved, "fields": chosen},
    )
    session.add(log)
    session.flush()
    session.expire_all()
    index_records(db.session(), Partner, [survivor.id, loser.id])
    publish(PartnersMerged(company_id=log.company_id, survivor_id=log.survivor_id, loser_id=log.loser_id))
    return log


def list_conflicts(survivor: Partner, loser: Partner) -> list[Text]:
    """Return why two partners cannot become one; the database is not asked what would be double in other tables."""
    found: list[Text] = []
    if survivor.kind is not loser.kind:
        found.append(_("One is a person, the other an organisation."))
    if survivor.id_no_hash and loser.id_no_hash and survivor.id_no_hash != loser.id_no_hash:
        found.append(_("Their identity numbers differ."))
    if survivor.tax_no and loser.tax_no and survivor.tax_no != loser.tax_no:
        found.append(_("Their tax numbers differ."))
    if survivor.anonymised_at or loser.anonymised_at:
        found.append(_("The personal data of one of them was erased."))
    for table in one_to_one_tables():
        kept, other = table.row_of(survivor), table.row_of(loser)
        if kept is not None and other is not None and (reason := table.conflict(kept, other)) is not None:
            found.append(reason)
    return found


def _lock(survivor: Partner, loser: Partner) -> None:
    """Read both anew and keep others out of them until the commit: of two merges of a pair, the second is refused."""
    if survivor.id == loser.id:
        raise ValidationError("merge.same", _("Choose two different partners."), field="loser")
    session.flush()
    for partner in sorted((survivor, loser), key=lambda one: one.id):
        session.refresh(partner, with_for_update={"of": Partner})
    if survivor.merged_into_id is not None or loser.merged_into_id is not None:
        raise merge_guard.merged()


def _take_fields(survivor: Partner, loser: Partner, taken: Collection[str]) -> list[str]:
    """Write the chosen values into the survivor; a value that stands for one partner alone leaves the loser."""
    chosen = [
        name
        for name in PARTNER_FIELDS
        if getattr(loser, name) is not None and (name in taken or getattr(survivor, name) is None)
    ]
    values = {name: {column: getattr(loser, column) for column in PARTNER_FIELDS[name]} for name in chosen}
    for name in chosen:
        if name in UNIQUE:
            for column in PARTNER_FIELDS[name]:
                setattr(loser, column, None)
    session.flush()  # Or the unique key would meet both.
    for columns in values.values():
        for column, value in columns.items():
            setattr(survivor, column, value)
    session.flush()
    return chosen


def _unite_parts(survivor: Partner, loser: Partner) -> Moved:
    ids = (loser.id, survivor.id)
    own = {survivor.id, loser.id}
    moved = _unite_points(survivor, loser)
    moved |= move_unless_twin(Reference(PartnerRole, "partner_id"), *ids, key=lambda row: row.role)
    moved |= move_unless_twin(
        Reference(PartnerRelation, "partner_id"),
        *ids,
        key=lambda row: None if row.other_id in own else (row.other_id, row.kind),
    )
    moved |= move_unless_twin(
        Reference(PartnerRelation, "other_id"),
        *ids,
        key=lambda row: None if row.partner_id in own else (row.partner_id, row.kind),
    )
    moved |= move_unless_twin(Reference(Address, "partner_id"), *ids, key=lambda row: (row.kind, row.detail))
    moved |= move_unless_twin(Reference(InvoiceTitle, "partner_id"), *ids, key=lambda row: row.title)
    return moved


def _unite_points(survivor: Partner, loser: Partner) -> Moved:
    """Give the survivor the numbers that it lacks; whoever opted out of a number has opted out."""
    kept = {(point.kind, point.value_hash): point for point in _points(survivor)}
    led = {point.kind for point in kept.values() if point.is_primary}
    moved = []
    for point in _points(loser):
        twin = kept.get((point.kind, point.value_hash))
        if twin is not None:
            claim, point.claim_hash = point.claim_hash, None
            session.flush()
            twin.claim_hash, twin.opt_out = twin.claim_hash or claim, twin.opt_out or point.opt_out
        else:
            point.partner_id = survivor.id
            point.is_primary = point.is_primary and point.kind not in led
            moved.append(point.id)
    session.flush()
    return {"masterdata_partner_point.partner_id": moved} if moved else {}


def _points(partner: Partner) -> list[PartnerPoint]:
    return list(
        session.scalars(select(PartnerPoint).where(PartnerPoint.partner_id == partner.id).order_by(PartnerPoint.id))
    )


def _unite_rows(table: OneToOne, survivor: Partner, loser: Partner, taken: Collection[str], now: dt.datetime) -> Moved:
    """Make the loser's row part of the survivor's; without one there, the row simply changes partner."""
    kept, other = table.row_of(survivor), table.row_of(loser)
    if kept is None or other is None:
        return {}
    for name in table.fields:
        value: Any = getattr(other, name)
        if value is not None and (f"{table.name}.{name}" in taken or getattr(kept, name) is None):
            setattr(kept, name, value)
    table.unite(kept, other)
    session.flush()
    moved = repoint(table.name, other.id, kept.id)
    if isinstance(other, Archivable):
        session.refresh(other)
        other.archived_at = now
    kept.updated_at = now  # Whoever has it open is told, even if nothing of its own has changed.
    session.flush()
    return moved


def _united(survivor: Partner, loser: Partner) -> list[Any]:
    """Return the models of which both have a row: the loser's stays with it."""
    both = ((table, table.row_of(survivor), table.row_of(loser)) for table in one_to_one_tables())
    return [table.model for table, kept, other in both if kept is not None and other is not None]
