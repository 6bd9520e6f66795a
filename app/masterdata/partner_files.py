"""A partner's file as somebody types it, where no add-on keeps files of its own about the partner."""

from dataclasses import replace
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.companies.clock import local_day
from app.companies.models import Employee
from app.companies.org import owner_and_unit
from app.database.columns import utc_now
from app.database.session import session
from app.masterdata.choices import PointKind
from app.masterdata.models import Partner
from app.masterdata.partners import PartnerDetails, create_partner, details_of, remove_point, set_point, update_partner


def open_partner(*, actor: User, owner_id: int | None = None, **values: Any) -> Partner:
    """Open a partner's file; `values` are those of PartnerDetails. Without an owner the actor is in charge.

    Raises ValidationError for what is malformed, and Conflict for somebody who is on file (P:CRM-21).
    """
    owner = session.get(Employee, owner_id) if owner_id is not None else None
    known = {name: value for name, value in values.items() if value is not None}
    partner = create_partner(PartnerDetails(**{"name": "", **known}), actor=actor, owner=owner)
    _employee, partner.org_unit_id = owner_and_unit(owner.user if owner else actor, on=local_day(utc_now()))
    return partner


def change_partner(partner: Partner, *, actor: User, **values: Any) -> None:
    """Write what is given anew; a number, address or WeChat name that was blanked is taken away.

    Raises as `open_partner` does.
    """
    before = details_of(partner)
    wanted = replace(
        before, **{**values, "name": values.get("name", before.name) or "", "kind": values.get("kind") or before.kind}
    ).normalised()
    update_partner(partner, wanted)
    for kind in PointKind:
        value = getattr(wanted, kind.value)
        if value is not None and value != getattr(before, kind.value):
            set_point(partner, kind=kind, value=value, is_primary=True)
        elif value is None:
            for point in [one for one in partner.points if one.kind is kind and one.is_primary]:
                remove_point(point)
    # The version that a form carries covers these numbers too, so it must grow even if only they changed.
    partner.updated_at = utc_now()
    session.flush()
