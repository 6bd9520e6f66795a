"""The discount log (P:RP-06)."""

from typing import Any

from sqlalchemy import literal

from addons.orders.choices import DiscountState
from addons.orders.models import DiscountRequest, DiscountReview
from addons.orders.queries import steps_of_reviews
from app.sdk.i18n import _
from app.sdk.masterdata import Partner
from app.sdk.models import Employee
from app.sdk.reports import (
    Period,
    Report,
    ReportArguments,
    ReportColumn,
    ReportFilter,
    Statement,
    Wording,
    case,
    func,
    select,
)
from app.sdk.security import visible


def _asked_for(statement: Statement, arguments: ReportArguments) -> Statement:
    """Return a statement about requests for those that the log is asked for."""
    statement = statement.where(DiscountRequest.number.is_not(None))
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(DiscountRequest.doc_date.between(period.start, period.end))
    if arguments["customer"] is not None:
        statement = statement.where(DiscountRequest.partner_id == arguments["customer"])
    if arguments["state"] is not None:
        statement = statement.where(DiscountRequest.state == arguments["state"])
    return statement


def _steps(arguments: ReportArguments) -> dict[int, list[str]]:
    """Return by position the names of the steps at which the requests of the log were reviewed."""
    requests = _asked_for(select(DiscountRequest.id), arguments)
    within = visible(DiscountRequest, arguments.actor, verb=arguments.verb)
    return steps_of_reviews(requests if within is None else requests.where(within))


def _review(position: int, value: Any) -> Any:
    """Return something of the review at a position, of the round that the request is in."""
    return (
        select(value)
        .outerjoin(Employee, Employee.id == DiscountReview.employee_id)
        .where(
            DiscountReview.discount_request_id == DiscountRequest.id,
            DiscountReview.revision == DiscountRequest.revision,
            DiscountReview.position == position,
        )
        .correlate(DiscountRequest)
        .scalar_subquery()
    )


def _said() -> Any:
    agreed = case((DiscountReview.agreed, literal("✓ ")), else_=literal("✗ "))
    return agreed + func.coalesce(Employee.name, "") + literal(": ") + func.coalesce(DiscountReview.opinion, "")


def _log(arguments: ReportArguments) -> Statement:
    steps = _steps(arguments)
    decider = select(Employee.name).where(Employee.user_id == DiscountRequest.decided_by_id).correlate(DiscountRequest)
    statement: Statement = select(
        DiscountRequest.number,
        DiscountRequest.doc_date,
        Partner.name.label("customer"),
        DiscountRequest.list_total,
        DiscountRequest.percent,
        DiscountRequest.terms,
        func.coalesce(DiscountRequest.granted_net, DiscountRequest.net).label("net"),
        *(_review(position, _said()).label(f"opinion_{position}") for position in steps),
        *(_review(position, DiscountReview.signed_at).label(f"signed_{position}") for position in steps),
        DiscountRequest.decision,
        decider.scalar_subquery().label("decided_by"),
        DiscountRequest.decided_at,
        (DiscountRequest.forwarded_late + DiscountRequest.issued_late).label("overdue"),
        DiscountRequest.state,
        DiscountRequest.id.label("request_id"),
    ).join(Partner, Partner.id == DiscountRequest.partner_id)
    return _asked_for(statement, arguments)


_REQUESTED = (
    ReportColumn("number", width=13),
    ReportColumn("doc_date", _("Date"), kind="date"),
    ReportColumn("customer", width=12),
    ReportColumn("list_total", _("List total"), kind="money", total=True),
    ReportColumn("percent", _("Asked for, per cent"), kind="quantity"),
    ReportColumn("terms", _("Terms"), width=14),
    ReportColumn("net", _("Net after discount"), kind="money", total=True),
)
_DECIDED = (
    ReportColumn("decision", _("Decision"), width=16),
    ReportColumn("decided_by", _("Decided by"), width=10),
    ReportColumn("decided_at", _("Decided at"), kind="datetime"),
    ReportColumn("overdue", _("Days late"), kind="integer", total=True),
    ReportColumn("state", kind="choice"),
)


def _reviewers(arguments: ReportArguments) -> Wording:
    """Return the columns with those of the reviewers between them: as many as reviewed, under their steps' names.

    Where the chain called the steps at one place differently in the course of time, the place has its number.
    """
    reviewed = []
    for position, names in _steps(arguments).items():
        heading = names[0] if len(names) == 1 and names[0] else str(_("Opinion %(number)s")) % {"number": position}
        reviewed.append(ReportColumn(f"opinion_{position}", heading, width=16))
        reviewed.append(ReportColumn(f"signed_{position}", _("Signed at"), kind="datetime"))
    return Wording(columns=(*_REQUESTED, *reviewed, *_DECIDED))


DISCOUNT_LOG = Report(
    "orders.discounts",
    _("Discount log"),
    DiscountRequest,
    _log,
    columns=(*_REQUESTED, *_DECIDED),
    filters=(
        ReportFilter("period", _("Date"), "period", longest=3660),
        ReportFilter("customer", _("Customer"), "record", model=Partner),
        ReportFilter("state", _("State"), "choice", choices=DiscountState),
    ),
    order=("doc_date", "number"),
    opens="request_id",
    wording=_reviewers,
)
