"""The discount log (P:RP-06)."""

from typing import Any

from sqlalchemy import literal

from addons.orders.choices import DiscountState
from addons.orders.models import DiscountRequest, DiscountReview
from app.sdk.i18n import _
from app.sdk.masterdata import Partner
from app.sdk.models import Employee
from app.sdk.reports import Period, Report, ReportArguments, ReportColumn, ReportFilter, Statement, case, func, select


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
    statement = (
        select(
            DiscountRequest.number,
            DiscountRequest.doc_date,
            Partner.name.label("customer"),
            DiscountRequest.list_total,
            DiscountRequest.percent,
            DiscountRequest.terms,
            func.coalesce(DiscountRequest.granted_net, DiscountRequest.net).label("net"),
            _review(1, _said()).label("first_opinion"),
            _review(1, DiscountReview.signed_at).label("first_at"),
            _review(2, _said()).label("second_opinion"),
            _review(2, DiscountReview.signed_at).label("second_at"),
            DiscountRequest.decision,
            DiscountRequest.decided_at,
            (DiscountRequest.forwarded_late + DiscountRequest.issued_late).label("overdue"),
            DiscountRequest.state,
            DiscountRequest.id.label("request_id"),
        )
        .join(Partner, Partner.id == DiscountRequest.partner_id)
        .where(DiscountRequest.number.is_not(None))
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(DiscountRequest.doc_date.between(period.start, period.end))
    if arguments["customer"] is not None:
        statement = statement.where(DiscountRequest.partner_id == arguments["customer"])
    if arguments["state"] is not None:
        statement = statement.where(DiscountRequest.state == arguments["state"])
    return statement


DISCOUNT_LOG = Report(
    "orders.discounts",
    _("Discount log"),
    DiscountRequest,
    _log,
    columns=(
        ReportColumn("number", width=13),
        ReportColumn("doc_date", _("Date"), kind="date"),
        ReportColumn("customer", width=12),
        ReportColumn("list_total", _("List total"), kind="money", total=True),
        ReportColumn("percent", _("Asked for, per cent"), kind="quantity"),
        ReportColumn("terms", _("Terms"), width=14),
        ReportColumn("net", _("Net"), kind="money", total=True),
        ReportColumn("first_opinion", _("Sales manager"), width=16),
        ReportColumn("first_at", _("Signed at"), kind="datetime"),
        ReportColumn("second_opinion", _("Vice-president"), width=16),
        ReportColumn("second_at", _("Signed at"), kind="datetime"),
        ReportColumn("decision", _("General manager"), width=16),
        ReportColumn("decided_at", _("Decided at"), kind="datetime"),
        ReportColumn("overdue", _("Days late"), kind="integer", total=True),
        ReportColumn("state", kind="choice"),
    ),
    filters=(
        ReportFilter("period", _("Date"), "period", longest=3660),
        ReportFilter("customer", _("Customer"), "record", model=Partner),
        ReportFilter("state", _("State"), "choice", choices=DiscountState),
    ),
    order=("doc_date", "number"),
    opens="request_id",
)
