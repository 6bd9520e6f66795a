"""Discount requests: written, submitted, reviewed, reported, decided, issued (P:PRI-03 to P:PRI-08)."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from addons.orders.choices import DiscountKind, DiscountState, ReservationState
from addons.orders.masterdata import DISCOUNT_NUMBERS
from addons.orders.models import DiscountLine, DiscountRequest, DiscountReview, Reservation
from addons.orders.parameters import AUTO_FORWARD, DISCOUNT_TIMING, DISCOUNT_TYPES
from addons.orders.queries import (
    DISCOUNT,
    RESERVATION,
    discounted_prices,
    find_live_discount,
    forwarded_late,
    reduction_of,
    terms_in_words,
    total_at,
    words,
)
from addons.orders.services.discount_notices import tell_decider
from addons.orders.services.reservations import grant_prices, open_discount
from addons.orders.workflow import DISCOUNT_WORKFLOW
from app.sdk.database import session, set_lines, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of, local_day, owner_and_unit
from app.sdk.workflow import list_opinions

TIMING = {ReservationState.DRAFT: "before", ReservationState.AMENDING: "after"}
TERMS_LENGTH = 400
PERCENT_PLACES = Decimal("0.000001")


def create_discount(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> DiscountRequest:
    """Write a request for a reservation that is a draft, or that is being amended (P:PRI-03).

    Raises ValidationError without a term (R1), for a term without its figure, and for a net that is not above zero or
    does not cover the deposit (R4); Conflict for a second request at a time, or one at the wrong time (R2).
    """
    today = local_day(now or utc_now())
    given = {name: value for name, value in values.items() if value is not None}
    request = DiscountRequest(
        **{"doc_date": today, "state": DiscountState.DRAFT, "revision": 0, **given}, created_by_id=actor.id
    )
    employee, request.org_unit_id = owner_and_unit(actor, on=request.doc_date)
    if request.owner_id is None:
        request.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(request, "lines", lines or [])
        _check(request)
    session.add(request)
    session.flush()
    return request


def update_discount(
    request: DiscountRequest, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any
) -> None:
    """Change a draft. Raises Conflict once it was submitted, and after the approval (P:PRI-07, R2)."""
    if request.state is not DiscountState.DRAFT:
        raise Conflict("discount.fixed", _("Only a draft is changed. Revise it first, while it is not decided."))
    if request.number is not None and values.get("reservation_id", request.reservation_id) != request.reservation_id:
        raise Conflict(
            "discount.reservation", _("The reservation stays. Withdraw it and write another."), field="reservation_id"
        )
    for name, value in values.items():
        setattr(request, name, value)
    if lines is not None:
        set_lines(request, "lines", lines)
    with session.no_autoflush:
        _check(request)
    session.flush()


@DISCOUNT_WORKFLOW.transition("submit")
def submit_discount(request: DiscountRequest, *, actor: User, now: dt.datetime) -> None:
    """Hand a request in: the reservation waits for it, and the company's reviewers are asked (D9, P:PRI-04)."""
    today = local_day(now)
    _check(request)
    request.submitted_at = now
    request.reviewed_at = request.forwarded_at = request.decided_at = request.decided_by_id = None
    request.decision, request.forwarded_late = None, 0
    if request.number is None:
        request.posted_at, request.period = now, f"{today:%Y-%m}"
        entity = legal_entity_of(request.org_unit_id)
        request.legal_entity_id = entity.id if entity else None
        request.number = draw_number(DISCOUNT_NUMBERS, legal_entity_id=request.legal_entity_id, on=today)
        session.flush()
        source = ref_of(request.reservation, RESERVATION)
        link_documents(source, ref_of(request, DISCOUNT), kind=LinkKind.CREATES, amount=request.net)
    if request.reservation.state is not ReservationState.DISCOUNT_PENDING:
        open_discount(request.reservation, actor=actor)
    finish_review(request, actor=actor, now=now)


@DISCOUNT_WORKFLOW.transition("finish_review")
def finish_review(request: DiscountRequest, *, actor: User, now: dt.datetime) -> None:
    """Close the review; under the company's chain this runs once all have signed (C9, B9, P:PRI-05).

    The time of the last signature is that of the review: from then on the report to the general manager is due.
    """
    opinions = list_opinions(request)
    request.reviewed_at = opinions[-1].at if opinions else now
    for position, one in enumerate(opinions, start=1):
        session.add(
            DiscountReview(
                discount_request_id=request.id,
                revision=request.revision,
                position=position,
                step_name=one.step_name,
                agreed=one.agreed,
                opinion=one.text,
                employee_id=one.employee_id,
                signed_at=one.at,
            )
        )
    session.flush()
    if AUTO_FORWARD.value(local_day(request.reviewed_at)):
        forward_discount_now(request, actor=None, now=request.reviewed_at)


@DISCOUNT_WORKFLOW.transition("forward")
def forward_discount(request: DiscountRequest, *, actor: User, now: dt.datetime) -> None:
    """Report a reviewed request to the general manager by hand, on the day of the last review (P:PRI-06)."""
    _forward(request, now)


