"""Two partners side by side, before they become one (S:REC-16)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.database.base import CompanyModel
from app.database.references import references_to
from app.database.session import session
from app.errors import Text
from app.i18n import _, humanize
from app.masterdata.merging import PARTNER_FIELDS, list_conflicts
from app.masterdata.models import Partner
from app.masterdata.one_to_one import OneToOne, one_to_one_tables
from app.security.roles import subject_text
from app.security.scope import resource_of


@dataclass(frozen=True)
class FieldPair:
    """One field of both; `is_choice` where somebody has to say which value stays."""

    name: str
    label: Text
    kept: Any
    other: Any
    is_choice: bool


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do: the fields, how many rows point at each, and what stands against it."""

    fields: list[FieldPair]
    uses: list[tuple[Text, int, int]]
    conflicts: list[Text]


def preview_merge(survivor: Partner, loser: Partner) -> MergePreview:
    """Return both partners side by side."""
    fields = [_pair(name, name, survivor, loser) for name in PARTNER_FIELDS]
    for table in one_to_one_tables():
        fields += _pairs_of(table, survivor, loser)
    uses = [
        (subject_text(resource_of(model)), _count(model, name, survivor), _count(model, name, loser))
        for model, name in references_to(Partner.__tablename__)
        if model.__tablename__ not in _PARTS
    ]
    shown = [pair for pair in fields if pair.kept is not None or pair.other is not None]
    return MergePreview(shown, [use for use in uses if use[1] or use[2]], list_conflicts(survivor, loser))


_PARTS = (
    "masterdata_partner",
    "masterdata_partner_point",
    "masterdata_partner_role",
    "masterdata_merge_log",
    "masterdata_ownership_change",
    "documents_ref",
)


def _pairs_of(table: OneToOne, survivor: Partner, loser: Partner) -> list[FieldPair]:
    kept, other = table.row_of(survivor), table.row_of(loser)
    if kept is None or other is None:
        return []
    return [_pair(f"{table.name}.{name}", name, kept, other) for name in table.fields]


def _pair(name: str, attribute: str, kept: Any, other: Any) -> FieldPair:
    shown = attribute.removesuffix("_id") if attribute.endswith("_id") else attribute
    mine, theirs = getattr(kept, attribute), getattr(other, attribute)
    is_choice = mine is not None and theirs is not None and mine != theirs
    return FieldPair(name, _(humanize(shown)), _shown(kept, shown, mine), _shown(other, shown, theirs), is_choice)


def _shown(row: Any, name: str, value: Any) -> Any:
    return None if value is None else getattr(row, name, value)


def _count(model: type[CompanyModel], name: str, partner: Partner) -> int:
    column: Any = getattr(model, name)
    return session.scalar(select(func.count()).select_from(model).where(column == partner.id)) or 0
