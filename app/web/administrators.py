"""What the pages for administrators of users share: units by their path, and how many administer the same."""

import datetime as dt
from collections.abc import Collection

from flask import flash
from sqlalchemy import select

from app.companies.models import Membership, OrgUnit
from app.database.session import session
from app.errors import Text
from app.i18n import _
from app.parameters.platform_values import ADMINS_PER_UNIT
from app.security.delegation import fellow_administrators


def unit_paths(managed: Collection[int] | None) -> list[tuple[OrgUnit, str]]:
    """Return the units, all or the managed ones, each with those above it: 'One Homes / Sales / Team 1'."""
    units = {unit.id: unit for unit in session.scalars(select(OrgUnit).order_by(OrgUnit.code))}
    return [(unit, _path(unit, units)) for unit in units.values() if managed is None or unit.id in managed]


def too_many_fellows(membership: Membership, *, on: dt.date) -> Text | None:
    """Say that a unit, or the company, has more administrators than it should (S:CORE-06); it is done all the same."""
    count, limit = fellow_administrators(membership, on=on), ADMINS_PER_UNIT.value(on)
    if count <= limit:
        return None
    text = _("There are more administrators than planned: %(count)s of %(limit)s.")
    return str(text) % {"count": count, "limit": limit}


def warn_of_fellows(membership: Membership, *, on: dt.date) -> None:
    """Show it to whoever has just named another administrator (S:CORE-06)."""
    if warning := too_many_fellows(membership, on=on):
        flash(str(warning), "warning")


def _path(unit: OrgUnit, units: dict[int, OrgUnit]) -> str:
    names = [unit.name]
    above = units.get(unit.parent_id or 0)
    while above is not None and len(names) <= len(units):
        names.insert(0, above.name)
        above = units.get(above.parent_id or 0)
    return " / ".join(names)
