"""What the general manager decides on a discount, and how it reaches the salesperson (P:PRI-07, P:PRI-08)."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from addons.orders.choices import DiscountState
from addons.orders.models import DiscountRequest
from addons.orders.parameters import AUTO_ISSUE
from addons.orders.queries import (
    discounted_prices,
    forwarded_late,
    issued_late,
    list_in,
    reduction_of,
    remind_on,
    to_fen,
    words,
)
from addons.orders.services.discount_notices import tell_decider, tell_salesperson, tell_supervisor
from addons.orders.services.discounts import net_with, restore_list_prices
from addons.orders.services.reservations import grant_prices
from addons.orders.workflow import DISCOUNT_WORKFLOW
from app.sdk.database import utc_now
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.organisation import local_day
from app.sdk.workflow import Amount, MaxLength

OpinionText = Annotated[str, MaxLength(2_000)]


@DISCOUNT_WORKFLOW.transition("approve")
def approve_discount(request: DiscountRequest, *, actor: User, opinion: OpinionText, now: dt.datetime) -> None:
    """Grant what was asked for, with a signed opinion (A9); the terms are frozen."""
    reduction = reduction_of(request.lines, request.list_total)
    _grant(request, reduction, request.net, opinion, actor=actor, now=now)


@DISCOUNT_WORKFLOW.transition("grant_less")
def grant_less(
    request: DiscountRequest,
    *,
    actor: User,
    percent: Decimal | None = None,
    amount: Amount | None = None,
    opinion: OpinionText,
    now: dt.datetime,
) -> None:
    """Grant a smaller discount than was asked for: per cent off the list total, or yuan off it (P:PRI-07).

    Raises ValidationError unless exactly one is given, for one below zero, and for one that is not less (R1, R4).
    """
    if (percent is None) == (amount is None):
        raise ValidationError("discount.one", _("Give either per cent or an amount."), field="percent")
    field, given = ("percent", percent) if percent is not None else ("amount", amount)
    reduction = to_fen(request.list_total * given / 100) if field == "percent" and given is not None else given
    if reduction is None or reduction < 0:
        raise ValidationError("discount.below", _("At least %(limit)s."), field=field, limit=0)
    net = net_with(request.reservation, reduction)
    if net <= request.net:
        raise ValidationError(
            "discount.not_less",
            _("%(limit)s were asked for: grant less, or approve it."),
            field=field,
            limit=words(request.list_total - request.net),
        )
    _grant(request, reduction, net, opinion, actor=actor, now=now)


@DISCOUNT_WORKFLOW.transition("reject")
def reject_discount(request: DiscountRequest, *, actor: User, opinion: OpinionText, now: dt.datetime) -> None:
    """Grant nothing: the reservation goes back to its list prices."""
    _sign(request, opinion, actor=actor, now=now)
    restore_list_prices(request, actor=None)
    text = _("“%(record)s” was rejected: the list prices hold.")
    tell_supervisor(request, text, now=now)
    tell_salesperson(request, text, now=now)


@DISCOUNT_WORKFLOW.transition("give_back")
def give_back_discount(request: DiscountRequest, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Return a request to be revised; it is reviewed anew, and the opinions of this round are kept."""
    request.revision += 1
    tell_supervisor(request, _("“%(record)s” was returned to be revised."), now=now)


@DISCOUNT_WORKFLOW.transition("fall_away")
def drop_discount(request: DiscountRequest, *, actor: User | None) -> None:
    """Ask for nothing any more, because the reservation came to nothing."""


@DISCOUNT_WORKFLOW.transition("issue")
def issue_discount(request: DiscountRequest, *, actor: User, now: dt.datetime) -> None:
    """Issue what was approved to the salesperson, on the day of the approval (P:PRI-08)."""
    _issue(request, actor=actor, now=now)


@DISCOUNT_WORKFLOW.transition("issue_now")
def issue_discount_now(request: DiscountRequest, *, actor: User | None, now: dt.datetime) -> None:
    """Issue what was approved at once."""
    _issue(request, actor=actor, now=now)


def mind_discounts(now: dt.datetime | None = None) -> int:
    """Count the days that requests are late, and remind the general manager; return how many he was reminded of.

    A request is reminded of once a day, from so many working days after it reached him (P:PRI-07).
    """
    moment = now or utc_now()
    for request in list_in(DiscountState.REVIEWED):
        request.forwarded_late = forwarded_late(request, now=moment)
    for request in list_in(DiscountState.APPROVED):
        request.issued_late = issued_late(request, now=moment)
    due = [request for request in list_in(DiscountState.DECIDING) if _is_reminded(request, moment)]
    for request in due:
        request.reminded_at = moment
        tell_decider(request, _("“%(record)s” still waits for your decision."), now=moment)
    return len(due)


def _is_reminded(request: DiscountRequest, now: dt.datetime) -> bool:
    due, today = remind_on(request), local_day(now)
    return due is not None and today >= due and (request.reminded_at is None or local_day(request.reminded_at) < today)


def _grant(
    request: DiscountRequest, reduction: Decimal, net: Decimal, opinion: str, *, actor: User, now: dt.datetime
) -> None:
    _sign(request, opinion, actor=actor, now=now)
    request.granted, request.granted_net = reduction, net
    tell_supervisor(request, _("“%(record)s” is approved."), now=now)
    if AUTO_ISSUE.value(local_day(now)):
        issue_discount_now(request, actor=None, now=now)


def _sign(request: DiscountRequest, opinion: str, *, actor: User, now: dt.datetime) -> None:
    request.decision, request.decided_at, request.decided_by_id = opinion, now, actor.id


def _issue(request: DiscountRequest, *, actor: User | None, now: dt.datetime) -> None:
    lines = request.reservation.lines
    prices = discounted_prices(lines, request.granted) if request.granted is not None else {}
    grant_prices(request.reservation, actor=actor, prices=prices)
    request.issued_at, request.issued_late = now, issued_late(request, now=now)
    tell_salesperson(request, _("“%(record)s” is approved: the reservation can be signed."), now=now)
