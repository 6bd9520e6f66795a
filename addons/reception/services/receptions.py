"""The steps of a reception, from the door to the printed record (P:REC-01 to 04)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from addons.reception.choices import Intent, ReceptionState
from addons.reception.events import ReceptionRecorded
from addons.reception.masterdata import CHECKLIST, RECEPTION_NUMBERS
from addons.reception.models import Customer, Reception, ReceptionCheck
from addons.reception.queries import (
    CUSTOMER,
    RECEPTION,
    UNPRINTED,
    find_customer_by,
    is_away,
    list_receptions,
    local_day,
    refuse_unfinished,
    unit_id_of,
)
from addons.reception.services.customers import create_customer
from addons.reception.services.files import open_customer_file
from addons.reception.services.ownership import check_claim, set_owner, take_over
from addons.reception.services.turns import consume_turn
from addons.reception.workflow import RECEPTION_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import (
    Identity,
    PartnerKind,
    clean_text,
    draw_number,
    list_options,
    open_list,
    parse_identity_number,
    parse_phone,
)
from app.sdk.models import Employee, LegalEntity, User
from app.sdk.organisation import active_zone, employee_of, legal_entity_of


def create_reception(*, actor: User, now: dt.datetime | None = None, **values: Any) -> Reception:
    """Open the record of a visitor who came in, with the company's checklist; without an owner the actor receives."""
    moment = now or utc_now()
    checks = values.pop("checks", None)
    reception = Reception(**_cleaned(values))
    reception.doc_date = local_day(reception.arrived_at or moment)
    if reception.owner_id is None:
        employee = employee_of(actor.id)
        reception.owner_id = employee.id if employee else None
    _set_unit(reception)
    _check_times(reception)
    open_list(CHECKLIST)
    reception.checks = [
        ReceptionCheck(position=position, item=option.name)
        for position, option in enumerate(list_options(CHECKLIST), start=1)
    ]
    _tick(reception, checks or ())
    session.add(reception)
    session.flush()
    return reception


def update_reception(reception: Reception, *, actor: User, **values: Any) -> None:
    """Change a record that has not been printed yet; of the checklist, only what is done."""
    if reception.state not in UNPRINTED:
        raise Conflict("reception.finished", _("A reception that is assessed can no longer be changed."))
    checks = values.pop("checks", None)
    for name, value in _cleaned(values).items():
        setattr(reception, name, value)
    if reception.arrived_at is not None and reception.number is None:
        reception.doc_date = local_day(reception.arrived_at)
    _set_unit(reception)
    _check_times(reception)
    _tick(reception, checks or ())
    session.flush()


@RECEPTION_WORKFLOW.transition("start")
def start_reception(reception: Reception, *, actor: User, now: dt.datetime) -> None:
    """Note when the visitor came in; the consultant has had his turn (P:REC-06)."""
    reception.arrived_at = reception.arrived_at or now
    reception.doc_date = local_day(reception.arrived_at)
    consume_turn(reception, now=now)


@RECEPTION_WORKFLOW.transition("record")
def record_reception(
    reception: Reception, *, actor: User, now: dt.datetime, left_at: dt.datetime | None = None, take_over: bool = False
) -> None:
    """Register the visitor: somebody new becomes a prospect, a known one is linked (P:REC-02).

    Raises Duplicate, naming the owner, for a colleague's customer under protection, unless that colleague is away;
    with `take_over`, a customer whose protection has ended changes hands.
    """
    reception.left_at = left_at or reception.left_at or now
    _check_times(reception)
    if not reception.has_declined:
        _register_visitor(reception, actor=actor, now=now, wants_over=take_over)
    reception.recorded_at = reception.posted_at = now
    reception.period = f"{reception.doc_date:%Y-%m}"
    reception.legal_entity_id = _legal_entity(reception).id
    # The last write: whoever draws the next number waits until this transaction ends.
    reception.number = draw_number(RECEPTION_NUMBERS, legal_entity_id=reception.legal_entity_id, on=reception.doc_date)
    session.flush()
    publish(
        ReceptionRecorded(
            company_id=reception.company_id,
            reception_id=reception.id,
            customer_id=reception.customer_id,
            is_returning=reception.is_returning,
        )
    )


@RECEPTION_WORKFLOW.transition("assess")
def assess_reception(reception: Reception, *, actor: User, now: dt.datetime, intent: Intent) -> None:
    """Say whether the visitor intends to buy; an intent opens the customer file (P:REC-04, P:CRM-05)."""
    reception.intent = intent
    customer = reception.customer
    if customer is None:
        return
    if intent.is_purchase:
        open_customer_file(customer, intent=intent, now=now)
    elif customer.intent is None:
        customer.intent = intent


@RECEPTION_WORKFLOW.transition("print")
def print_reception(reception: Reception, *, actor: User, now: dt.datetime) -> None:
    """Note that the record was printed (P:REC-03)."""
    reception.printed_at = now
    reception.print_count += 1


