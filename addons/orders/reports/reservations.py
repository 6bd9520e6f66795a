"""The ledger of reservations and their deposits."""

from addons.orders.choices import ReservationState
from addons.orders.models import Reservation, ReservationLine
from addons.orders.queries import RESERVATION
from addons.orders.reports.money import SEPARATOR, due_for, is_about, paid_for, receipts_of
from addons.orders.reports.orders import CUSTOMER, PERIOD, SALESPERSON
from app.sdk.documents import DocumentLink, DocumentRef, LinkKind
from app.sdk.i18n import _
from app.sdk.models import Employee
from app.sdk.reports import (
    Period,
    Report,
    ReportArguments,
    ReportColumn,
    ReportFilter,
    Statement,
    aliased,
    func,
    select,
)


def _ledger(arguments: ReportArguments) -> Statement:
    source = (RESERVATION, Reservation.id)
    items = (
        select(func.aggregate_strings(ReservationLine.description, SEPARATOR))
        .where(ReservationLine.reservation_id == Reservation.id)
        .correlate(Reservation)
        .scalar_subquery()
    )
    target = aliased(DocumentRef)
    contracts = (  # What took over from it: a contract or an order.
        select(func.aggregate_strings(func.coalesce(target.number, target.title), SEPARATOR))
        .select_from(DocumentLink)
        .join(DocumentRef, DocumentRef.id == DocumentLink.source_id)
        .join(target, target.id == DocumentLink.target_id)
        .where(is_about(source), DocumentLink.kind == LinkKind.SETTLES)
        .correlate(Reservation)
        .scalar_subquery()
    )
    statement = (
        select(
            Reservation.number,
            Reservation.doc_date,
            Reservation.partner_name.label("customer"),
            items.label("item"),
            Reservation.gross.label("price"),
            Reservation.deposit,
            paid_for(Reservation, source).label("paid"),
            receipts_of(Reservation, source).label("receipt"),
            due_for(Reservation, source).label("due"),
            Reservation.valid_until,
            contracts.label("contract"),
            Reservation.state,
            Employee.name.label("salesperson"),
            Reservation.id.label("reservation_id"),
            Reservation.owner_id,
        )
        .select_from(Reservation)
        .outerjoin(Employee, Employee.id == Reservation.owner_id)
        .where(Reservation.number.is_not(None))
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Reservation.doc_date.between(period.start, period.end))
    for name, column in (
        ("owner", Reservation.owner_id),
        ("customer", Reservation.partner_id),
        ("state", Reservation.state),
    ):
        if arguments[name] is not None:
            statement = statement.where(column == arguments[name])
    return statement


RESERVATION_LEDGER = Report(  # P:RP-07
    "orders.reservation_ledger",
    _("Reservations and deposits"),
    Reservation,
    _ledger,
    columns=(
        ReportColumn("number", width=13),
        ReportColumn("doc_date", _("Date"), "date"),
        ReportColumn("customer", width=14),
        ReportColumn("item", _("What is reserved"), width=22),
        ReportColumn("price", kind="money", total=True),
        ReportColumn("deposit", kind="money", total=True),
        ReportColumn("paid", kind="money", total=True),
        ReportColumn("receipt", width=14),
        ReportColumn("due", _("Still due"), kind="money", total=True),
        ReportColumn("valid_until", kind="date"),
        ReportColumn("contract", _("Contract or order"), width=14),
        ReportColumn("state", kind="choice"),
        ReportColumn("salesperson", width=10),
    ),
    filters=(PERIOD, CUSTOMER, ReportFilter("state", _("State"), "choice", choices=ReservationState), SALESPERSON),
    order=("doc_date", "number"),
    opens="reservation_id",
)
