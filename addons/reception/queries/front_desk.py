"""Reads of reception."""

import datetime as dt
from typing import Any, TypeVar, cast

from addons.reception.choices import CustomerState, DutyState, InquiryState, PromiseState, ReceptionState
from addons.reception.masterdata import SOURCES
from addons.reception.models import Customer, Inquiry, Promise, Reception, TurnMember, TurnQueue
from addons.reception.parameters import IDLE_ERASE_MONTHS, OWNER_PROTECT_DAYS, TURN_MODE
from app.sdk.database import func, read_id, select, session, utc_now
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import LazyString, _
from app.sdk.masterdata import Identity, Partner, find_option, list_duplicates, offered_names, open_list, parse_date
from app.sdk.models import CompanyModel, Employee, User
from app.sdk.organisation import active_zone, employee_of, units_of
from app.sdk.security import mask_phone, may, may_see_personal, sees_field, visible

UNPRINTED = (ReceptionState.DRAFT, ReceptionState.IN_PROGRESS, ReceptionState.RECORDED)
DAYS_OF_TREND = 7
MOST_NAMED = 10
Query = TypeVar("Query")


def present_time() -> dt.datetime:
    """Return the present instant, for screens; services are given theirs."""
    return utc_now()


def present_day() -> dt.date:
    """Return the company's calendar day, for screens."""
    return local_day(utc_now())


def local_day(now: dt.datetime) -> dt.date:
    """Return the company's calendar day at this instant."""
    return now.astimezone(active_zone()).date()


def find_customer_of(partner_id: int) -> Customer | None:
    """Return the file of a partner."""
    return session.scalar(select(Customer).where(Customer.partner_id == partner_id))


def partner_of(customer_id: int) -> int | None:
    """Return whose file it is; None where there is no such file."""
    customer = session.get(Customer, customer_id)  # On the page of the file it is at hand.
    return None if customer is None else customer.partner_id


def find_customer_by(identity: Identity) -> Customer | None:
    """Return the file of whoever has this phone or identity number, however it was typed (P:CRM-21)."""
    for duplicate in list_duplicates(identity):
        if (customer := find_customer_of(duplicate.partner.id)) is not None:
            return customer
    return None


def find_partners(identity: Identity) -> list[tuple[str, Partner]]:
    """Return those on file who are the same person, each with the field that says so, the surest first."""
    return [(duplicate.key.value, duplicate.partner) for duplicate in list_duplicates(identity)]


def protected_until(customer: Customer, *, on: dt.date) -> dt.date:
    """Return the last day on which nobody else may take the customer over (P:CRM-21)."""
    contacted = local_day(customer.last_contact_at) if customer.last_contact_at else customer.received_on
    return contacted + dt.timedelta(days=OWNER_PROTECT_DAYS.value(on))


def is_away(employee: Employee, *, on: dt.date) -> bool:
    """Tell whether a consultant is on leave or has left, so that colleagues receive for him (P:CRM-21)."""
    if employee.left_on is not None and employee.left_on < on:
        return True
    return (
        session.scalar(
            select(TurnMember.id)
            .where(TurnMember.employee_id == employee.id, TurnMember.state == DutyState.LEAVE)
            .limit(1)
        )
        is not None
    )


def unit_id_of(employee_id: int, *, on: dt.date) -> int | None:
    """Return the unit in which an employee works on that day."""
    return session.scalar(units_of(employee_id, on=on).limit(1))


def list_queues() -> list[TurnQueue]:
    """Return the front desks, by name."""
    return list(session.scalars(select(TurnQueue).order_by(TurnQueue.name)))


def get_queue(raw: str) -> TurnQueue:
    """Return the front desk that an address or form names; raises NotFound."""
    queue = session.get(TurnQueue, read_id(raw) or 0)
    if queue is None:
        raise NotFound("queue.missing", _("There is no such front desk."), field="queue")
    return queue


def find_member(raw: str) -> TurnMember | None:
    """Return the place in a queue that a form names."""
    return session.get(TurnMember, read_id(raw) or 0)


def read_day(raw: str) -> dt.date:
    """Return the day that an address or form names; anything else is today."""
    try:
        return parse_date(raw) if raw.strip() else present_day()
    except ValidationError:
        return present_day()


def read_source(raw: str) -> int | None:
    """Return the source that a form names; the first one named opens the list."""
    if not raw:
        return None
    open_list(SOURCES)
    option = find_option(SOURCES, raw)
    return option.id if option is not None else None


def desk_of(*, actor: User, queue: str, day: dt.date) -> dict[str, object]:
    """Return what the front desk's page shows: the queue, the day's visitors, and the day in figures."""
    queues = list_queues()
    chosen = next((one for one in queues if str(one.id) == queue), queues[0] if queues else None)
    receptions = list_receptions(day, actor=actor)
    living = [one for one in receptions if one.state is not ReceptionState.CANCELLED]
    busy = {one.owner_id for one in living if one.state is ReceptionState.IN_PROGRESS}
    me = employee_of(actor.id)
    return {
        "queues": queues,
        "queue": chosen,
        "day": day,
        "today": present_day(),
        "receptions": receptions,
        "busy": busy,
        "states": list(DutyState),
        "manual": TURN_MODE.value(day) == "manual",
        "sources": offered_names(SOURCES),
        "me": me.id if me is not None else None,
        "rights": {verb for verb in ("take", "set_duty", "print_day") if may(actor, verb, "reception.Desk")},
        "sets_anybody": may(actor, "edit", "reception.TurnQueue"),
        "phones": {one.id: _phone(one, actor) for one in receptions},
        "figures": _figures(living),
        "can_print": any(one.state is ReceptionState.ASSESSED for one in living),
        "is_printed": any(one.printed_at is not None for one in living),
    }