@RECEPTION_WORKFLOW.transition("close")
def close_reception(reception: Reception, *, actor: User) -> None:
    """Close a printed record whose file has been handed in."""


@RECEPTION_WORKFLOW.transition("cancel")
def cancel_reception(reception: Reception, *, actor: User, reason: str) -> None:
    """Cancel a reception that did not take place; the log keeps the reason."""


def print_day(day: dt.date, *, actor: User, now: dt.datetime) -> int:
    """Mark the day's records as printed and return how many rows they have (P:REC-03).

    Raises Conflict while a reception of the day is not recorded and assessed, or if there is none (R2).
    """
    receptions = [one for one in list_receptions(day, actor=actor) if one.state is not ReceptionState.CANCELLED]
    if not receptions:
        raise Conflict("reception.none", _("There is no reception on %(day)s."), day=day)
    refuse_unfinished(day, day, actor=actor)
    for reception in receptions:
        if reception.state is ReceptionState.ASSESSED:
            print_reception(reception, actor=actor, now=now)
    return len(receptions)


def _register_visitor(reception: Reception, *, actor: User, now: dt.datetime, wants_over: bool) -> None:
    customer = reception.customer or find_customer_by(
        Identity(
            kind=PartnerKind.PERSON, name=reception.visitor_name or "", phone=reception.phone, id_no=reception.id_no
        )
    )
    if customer is None:
        customer = create_customer(
            actor=actor,
            now=now,
            name=reception.visitor_name,
            phone=reception.phone,
            id_no=reception.id_no,
            source_id=reception.source_id,
            owner_id=reception.owner_id,
            received_on=reception.doc_date,
        )
        customer.last_contact_at = reception.left_at
    else:
        reception.is_returning = True
        _link(reception, customer, now, wants_over=wants_over)
    reception.customer, reception.partner_id = customer, customer.partner_id
    led_to = LinkKind.AMENDS if reception.is_returning else LinkKind.CREATES
    link_documents(ref_of(reception, RECEPTION), ref_of(customer, CUSTOMER), kind=led_to)


def _link(reception: Reception, customer: Customer, now: dt.datetime, *, wants_over: bool) -> None:
    """Let a known visitor's record stand: with the owner himself, for one who is away, or after the protection."""
    consultant = session.get(Employee, reception.owner_id) if reception.owner_id else None
    today = local_day(now)
    if customer.owner is None and consultant is not None:
        set_owner(customer, consultant, on=today)
    elif customer.owner is not None and not is_away(customer.owner, on=today):
        check_claim(customer, claimant=consultant, field="phone", now=now)
        if wants_over and consultant is not None:
            take_over(customer, owner=consultant, now=now)
    last = customer.last_contact_at
    if reception.left_at is not None and (last is None or last < reception.left_at):
        customer.last_contact_at = reception.left_at


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with phone and identity number in their one form. Raises ValidationError naming the field."""
    for name, parse in (("phone", parse_phone), ("id_no", parse_identity_number)):
        if values.get(name) is not None:
            typed = clean_text(values[name])
            values[name] = parse(typed, field=name) if typed else None
    return values


def _check_times(reception: Reception) -> None:
    if reception.arrived_at is not None and reception.left_at is not None and reception.left_at <= reception.arrived_at:
        with session.no_autoflush:  # Or the database would refuse these times first.
            arrived = reception.arrived_at.astimezone(active_zone())
        raise ValidationError(
            "reception.left_at",
            _("The visitor cannot have left before arriving, at %(limit)s."),
            field="left_at",
            limit=f"{arrived:%Y-%m-%d %H:%M}",
        )


def _legal_entity(reception: Reception) -> LegalEntity:
    """Return whose document it is: each legal entity numbers for itself. Raises Conflict where nobody can tell."""
    entity = legal_entity_of(reception.org_unit_id)
    if entity is None:
        raise Conflict(
            "reception.legal_entity",
            _("The company has several legal entities, and “%(unit)s” belongs to none of them. Name it at the unit."),
            unit=reception.org_unit or "–",
        )
    return entity


def _set_unit(reception: Reception) -> None:
    reception.org_unit_id = (
        unit_id_of(reception.owner_id, on=reception.doc_date) if reception.owner_id is not None else None
    )


def _tick(reception: Reception, rows: Sequence[dict[str, Any]]) -> None:
    """Set what is done of the checklist; a line is named by its id or its text, and none can be added or left out."""
    for row in rows:
        check = next(
            (
                one
                for one in reception.checks
                if (row.get("id") and one.id == row["id"]) or (not row.get("id") and one.item == row.get("item"))
            ),
            None,
        )
        if check is None:
            raise ValidationError(
                "reception.no_such_check",
                _("“%(item)s” is not on the checklist."),
                field="checks",
                item=row.get("item") or "",
            )
        check.done = bool(row.get("done"))
