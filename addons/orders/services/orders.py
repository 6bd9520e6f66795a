"""Sales orders: written, by hand or from a reservation, and changed while they are drafts (P:ORD-04, S:ORD-02)."""

import datetime as dt
from typing import Any

from addons.orders.choices import BusinessType, OrderForm, OrderState, PaymentMethod
from addons.orders.models import Order, Reservation
from addons.orders.parameters import EXPORT_UNITS, VERBAL_HOURS
from addons.orders.queries import ORDER, RESERVATION, find_live_order_of, order_payment, words
from addons.orders.services.deals import enter_deal
from addons.orders.services.dispatch import forget_lines
from addons.orders.services.lines import change_lines, copy_of, drop_approvals, price_lines
from addons.orders.workflow import RESERVATION_WORKFLOW
from app.sdk.database import keep_row, session, set_lines, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Partner
from app.sdk.models import OrgUnit, User
from app.sdk.organisation import local_day, owner_and_unit


def create_order(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Order:
    """Write an order; blank prices are list prices of its day.

    Raises ValidationError for a required value that is missing (S:ORD-02), for what `price_lines` refuses, and where
    the total on the customer's paper is not what the lines come to (P:ORD-05, R4).
    """
    moment = now or utc_now()
    today = local_day(moment)
    given = {name: value for name, value in values.items() if value is not None}
    order = Order(**{"doc_date": today, "state": OrderState.DRAFT, **given}, created_by_id=actor.id, checks=[])
    employee, order.org_unit_id = owner_and_unit(actor, on=order.doc_date)
    if order.owner_id is None:
        order.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(order, "lines", lines or [])
        _note_form(order, now=moment)
        check_order_form(order)
        order.partner_name = keep_row(Partner, order.partner_id).name
    session.add(order)
    session.flush()
    enter_deal(order, ORDER, now=moment)
    return order


def update_order(order: Order, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any) -> None:
    """Change a draft; a line that is changed, or sold to another, needs its approval anew (P:PRI-02).

    Raises Conflict for any other: it is returned, or changed by a change request (S:ORD-11, R2); and for another
    customer, once the order has a number, a reservation or money of this one (P:PAY-06).
    """
    if order.state is not OrderState.DRAFT:
        raise Conflict("order.fixed", _("Only a draft is changed. Have the order returned first."))
    if values.get("partner_id", order.partner_id) != order.partner_id:
        _refuse_other_customer(order)
        drop_approvals(order.lines)
    for name, value in values.items():
        setattr(order, name, value)
    _note_form(order, now=utc_now())
    if lines is not None:
        kept = {row.get("id") for row in lines}
        forget_lines([line for line in order.lines if line.id not in kept])
        change_lines(order, lines)
    with session.no_autoflush:
        check_order_form(order)
        order.partner_name = keep_row(Partner, order.partner_id).name
    session.flush()


def delete_order(order: Order, *, actor: User) -> None:
    """Delete a draft that never went further. Raises Conflict for any other: it is cancelled (S:ORD-11, R2)."""
    if order.state is not OrderState.DRAFT or order.audited_at is not None or order.number is not None:
        raise Conflict("order.kept", _("Audited orders are not deleted. Cancel it, with a reason."))
    session.delete(order)
    session.flush()


@RESERVATION_WORKFLOW.transition("make_order")
def make_order(
    reservation: Reservation, *, actor: User, promised_on: dt.date, payment_method: PaymentMethod, now: dt.datetime
) -> None:
    """Write the order of a reservation, with its lines and terms. Raises Conflict for a second one (S:ORD-09)."""
    other = find_live_order_of(reservation.id)
    if other is not None:
        raise Conflict("order.second", _("There is an order for it already: %(order)s."), order=other)
    order = create_order(
        actor=actor,
        now=now,
        partner_id=reservation.partner_id,
        reservation_id=reservation.id,
        owner_id=reservation.owner_id,
        promised_on=promised_on,
        payment_method=payment_method,
        lines=[copy_of(line) for line in reservation.lines],
    )
    link_documents(ref_of(reservation, RESERVATION), ref_of(order, ORDER), kind=LinkKind.CREATES, amount=order.gross)


def check_order_form(order: Order) -> None:
    """Raise ValidationError for what an order lacks, or where its totals or its business type do not agree."""
    for name in ("partner_id", "promised_on", "payment_method"):
        if getattr(order, name) is None:
            label = _(humanize(name.removesuffix("_id")))
            raise ValidationError("order.required", _("%(label)s is required."), field=name, label=label)
    if order.promised_on < order.doc_date:
        raise ValidationError(
            "order.promised", _("It is not promised before %(limit)s."), field="promised_on", limit=order.doc_date
        )
    if order.due_on is None:
        order.due_on = order.promised_on
    price_lines(order, on=order.doc_date)
    if order.stated_total is not None and order.stated_total != order.gross:
        raise ValidationError(
            "order.total",
            _("The lines come to %(limit)s, not to %(value)s."),
            field="stated_total",
            limit=words(order.gross),
            value=words(order.stated_total),
        )
    _check_business_type(order)


def _refuse_other_customer(order: Order) -> None:
    paid, _due = order_payment(order)
    if order.number is not None or order.reservation_id is not None or paid > 0:
        raise Conflict(
            "order.partner",
            _("The customer of an order that was confirmed, reserved or paid for stays. Cancel it and write another."),
            field="partner_id",
        )


def _check_business_type(order: Order) -> None:
    """Refuse export by a unit that sells at home, and the other way round (S:ORD-16)."""
    codes = EXPORT_UNITS.value(order.doc_date)
    if not codes:
        return
    unit = session.get(OrgUnit, order.org_unit_id) if order.org_unit_id is not None else None
    exports = unit is not None and unit.code in codes
    wanted = BusinessType.EXPORT if exports else BusinessType.DOMESTIC
    if (order.business_type or BusinessType.DOMESTIC) is not wanted:
        raise ValidationError(
            "order.business_type",
            _("Orders of %(unit)s are %(limit)s."),
            field="business_type",
            unit=unit.name if unit is not None else "–",
            limit=_(humanize(wanted.value)),
        )


def _note_form(order: Order, *, now: dt.datetime) -> None:
    """Let the time for the written record of a verbal order run (S:ORD-01)."""
    if order.form is not OrderForm.VERBAL:
        order.writing_due_at = None
    elif order.writing_due_at is None:
        order.writing_due_at = now + dt.timedelta(hours=VERBAL_HOURS.value(local_day(now)))