def _phone(reception: Reception, actor: User) -> str | None:
    """Return a visitor's number as this actor may see it."""
    if reception.phone is None or not sees_field(actor, "reception.Reception", "phone"):
        return None
    return reception.phone if may_see_personal(actor, reception) else mask_phone(reception.phone)


def _figures(living: list[Reception]) -> list[tuple[str, LazyString, int]]:
    return [
        ("users", _("Visitors"), len(living)),
        ("clock", _("In progress"), sum(one.state is ReceptionState.IN_PROGRESS for one in living)),
        ("user-plus", _("New prospects"), sum(one.customer_id is not None and not one.is_returning for one in living)),
        ("target", _("With intent"), sum(one.intent is not None and one.intent.is_purchase for one in living)),
    ]


def find_seat(employee_id: int, *, queue_id: int | None = None) -> TurnMember | None:
    """Return an employee's place in a queue; without one named, the first."""
    statement = select(TurnMember).where(TurnMember.employee_id == employee_id, TurnMember.is_active)
    if queue_id is not None:
        statement = statement.where(TurnMember.queue_id == queue_id)
    return session.scalar(statement.order_by(TurnMember.id).limit(1))


def list_receptions(day: dt.date, *, actor: User) -> list[Reception]:
    """Return the receptions of a day that the actor may see, in the order in which the visitors came."""
    statement = _seen(select(Reception).where(Reception.doc_date == day), Reception, actor)
    return list(session.scalars(statement.order_by(Reception.arrived_at, Reception.id)))


def refuse_unfinished(first: dt.date | None, last: dt.date | None, *, actor: User) -> None:
    """Raise Conflict, naming them, while receptions of these days are not recorded and assessed (P:REC-03)."""
    statement = select(Reception).where(Reception.state.in_(UNPRINTED)).order_by(Reception.doc_date, Reception.id)
    if first is not None and last is not None:
        statement = statement.where(Reception.doc_date.between(first, last))
    unfinished = list(session.scalars(_seen(statement, Reception, actor).limit(MOST_NAMED + 1)))
    if unfinished:
        names = ", ".join(map(str, unfinished[:MOST_NAMED])) + ("…" if len(unfinished) > MOST_NAMED else "")
        raise Conflict("reception.unfinished", _("Record and assess first: %(names)s."), names=names)


def count_receptions(day: dt.date, *, actor: User, states: tuple[ReceptionState, ...] = ()) -> int:
    """Return how many visitors were received on a day; cancelled ones count not."""
    statement = select(func.count(Reception.id)).where(
        Reception.doc_date == day,
        Reception.state.in_(states) if states else Reception.state != ReceptionState.CANCELLED,
    )
    return session.scalar(_seen(statement, Reception, actor)) or 0


def daily_counts(today: dt.date, *, actor: User) -> list[int]:
    """Return the visitors of the last seven days, the oldest first."""
    first = today - dt.timedelta(days=DAYS_OF_TREND - 1)
    statement = (
        select(Reception.doc_date, func.count(Reception.id))
        .where(Reception.doc_date.between(first, today), Reception.state != ReceptionState.CANCELLED)
        .group_by(Reception.doc_date)
    )
    found = dict(session.execute(_seen(statement, Reception, actor)).all())
    return [found.get(first + dt.timedelta(days=number), 0) for number in range(DAYS_OF_TREND)]


def count_in_state(state: CustomerState, *, actor: User) -> int:
    """Return how many prospects and customer files are in a state."""
    statement = select(func.count(Customer.id)).where(Customer.state == state)
    return session.scalar(_seen(statement, Customer, actor)) or 0


def count_open_inquiries(*, actor: User) -> int:
    """Return how many inquiries nobody has followed up."""
    statement = select(func.count(Inquiry.id)).where(Inquiry.state == InquiryState.OPEN)
    return session.scalar(_seen(statement, Inquiry, actor)) or 0


def count_requested_promises(*, actor: User) -> int:
    """Return how many promises wait for a decision."""
    statement = select(func.count(Promise.id)).where(Promise.state == PromiseState.REQUESTED)
    return session.scalar(_seen(statement, Promise, actor)) or 0


def unapproved_promises(partner_id: int) -> list[Promise]:
    """Return what was promised to a partner and does not hold (P:REC-05).

    One of these stops the printing of a reservation or contract, never the reception record. A rejected promise
    counts until it is withdrawn, because the customer still believes it.
    """
    return list(
        session.scalars(
            select(Promise)
            .join(Reception, Reception.id == Promise.reception_id)
            .where(
                Reception.partner_id == partner_id, Promise.state.in_((PromiseState.REQUESTED, PromiseState.REJECTED))
            )
            .order_by(Promise.id)
        )
    )


def idle_since(today: dt.date) -> dt.date:
    """Return the day before which a prospect's last contact makes its data due for erasure (P:CRM-22)."""
    months = IDLE_ERASE_MONTHS.value(today)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, min(today.day, 28))


def is_visible(record: CompanyModel, *, actor: User) -> bool:
    """Tell whether a record lies within the actor's scope."""
    model = type(record)
    return session.scalar(_seen(select(model.id).where(model.id == record.id), model, actor)) is not None


def _seen(statement: Query, model: type[CompanyModel], actor: User) -> Query:
    within = visible(model, actor)
    return statement if within is None else cast("Any", statement).where(within)
