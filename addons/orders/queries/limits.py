"""The same-day limits of discounts: the report to the general manager and the issue (P:PRI-06 to P:PRI-08)."""

import datetime as dt
from collections.abc import Iterator

from addons.orders.choices import DiscountState
from addons.orders.models import DiscountRequest
from addons.orders.parameters import GM_REMIND, ISSUE_SLA, REPORT_SLA
from app.sdk.database import and_, or_, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.masterdata import add_workdays
from app.sdk.organisation import day_bounds, local_day
from app.sdk.parameters import Parameter
from app.sdk.security import visible
from app.sdk.workflow import Span

Limit = tuple[DiscountRequest, Text, dt.datetime, dt.datetime | None]


def days_late(since: dt.datetime, done: dt.datetime, *, allowed: int) -> int:
    """Return by how many natural days a same-day limit, or one of so many days, was missed."""
    return max((local_day(done) - local_day(since)).days - allowed, 0)


def forwarded_late(request: DiscountRequest, *, now: dt.datetime) -> int:
    """Return how late a reviewed request reaches the general manager if it does so now (P:PRI-06)."""
    if request.reviewed_at is None:
        return 0
    return days_late(request.reviewed_at, now, allowed=REPORT_SLA.value(local_day(request.reviewed_at)))


def issued_late(request: DiscountRequest, *, now: dt.datetime) -> int:
    """Return how late an approved request is issued if it is issued now (P:PRI-08)."""
    if request.decided_at is None:
        return 0
    return days_late(request.decided_at, now, allowed=ISSUE_SLA.value(local_day(request.decided_at)))


def report_due(request: DiscountRequest) -> dt.datetime | None:
    """Return by when a reviewed request is to be reported; the day ends at 23:59:59."""
    return _end_of_day(request.reviewed_at, REPORT_SLA)


def issue_due(request: DiscountRequest) -> dt.datetime | None:
    """Return by when an approved request is to be issued."""
    return _end_of_day(request.decided_at if request.granted_net is not None else None, ISSUE_SLA)


def remind_on(request: DiscountRequest) -> dt.date | None:
    """Return from which day on the general manager is reminded of a request (P:PRI-07)."""
    if request.forwarded_at is None:
        return None
    reached = local_day(request.forwarded_at)
    return add_workdays(reached, GM_REMIND.value(reached))


def due_of_discount(request: DiscountRequest) -> dt.datetime | dt.date | None:
    """Return by when the next step of a request is due; None where nothing presses."""
    if request.state is DiscountState.REVIEWED:
        return report_due(request)
    if request.state is DiscountState.APPROVED:
        return issue_due(request)
    return remind_on(request) if request.state is DiscountState.DECIDING else None


def discount_limits(asked: Span) -> Iterator[Limit]:
    """Yield the limits that fall into a span: request, step, until when, and when it was done."""
    for request in _touched(asked):
        limits: list[tuple[Text, dt.datetime | None, dt.datetime | None]] = [
            (_("Report it to the general manager"), report_due(request), request.forwarded_at),
            (_("Issue it to the salesperson"), issue_due(request), request.issued_at),
        ]
        for step, due, done in limits:
            if due is not None and asked.start <= due < asked.end:
                yield request, step, due, done


def _end_of_day(since: dt.datetime | None, allowed: Parameter[int]) -> dt.datetime | None:
    if since is None:
        return None
    day = local_day(since)
    return day_bounds(day + dt.timedelta(days=allowed.value(day)))[1]


def _touched(asked: Span) -> list[DiscountRequest]:
    """Return the requests whose limits can fall into a span: a limit is at most a year long."""
    earliest = asked.start - dt.timedelta(days=366)
    within_span = or_(
        DiscountRequest.reviewed_at.between(earliest, asked.end),
        DiscountRequest.decided_at.between(earliest, asked.end),
    )
    seen = visible(DiscountRequest, asked.actor, verb=asked.verb)
    condition = within_span if seen is None else and_(within_span, seen)
    return list(session.scalars(select(DiscountRequest).where(condition).order_by(DiscountRequest.id)))
