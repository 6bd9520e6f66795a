"""Dated grants: a colleague follows somebody else's customer until a day (S:REC-18).

A model whose rows are about a partner, and may be seen by whoever was granted the partner, names the column that says
which: `__grantable__ = "partner_id"`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context

from app.companies.models import Employee
from app.database.context import active_company
from app.database.session import session
from app.errors import Conflict, NotFound, ValidationError
from app.i18n import _
from app.security.models import PartnerGrant

# What a grant is for: reading, and whatever a role lets one write about a record that one sees. No change of the file.
GRANTED_VERBS = frozenset({"list", "show", "export", "print"})
ONE_DAY = dt.timedelta(days=1)


def grant_partner(partner_id: int, *, grantee: Employee, until: dt.date, on: dt.date, longest: int) -> PartnerGrant:
    """Let a colleague see all that is about a partner, from the day `on` to `until`; a running grant is changed.

    Raises ValidationError for a last day in the past or more than `longest` days away, Conflict for somebody who left.
    """
    limit = on + dt.timedelta(days=longest)
    if not on <= until <= limit:
        raise ValidationError(
            "grant.until", _("Choose a day from %(first)s to %(limit)s."), field="until", first=on, limit=limit
        )
    if not grantee.works_on(on):
        raise Conflict("grant.left", _("%(name)s does not work here any more."), field="colleague", name=grantee.name)
    grant = _running(partner_id, grantee.id, on)
    if grant is None:
        grant = PartnerGrant(partner_id=partner_id, grantee_id=grantee.id, valid_from=on, valid_to=until)
        session.add(grant)
    grant.valid_to = until
    session.flush()
    _forget()
    return grant


def end_grant(partner_id: int, *, grantee: Employee, on: dt.date) -> None:
    """Take a grant back: the day before `on` was its last. Raises NotFound where there is none."""
    grant = _running(partner_id, grantee.id, on)
    if grant is None:
        raise NotFound("grant.none", _("%(name)s has no grant."), field="colleague", name=grantee.name)
    if grant.valid_from == on:
        session.delete(grant)
    else:
        grant.valid_to = on - ONE_DAY
    session.flush()
    _forget()


def granted_beyond(day: dt.date) -> sa.Select[int]:
    """Select the ids of the partners that somebody was granted for longer than this day."""
    return sa.select(PartnerGrant.partner_id).where(PartnerGrant.valid_to > day)


def list_grants(partner_id: int) -> Sequence[PartnerGrant]:
    """Return who was granted a partner, the latest grant first."""
    statement = sa.select(PartnerGrant).where(PartnerGrant.partner_id == partner_id)
    return session.scalars(statement.order_by(PartnerGrant.valid_to.desc(), PartnerGrant.id.desc())).all()


def granted_partners(employee_id: int | None, *, on: dt.date) -> frozenset[int]:
    """Return the partners that an employee was granted for that day. Remembered for the rest of the request."""
    if employee_id is None:
        return frozenset()
    if not has_request_context():
        return _read(employee_id, on)
    remembered: dict[Any, frozenset[int]] = g.setdefault("granted_partners", {})
    key = (employee_id, active_company(), on)
    if key not in remembered:
        remembered[key] = _read(employee_id, on)
    return remembered[key]


def _read(employee_id: int, on: dt.date) -> frozenset[int]:
    return frozenset(
        session.scalars(
            sa.select(PartnerGrant.partner_id).where(
                PartnerGrant.grantee_id == employee_id, PartnerGrant.valid_from <= on, PartnerGrant.valid_to >= on
            )
        )
    )


def _running(partner_id: int, employee_id: int, on: dt.date) -> PartnerGrant | None:
    return session.scalar(
        sa.select(PartnerGrant)
        .where(
            PartnerGrant.partner_id == partner_id,
            PartnerGrant.grantee_id == employee_id,
            PartnerGrant.valid_from <= on,
            PartnerGrant.valid_to >= on,
        )
        .order_by(PartnerGrant.id.desc())
        .limit(1)
    )


def _forget() -> None:
    if has_request_context():
        g.pop("granted_partners", None)
        g.pop("reaches", None)
