"""Quotations: written, approved where prices depart, sent, negotiated, accepted, turned into what was ordered."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.orders.choices import PaymentMethod, QuotationState
from addons.orders.masterdata import QUOTATION_NUMBERS
from addons.orders.models import Quotation, QuotationVersion
from addons.orders.parameters import QUOTE_DAYS
from addons.orders.queries import (
    ORDER,
    QUOTATION,
    RESERVATION,
    lines_in_words,
    list_lapsed_quotations,
    price_objections,
    words,
)
from addons.orders.services.lines import change_lines, copy_of, drop_approvals, price_lines, refuse_free_prices
from addons.orders.services.orders import create_order
from addons.orders.services.reservations import create_reservation
from addons.orders.workflow import QUOTATION_WORKFLOW
from app.sdk.database import session, set_lines, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Partner, draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of, local_day, owner_and_unit
from app.sdk.workflow import Amount


def create_quotation(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Quotation:
    """Write a quotation; blank prices are list prices of its day.

    Raises ValidationError for what `price_lines` refuses, a missing customer (R1), and a budget not above zero (R4).
    """
    today = local_day(now or utc_now())
    given = {name: value for name, value in values.items() if value is not None}
    quotation = Quotation(
        **{"doc_date": today, "state": QuotationState.DRAFT, "revision": 0, **given}, created_by_id=actor.id
    )
    employee, quotation.org_unit_id = owner_and_unit(actor, on=quotation.doc_date)
    if quotation.owner_id is None:
        quotation.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(quotation, "lines", lines or [])
        _check(quotation)
    session.add(quotation)
    session.flush()
    return quotation


def update_quotation(
    quotation: Quotation, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any
) -> None:
    """Change a draft; a line that is changed, or quoted to another, needs its approval anew (P:PRI-02).

    Raises Conflict for any other quotation (R2).
    """
    if quotation.state is not QuotationState.DRAFT:
        raise Conflict("quotation.fixed", _("It was sent. Negotiate it anew, with a reason: that makes a new version."))
    if values.get("partner_id", quotation.partner_id) != quotation.partner_id:
        drop_approvals(quotation.lines)
    for name, value in values.items():
        setattr(quotation, name, value)
    if lines is not None:
        change_lines(quotation, lines)
    with session.no_autoflush:
        _check(quotation)
    session.flush()


def delete_quotation(quotation: Quotation, *, actor: User) -> None:
    """Delete a draft that was never sent. Raises Conflict for any other: it is lost, with a reason (R2)."""
    if quotation.state is not QuotationState.DRAFT or quotation.number is not None:
        raise Conflict("quotation.kept", _("It was sent and has a number. Mark it as lost, with a reason."))
    session.delete(quotation)
    session.flush()


@QUOTATION_WORKFLOW.transition("approve_prices")
def approve_prices(quotation: Quotation, *, actor: User, opinion: str, now: dt.datetime) -> None:
    """Let a draft be sent at its prices, whatever lists, floors and margins say (P:PRI-02, P:PRI-09, S:CAT-04).

    Raises Conflict where no price needs approval.
    """
    _check(quotation)
    if next(price_objections(quotation.lines, on=quotation.doc_date), None) is None:
        raise Conflict("quotation.no_approval", _("None of its prices needs approval."))
    for line in quotation.lines:
        line.approved_price = line.unit_price
    quotation.prices_approved_at, quotation.prices_approved_by_id = now, actor.id


@QUOTATION_WORKFLOW.transition("send")
def send_quotation(quotation: Quotation, *, actor: User, now: dt.datetime) -> None:
    """Note that the customer has it: it gets its number, and holds for a time from this day on (P:QUO-08).

    Raises NotAllowed for a price that needs approval and has none.
    """
    today = local_day(now)
    _check(quotation)
    refuse_free_prices(quotation.lines, on=quotation.doc_date)
    quotation.sent_at, quotation.valid_until = now, today + dt.timedelta(days=QUOTE_DAYS.value(today))
    if quotation.number is None:
        quotation.posted_at, quotation.period = now, f"{today:%Y-%m}"
        entity = legal_entity_of(quotation.org_unit_id)
        quotation.legal_entity_id = entity.id if entity else None
        quotation.number = draw_number(QUOTATION_NUMBERS, legal_entity_id=quotation.legal_entity_id, on=today)


@QUOTATION_WORKFLOW.transition("negotiate")
def negotiate_quotation(quotation: Quotation, *, actor: User, reason: str) -> None:
    """Begin a further round: what was sent is kept as a version, and a new one is written (P:QUO-08)."""
    version = QuotationVersion(
        quotation_id=quotation.id,
        revision=quotation.revision,
        sent_at=quotation.sent_at,
        valid_until=quotation.valid_until,
        net=quotation.net,
        tax=quotation.tax,
        gross=quotation.gross,
        reason=reason,
        lines=lines_in_words(quotation.lines),
    )
    session.add(version)
    quotation.revision += 1
    quotation.sent_at = quotation.valid_until = None


@QUOTATION_WORKFLOW.transition("accept")
def accept_quotation(quotation: Quotation, *, actor: User, now: dt.datetime) -> None:
    """Note that the customer takes it. Refused once its time is over (P:QUO-08, S:ORD-15)."""
    quotation.accepted_at = now


@QUOTATION_WORKFLOW.transition("make_reservation")
def reserve_quotation(quotation: Quotation, *, actor: User, deposit: Amount | None, now: dt.datetime) -> None:
    """Write the reservation form of an accepted quotation, at its prices, which count as approved."""
    form = create_reservation(
        actor=actor,
        now=now,
        partner_id=quotation.partner_id,
        owner_id=quotation.owner_id,
        deposit=deposit,
        lines=[copy_of(line) for line in quotation.lines],
    )
    _link(quotation, ref_of(form, RESERVATION))


@QUOTATION_WORKFLOW.transition("make_order")
def order_quotation(
    quotation: Quotation, *, actor: User, promised_on: dt.date, payment_method: PaymentMethod, now: dt.datetime
) -> None:
    """Write the order of an accepted quotation, at its prices (S:ORD-09, S:ORD-15); the order is audited as any."""
    order = create_order(
        actor=actor,
        now=now,
        partner_id=quotation.partner_id,
        owner_id=quotation.owner_id,
        promised_on=promised_on,
        payment_method=payment_method,
        lines=[copy_of(line) for line in quotation.lines],
    )
    _link(quotation, ref_of(order, ORDER))


@QUOTATION_WORKFLOW.transition("print")
def print_quotation(quotation: Quotation, *, actor: User) -> None:
    """Count a printing."""
    quotation.print_count += 1


@QUOTATION_WORKFLOW.transition("lose")
def lose_quotation(quotation: Quotation, *, actor: User, reason: str) -> None:
    """Note that nothing came of it, and why."""


@QUOTATION_WORKFLOW.transition("expire")
def expire_quotation(quotation: Quotation, *, actor: User | None, now: dt.datetime) -> None:
    """Note that nobody accepted it in time; a job calls it."""


def expire_lapsed_quotations(now: dt.datetime | None = None) -> int:
    """End every quotation that nobody accepted in time; return how many there were."""
    moment = now or utc_now()
    lapsed = list_lapsed_quotations(local_day(moment))
    for quotation in lapsed:
        expire_quotation(quotation, actor=None, now=moment)
    return len(lapsed)


def _link(quotation: Quotation, made: Any) -> None:
    link_documents(ref_of(quotation, QUOTATION), made, kind=LinkKind.CREATES, amount=quotation.gross)


def _check(quotation: Quotation) -> None:
    if quotation.partner_id is None:
        raise ValidationError(
            "quotation.partner", _("%(label)s is required."), field="partner_id", label=_(humanize("customer"))
        )
    quotation.partner_name = session.get_one(Partner, quotation.partner_id).name
    if quotation.budget is not None and quotation.budget <= 0:
        raise ValidationError(
            "quotation.budget", _("The budget must be above %(limit)s."), field="budget", limit=words(Decimal(0))
        )
    price_lines(quotation, on=quotation.doc_date)
    quotation.over_budget = quotation.budget is not None and quotation.gross > quotation.budget