@DISCOUNT_WORKFLOW.transition("forward_now")
def forward_discount_now(request: DiscountRequest, *, actor: User | None, now: dt.datetime) -> None:
    """Report a reviewed request to the general manager at once."""
    _forward(request, now)


@DISCOUNT_WORKFLOW.transition("revise")
def revise_discount(request: DiscountRequest, *, actor: User, reason: str) -> None:
    """Take a request back to change it; what was signed so far stays in the files of its round."""
    request.revision += 1


@DISCOUNT_WORKFLOW.transition("withdraw")
def withdraw_discount(request: DiscountRequest, *, actor: User, reason: str) -> None:
    """Ask for nothing any more: the reservation goes back to its list prices."""
    restore_list_prices(request, actor=actor)


def restore_list_prices(request: DiscountRequest, *, actor: User | None) -> None:
    """Let a reservation that waited for this request be signed at its list prices (P:PRI-07)."""
    if request.reservation.state is ReservationState.DISCOUNT_PENDING:
        grant_prices(request.reservation, actor=actor, prices={})


def _forward(request: DiscountRequest, now: dt.datetime) -> None:
    request.forwarded_at, request.forwarded_late = now, forwarded_late(request, now=now)
    request.reminded_at = None
    tell_decider(request, _("“%(record)s” waits for your decision."), now=now)


def _check(request: DiscountRequest) -> None:
    key: int | None = request.reservation_id  # A caller may have left it out.
    reservation = session.get(Reservation, key) if key is not None else None
    if reservation is None:
        raise ValidationError(
            "discount.no_reservation",
            _("%(label)s is required."),
            field="reservation_id",
            label=_(humanize("reservation")),
        )
    request.reservation = reservation
    request.partner_id, request.partner_name = reservation.partner_id, reservation.partner_name
    _check_time(request, reservation)
    if not request.lines:
        raise ValidationError("discount.lines", _("At least one preferential term is needed."), field="lines")
    allowed = DISCOUNT_TYPES.value(request.doc_date)
    for term in request.lines:
        _check_term(term, allowed)
    _reckon(request, reservation)


def _check_time(request: DiscountRequest, reservation: Reservation) -> None:
    other = find_live_discount(reservation.id)
    if other is not None and other is not request:
        raise Conflict(
            "discount.second", _("A discount is asked for already: %(other)s."), field="reservation_id", other=other
        )
    waits = reservation.state is ReservationState.DISCOUNT_PENDING and request.number is not None
    timing = TIMING.get(reservation.state)
    if not waits and timing is None:
        raise Conflict(
            "discount.state",
            _("A discount is asked for while the reservation is a draft, or is being amended."),
            field="reservation_id",
        )
    wanted = DISCOUNT_TIMING.value(request.doc_date)
    if not waits and wanted not in ("both", timing):
        text = {
            "before": _("This company decides on discounts before the reservation is signed only."),
            "after": _("This company decides on discounts after the reservation is signed only: sign it, then amend."),
        }
        raise Conflict("discount.timing", text[wanted], field="reservation_id")


def _check_term(term: DiscountLine, allowed: list[str]) -> None:
    kind: DiscountKind | None = term.kind  # A caller may have left it out.
    if kind is None:
        raise ValidationError("discount.kind", _("%(label)s is required."), field="lines", label=_(humanize("kind")))
    label = _(humanize(kind.value))
    if term.kind.value not in allowed:
        raise ValidationError("discount.type", _("“%(label)s” is not asked for here."), field="lines", label=label)
    if term.kind in (DiscountKind.PERCENT, DiscountKind.AMOUNT) and term.value is None:
        raise ValidationError("discount.value", _("“%(label)s” needs its figure."), field="lines", label=label)
    if term.kind in (DiscountKind.GIFT, DiscountKind.TERMS) and not term.description:
        raise ValidationError("discount.words", _("“%(label)s” needs a description."), field="lines", label=label)
    if term.value is not None and term.value <= 0:
        raise ValidationError(
            "discount.above", _("“%(label)s” must be above %(limit)s."), field="lines", label=label, limit=0
        )


def _reckon(request: DiscountRequest, reservation: Reservation) -> None:
    request.list_total = total_at(reservation.lines)
    reduction = reduction_of(request.lines, request.list_total)
    if reduction >= request.list_total:
        raise ValidationError(
            "discount.net",
            _("%(value)s off %(limit)s leaves nothing to pay."),
            field="lines",
            value=words(reduction),
            limit=words(request.list_total),
        )
    request.terms = ", ".join(terms_in_words(request.lines))[:TERMS_LENGTH]
    request.net = net_with(reservation, reduction)
    request.percent = (reduction * 100 / request.list_total).quantize(PERCENT_PLACES, ROUND_HALF_UP)


def net_with(reservation: Reservation, reduction: Decimal) -> Decimal:
    """Return what a reservation comes to with so much off; raises ValidationError for less than its deposit (R4)."""
    net = total_at(reservation.lines, discounted_prices(reservation.lines, reduction))
    if net < reservation.deposit:
        raise ValidationError(
            "discount.deposit",
            _("The net of %(value)s is less than the deposit of %(limit)s."),
            field="lines",
            value=words(net),
            limit=words(reservation.deposit),
        )
    return net
