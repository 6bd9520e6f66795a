"""Customers pass to another owner, with what is open about them; who had them before is kept (S:REC-17)."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.companies.clock import active_zone
from app.companies.models import Employee
from app.companies.org import units_of
from app.database.session import session
from app.errors import Conflict, Text, ValidationError
from app.events.bus import publish
from app.i18n import _
from app.masterdata.events import PartnerTransferred
from app.masterdata.holdings import Conditions, Holding, open_holdings
from app.masterdata.models import OwnershipChange, Partner
from app.masterdata.normalise import required_text

REASON_LENGTH = 200


@dataclass(frozen=True)
class GoesAlong:
    """How many records of one kind change hands."""

    label: Text
    count: int


def transfer_partners(
    partners: Collection[Partner], *, receiver: Employee, reason: str, actor: User, now: dt.datetime
) -> int:
    """Make somebody else answer for these partners, and for what is open about them; return how many changed hands.

    Raises ValidationError without a reason, Conflict for a receiver who does not work here any more, or cannot log in.
    """
    why = required_text(reason, field="reason", maximum=REASON_LENGTH)
    day = now.astimezone(active_zone()).date()
    refuse_inactive(receiver, on=day)
    unit_id = unit_of(receiver, on=day)
    given = [partner for partner in partners if partner.owner_id != receiver.id]
    moves = [(holding, list(_going_along(holding, given))) for holding in open_holdings() if holding.partner]
    for partner in given:
        note_change(partner.id, former_id=partner.owner_id, receiver=receiver, reason=why, now=now)
    for holding, groups in moves:
        for conditions in groups:
            holding.hand_on(conditions, receiver=receiver, org_unit_id=unit_id)
    return len(given)


def preview_transfer(partners: Collection[Partner], *, receiver: Employee | None = None) -> Sequence[GoesAlong]:
    """Return what would change hands, kind by kind."""
    given = [partner for partner in partners if receiver is None or partner.owner_id != receiver.id]
    return [
        GoesAlong(holding.label, sum(holding.count(conditions) for conditions in _going_along(holding, given)))
        for holding in open_holdings()
        if holding.partner
    ]


def _going_along(holding: Holding, partners: Collection[Partner]) -> Iterator[Conditions]:
    """Yield the conditions of what goes along, owner by owner: a colleague's own work about them stays his."""
    for former_id in {partner.owner_id for partner in partners}:
        ids = [partner.id for partner in partners if partner.owner_id == former_id]
        yield [*holding.held_by(former_id), *holding.of_partners(ids)]


def note_change(partner_id: int, *, former_id: int | None, receiver: Employee, reason: str, now: dt.datetime) -> None:
    """Keep who answered for a partner before, and announce who does from now on."""
    session.add(
        OwnershipChange(
            partner_id=partner_id, former_owner_id=former_id, owner_id=receiver.id, reason=reason, changed_at=now
        )
    )
    publish(
        PartnerTransferred(
            company_id=receiver.company_id, partner_id=partner_id, former_owner_id=former_id, owner_id=receiver.id
        )
    )


def refuse_inactive(receiver: Employee, *, on: dt.date, field: str = "receiver") -> None:
    """Raise Conflict for somebody to whom nothing can be given, because he left or cannot log in."""
    if not receiver.works_on(on):
        raise Conflict("transfer.left", _("%(name)s does not work here any more."), field=field, name=receiver.name)
    if receiver.user is None or not receiver.user.active:
        raise Conflict("transfer.no_login", _("%(name)s cannot log in."), field=field, name=receiver.name)


def unit_of(employee: Employee, *, on: dt.date) -> int | None:
    """Return the unit in which an employee works on that day."""
    return session.scalar(units_of(employee.id, on=on).limit(1))


def list_changes(partner_id: int) -> Sequence[OwnershipChange]:
    """Return who answered for a partner, the latest change first."""
    statement = select(OwnershipChange).where(OwnershipChange.partner_id == partner_id)
    return session.scalars(statement.order_by(OwnershipChange.id.desc())).all()


def find_receiver(key: int | None, *, field: str = "receiver") -> Employee:
    """Return the employee of this id. Raises ValidationError where none was chosen."""
    found = session.get(Employee, key) if key is not None else None
    if found is None:
        raise ValidationError("transfer.receiver", _("Choose who takes over."), field=field)
    return found
