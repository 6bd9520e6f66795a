"""Rounds of negotiation, and whether they end in a deal (P:CRM-07, P:CRM-08)."""

import datetime as dt
from typing import Any

from addons.reception.choices import CustomerState, NegotiationState
from addons.reception.models import Customer, Negotiation, Objection
from addons.reception.queries import CUSTOMER, NEGOTIATION, is_visible
from addons.reception.services.custody import agree_deal, undo_deal
from addons.reception.workflow import NEGOTIATION_WORKFLOW
from app.sdk.database import func, select, session, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import optional_text, required_text
from app.sdk.models import User
from app.sdk.organisation import employee_of

NEGOTIABLE = (CustomerState.REGISTERED, CustomerState.CONFIRMED)


def create_negotiation(
    *,
    actor: User,
    customer_id: int,
    topic: str,
    held_at: dt.datetime | None = None,
    note: str | None = None,
    objections: list[dict[str, Any]] | None = None,
    now: dt.datetime | None = None,
) -> Negotiation:
    """Open the next round with a registered customer or prospect.

    Raises Conflict before registration (P:CRM-06), and while the round before is open; ValidationError for the future.
    """
    moment = now or utc_now()
    customer = session.get(Customer, customer_id)
    if customer is None or not is_visible(customer, actor=actor):
        raise NotFound("negotiation.customer", _("There is no such customer."), field="customer_id")
    _refuse_unregistered(customer)
    employee = employee_of(actor.id)
    negotiation = Negotiation(
        customer_id=customer.id,
        round=_next_round(customer),
        held_at=_checked_instant(held_at or moment, moment),
        topic=required_text(topic, field="topic", maximum=200),
        note=optional_text(note, field="note", maximum=4_000),
        owner_id=employee.id if employee is not None else customer.owner_id,
        org_unit_id=customer.org_unit_id,
    )
    _set_objections(negotiation, objections or [])
    session.add(negotiation)
    if customer.last_contact_at is None or customer.last_contact_at < negotiation.held_at:
        customer.last_contact_at = negotiation.held_at
    session.flush()
    link_documents(ref_of(customer, CUSTOMER), ref_of(negotiation, NEGOTIATION), kind=LinkKind.CREATES)
    return negotiation


def update_negotiation(
    negotiation: Negotiation, *, actor: User, objections: list[dict[str, Any]] | None = None, **values: Any
) -> None:
    """Add replies and objections to an open round; only what is given changes."""
    if negotiation.state is not NegotiationState.OPEN:
        raise Conflict("negotiation.closed", _("A round that is over can no longer be changed."))
    if values.get("topic") is not None:
        negotiation.topic = required_text(values["topic"], field="topic", maximum=200)
    if values.get("held_at") is not None:
        negotiation.held_at = _checked_instant(values["held_at"], utc_now())
    if "note" in values:
        negotiation.note = optional_text(values["note"], field="note", maximum=4_000)
    if objections is not None:
        _set_objections(negotiation, objections)
    session.flush()


@NEGOTIATION_WORKFLOW.transition("close")
def close_negotiation(negotiation: Negotiation, *, actor: User) -> None:
    """End a round in which every objection got its reply."""


@NEGOTIATION_WORKFLOW.transition("win")
def win_negotiation(negotiation: Negotiation, *, actor: User, now: dt.datetime) -> None:
    """Note that consultant and customer agreed: the file passes on, and a reservation may be signed (P:CRM-08).

    Raises Conflict for a customer whom nobody has registered (R2).
    """
    agree_deal(negotiation.customer, actor=actor, now=now)


@NEGOTIATION_WORKFLOW.transition("lose")
def lose_negotiation(negotiation: Negotiation, *, actor: User, reason: str) -> None:
    """Note that there is no deal; the log keeps the reason. Raises ValidationError without one (P:CRM-08, R1)."""
    required_text(reason, field="reason", maximum=400)


@NEGOTIATION_WORKFLOW.transition("resume")
def resume_negotiation(negotiation: Negotiation, *, actor: User, reason: str) -> None:
    """Negotiate on after all. Raises Conflict while another round with the customer is open."""
    _refuse_open_round(negotiation.customer_id, besides=negotiation.id)


@NEGOTIATION_WORKFLOW.transition("undo")
def undo_negotiation(negotiation: Negotiation, *, actor: User, reason: str) -> None:
    """Take the deal back. Raises Conflict while another round is open; whoever hears of it may refuse as well."""
    _refuse_open_round(negotiation.customer_id, besides=negotiation.id)
    undo_deal(negotiation.customer, actor=actor, reason=reason)


@NEGOTIATION_WORKFLOW.transition("cancel")
def cancel_negotiation(negotiation: Negotiation, *, actor: User, reason: str) -> None:
    """Cancel a round that did not take place; the log keeps the reason."""


def _refuse_unregistered(customer: Customer) -> None:
    if customer.state not in NEGOTIABLE:
        raise Conflict(
            "negotiation.unregistered",
            _("%(customer)s is not registered: the supervisor registers a file before it is negotiated."),
            field="customer_id",
            customer=customer,
        )


def _next_round(customer: Customer) -> int:
    _refuse_open_round(customer.id)
    rounds = select(func.max(Negotiation.round)).where(Negotiation.customer_id == customer.id)
    return (session.scalar(rounds) or 0) + 1


def _refuse_open_round(customer_id: int, *, besides: int | None = None) -> None:
    rounds = select(Negotiation).where(Negotiation.customer_id == customer_id, Negotiation.id != (besides or 0))
    is_open = session.scalar(rounds.where(Negotiation.state == NegotiationState.OPEN).limit(1))
    if is_open is not None:
        raise Conflict(
            "negotiation.open",
            _("Round %(round)s with this customer is still open."),
            field="customer_id",
            round=is_open.round,
        )


def _checked_instant(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    if at > now:
        raise ValidationError("negotiation.future", _("A negotiation cannot lie in the future."), field="held_at")
    return at


def _set_objections(negotiation: Negotiation, rows: list[dict[str, Any]]) -> None:
    present = {one.id: one for one in negotiation.objections}
    kept = []
    for position, row in enumerate(rows, start=1):
        one = present.get(row.get("id") or 0) or Objection()
        one.position = position
        if "objection" in row or one.objection is None:
            one.objection = required_text(row.get("objection"), field="objections", maximum=400)
        if "reply" in row:
            one.reply = optional_text(row["reply"], field="objections", maximum=400)
        kept.append(one)
    negotiation.objections = kept
