"""The turn queue: who takes the next visitor (P:REC-06)."""

import datetime as dt
from typing import Any

from addons.reception.choices import DutyState
from addons.reception.models import Reception, Turn, TurnMember, TurnQueue
from addons.reception.queries import find_seat
from app.sdk.database import select, session, set_lines
from app.sdk.errors import NotAllowed, ValidationError
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.organisation import employee_of
from app.sdk.security import may


def create_queue(*, actor: User, name: str, members: list[dict[str, Any]] | None = None) -> TurnQueue:
    """Set up a front desk; its consultants take turns in the order of the lines."""
    queue = TurnQueue(name=name)
    session.add(queue)
    session.flush()
    _set_members(queue, members or [])
    return queue


def update_queue(
    queue: TurnQueue, *, actor: User, name: str | None = None, members: list[dict[str, Any]] | None = None
) -> None:
    """Change a front desk; whose turn it is stays with the consultant who took the last visitor."""
    lock_queue(queue)
    if name is not None:
        queue.name = name
    if members is not None:
        last = next((one.employee_id for one in queue.members if one.position == queue.last_position), None)
        _set_members(queue, members)
        queue.last_position = next((one.position for one in queue.members if one.employee_id == last), 0)
    session.flush()


def _set_members(queue: TurnQueue, rows: list[dict[str, Any]]) -> None:
    employees = [row.get("employee_id") for row in rows]
    if len(set(employees)) < len(employees):
        raise ValidationError("queue.twice", _("A consultant stands in the queue only once."), field="members")
    set_lines(queue, "members", rows)
    session.flush()


def consume_turn(reception: Reception, *, now: dt.datetime) -> None:
    """Note that a consultant took a visitor; the queue moves on if it was his turn. Nothing to note without a queue."""
    seat = find_seat(reception.owner_id, queue_id=reception.queue_id) if reception.owner_id is not None else None
    if seat is None:
        return
    queue = session.get_one(TurnQueue, seat.queue_id)
    lock_queue(queue)
    in_turn = queue.next_member is not None and queue.next_member.id == seat.id
    if in_turn:
        queue.last_position = seat.position
    reception.queue_id = queue.id
    session.add(
        Turn(queue_id=queue.id, employee_id=seat.employee_id, reception_id=reception.id, taken_at=now, in_turn=in_turn)
    )
    session.flush()


def set_duty(member: TurnMember, *, state: DutyState, actor: User) -> None:
    """Say that a consultant is on duty, rests or is on leave: one's own, or anybody's with the right to edit queues."""
    me = employee_of(actor.id)
    if (me is None or me.id != member.employee_id) and not may(actor, "edit", "reception.TurnQueue"):
        raise NotAllowed("turn.not_yours", _("You may change only your own state."))
    member.state = state
    session.flush()


def leave_queues(employee_id: int) -> None:
    """Take somebody who left out of every turn; his former turns stay in the history."""
    for member in session.scalars(select(TurnMember).where(TurnMember.employee_id == employee_id)):
        member.is_active = False
    session.flush()


def lock_queue(queue: TurnQueue) -> None:
    """Keep others out of the queue until the commit, and read it as it is now: two visitors never get one turn."""
    session.flush()
    session.refresh(queue, with_for_update=True)
    session.expire(queue, ["members"])
