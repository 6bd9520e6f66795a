"""The log of quotations: what was asked, for how much, with which margin, and what came of it (P:RP-05, P:QUO-08).

When a tender was reported and whether it is major are columns of tenders, which are no orders' business.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from addons.orders.choices import QuotationState
from addons.orders.models import Quotation
from addons.orders.queries import with_margins
from addons.orders.reports.orders import CUSTOMER, PERIOD, SALESPERSON
from app.sdk.i18n import _
from app.sdk.models import Employee
from app.sdk.reports import Period, Report, ReportArguments, ReportColumn, ReportFilter, Statement, select
from app.sdk.security import visible


def _log(arguments: ReportArguments) -> Iterable[Mapping[str, Any]]:
    statement: Statement = (
        select(Quotation, Employee.name)
        .outerjoin(Employee, Employee.id == Quotation.owner_id)
        .order_by(Quotation.doc_date, Quotation.id)
    )
    within = visible(Quotation, arguments.actor, verb=arguments.verb)
    if within is not None:
        statement = statement.where(within)
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Quotation.doc_date.between(period.start, period.end))
    for name, column in (("owner", Quotation.owner_id), ("customer", Quotation.partner_id), ("state", Quotation.state)):
        if arguments[name] is not None:
            statement = statement.where(column == arguments[name])
    for quotation, salesperson, margin in with_margins(statement):
        yield {
            "number": quotation.number,
            "customer": quotation.partner_name,
            "received": quotation.doc_date,
            "amount": quotation.gross,
            "margin": margin,
            "rounds": quotation.revision + 1,
            "sent": quotation.sent_at,
            "valid_until": quotation.valid_until,
            "result": quotation.state,
            "salesperson": salesperson,
            "quotation_id": quotation.id,
        }


QUOTATION_LOG = Report(
    "orders.quotation_log",
    _("Quotation log"),
    Quotation,
    None,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("customer", width=18),
        ReportColumn("received", _("Date"), "date"),
        ReportColumn("amount", kind="money", total=True),
        ReportColumn("margin", kind="percent"),
        ReportColumn("rounds", kind="integer"),
        ReportColumn("sent", _("Sent at"), "datetime"),
        ReportColumn("valid_until", _("Holds until"), "date"),
        ReportColumn("result", _("State"), "choice"),
        ReportColumn("salesperson", width=10),
    ),
    filters=(PERIOD, CUSTOMER, SALESPERSON, ReportFilter("state", _("State"), "choice", choices=QuotationState)),
    opens="quotation_id",
    rows=_log,
)
