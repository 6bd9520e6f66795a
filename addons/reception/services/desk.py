"""The front desk: who takes the visitor at the door (P:REC-06)."""

import datetime as dt

from addons.reception.models import Reception, TurnMember, TurnQueue
from addons.reception.parameters import TURN_MODE
from addons.reception.queries import find_customer_by, local_day
from addons.reception.services.receptions import create_reception, start_reception
from addons.reception.services.turns import lock_queue
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import Identity, PartnerKind, clean_text, parse_phone
from app.sdk.models import User


def take_visitor(
    queue: TurnQueue,
    *,
    actor: User,
    now: dt.datetime,
    visitor_name: str | None = None,
    phone: str | None = None,
    source_id: int | None = None,
    member: TurnMember | None = None,
) -> Reception:
    """Give the visitor at the door to a consultant, and start the reception.

    A known visitor goes to the customer's own consultant if he is on duty. Everybody else goes to whose turn it is,
    or, where the parameter turn_mode says `manual`, to the `member` chosen. Raises Conflict if nobody is on duty (R2),
    ValidationError for a malformed number.
    """
    typed = clean_text(phone)
    phone = parse_phone(typed, field="phone") if typed else None
    lock_queue(queue)
    chosen = _own_consultant(queue, phone) or _chosen(queue, member, on=local_day(now))
    reception = create_reception(
        actor=actor,
        now=now,
        owner_id=chosen.employee_id,
        queue_id=queue.id,
        visitor_name=visitor_name,
        phone=phone,
        source_id=source_id,
        arrived_at=now,
    )
    start_reception(reception, actor=actor, now=now)
    return reception


def _own_consultant(queue: TurnQueue, phone: str | None) -> TurnMember | None:
    if not phone:
        return None
    customer = find_customer_by(Identity(kind=PartnerKind.PERSON, name="", phone=phone))
    if customer is None or customer.owner_id is None:
        return None
    return next((one for one in queue.members if one.employee_id == customer.owner_id and one.is_on_duty), None)


def _chosen(queue: TurnQueue, member: TurnMember | None, *, on: dt.date) -> TurnMember:
    if TURN_MODE.value(on) == "manual":
        if member is None or member.queue_id != queue.id:
            raise ValidationError("turn.choose", _("Choose who receives the visitor."), field="member")
        if not member.is_on_duty:
            raise Conflict("turn.off_duty", _("%(name)s is not on duty."), field="member", name=member.employee.name)
        return member
    if queue.next_member is None:
        raise Conflict("turn.nobody", _("Nobody is on duty at %(queue)s."), queue=queue.name)
    return queue.next_member
