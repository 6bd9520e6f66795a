"""Reports of reception."""

import datetime as dt
from typing import Any

from addons.reception.choices import CustomerState, InquiryChannel, Intent, ReceptionState
from addons.reception.models import Customer, Inquiry, Reception
from addons.reception.queries import idle_since, refuse_unfinished
from app.sdk.i18n import _
from app.sdk.masterdata import Option, Partner
from app.sdk.models import Employee
from app.sdk.reports import (
    Period,
    Report,
    ReportArguments,
    ReportChart,
    ReportColumn,
    ReportFilter,
    Statement,
    aliased,
    case,
    func,
    select,
    this_month,
    today_as_period,
)
from app.sdk.security import mask_phone

RECORDED = (ReceptionState.RECORDED, ReceptionState.ASSESSED, ReceptionState.PRINTED, ReceptionState.CLOSED)


def _within(statement: Statement, arguments: ReportArguments) -> Statement:
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Reception.doc_date.between(period.start, period.end))
    if arguments.values.get("owner") is not None:
        statement = statement.where(Reception.owner_id == arguments["owner"])
    return statement


def _record(arguments: ReportArguments) -> Statement:
    statement = (
        select(
            Reception.number,
            Reception.doc_date,
            Reception.arrived_at,
            Reception.left_at,
            Reception.visitor_name,
            Reception.phone,
            Reception.needs,
            Reception.presented,
            Reception.intent,
            Reception.next_step,
            Employee.name.label("consultant"),
            Reception.id.label("reception_id"),
            Reception.owner_id,
        )
        .outerjoin(Employee, Employee.id == Reception.owner_id)
        .where(Reception.state.in_(RECORDED))
        .order_by(Reception.doc_date, Reception.arrived_at, Reception.id)
    )
    return _within(statement, arguments)


PERIOD = ReportFilter("period", _("Period"), "period", default=today_as_period, longest=366)
MONTH = ReportFilter("period", _("Period"), "period", default=this_month, longest=366)
CONSULTANT = ReportFilter("owner", _("Consultant"), "record", model=Employee)


def _refuse_unfinished(arguments: ReportArguments) -> None:
    """Print no record of a day whose receptions are not all recorded and assessed (P:REC-03)."""
    period: Period | None = arguments["period"]
    refuse_unfinished(period.start if period else None, period.end if period else None, actor=arguments.actor)


DAILY_RECORD = Report(  # P:RP-01
    "reception.daily_record",
    _("Reception record"),
    Reception,
    _record,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("doc_date", _("Day"), "date"),
        ReportColumn("arrived_at", _("In"), "datetime"),
        ReportColumn("left_at", _("Out"), "datetime"),
        ReportColumn("visitor_name", _("Visitor"), width=12),
        ReportColumn("phone", _("Phone"), width=13, personal=mask_phone),
        ReportColumn("needs", _("Interest"), width=22),
        ReportColumn("presented", _("Presented"), width=22),
        ReportColumn("intent", kind="choice"),
        ReportColumn("next_step", _("Follow-up"), width=20),
        ReportColumn("consultant", _("Consultant"), width=12),
    ),
    filters=(PERIOD, CONSULTANT),
    opens="reception_id",
    signatures=(_("Consultant"), _("Sales supervisor")),
    before_print=_refuse_unfinished,
)


def _counts() -> tuple[Any, ...]:
    return (
        func.count(Reception.id).label("visitors"),
        func.sum(case((Reception.is_returning, 1), else_=0)).label("returning_visitors"),
        func.sum(case((Reception.customer_id.is_(None), 1), else_=0)).label("unnamed"),
        func.sum(case((Reception.intent.in_((Intent.A, Intent.B, Intent.C)), 1), else_=0)).label("with_intent"),
    )


_COUNT_COLUMNS = tuple(
    ReportColumn(name, kind="integer", total=True)
    for name in ("visitors", "returning_visitors", "unnamed", "with_intent")
)


def _by_day(arguments: ReportArguments) -> Statement:
    statement = (
        select(Reception.doc_date, *_counts())
        .where(Reception.state.in_(RECORDED))
        .group_by(Reception.doc_date)
        .order_by(Reception.doc_date)
    )
    return _within(statement, arguments)


VISITORS_BY_DAY = Report(
    "reception.visitors_by_day",
    _("Visitors by day"),
    Reception,
    _by_day,
    columns=(ReportColumn("doc_date", _("Day"), "date"), *_COUNT_COLUMNS),
    filters=(MONTH, CONSULTANT),
    chart=ReportChart("bar", "doc_date", ("visitors", "with_intent")),
)


def _by_source(arguments: ReportArguments) -> Statement:
    source = func.coalesce(Option.name, "–").label("source")
    statement = (
        select(source, *_counts())
        .outerjoin(Option, Option.id == Reception.source_id)
        .where(Reception.state.in_(RECORDED))
        .group_by(source)
        .order_by(func.count(Reception.id).desc(), source)
    )
    return _within(statement, arguments)


VISITORS_BY_SOURCE = Report(
    "reception.visitors_by_source",
    _("Visitors by source"),
    Reception,
    _by_source,
    columns=(ReportColumn("source"), *_COUNT_COLUMNS),
    filters=(MONTH, CONSULTANT),
    chart=ReportChart("donut", "source", ("visitors",)),
)


_CUSTODIAN = aliased(Employee)


def _register(arguments: ReportArguments) -> Statement:
    statement = (
        select(
            func.coalesce(Customer.prospect_number, Customer.code).label("number"),
            Customer.received_on,
            Option.name.label("source"),
            Partner.name.label("contact"),
            Employee.name.label("consultant"),
            Customer.registered_at,
            Customer.confirmed_at,
            _CUSTODIAN.name.label("custodian"),
            Customer.state,
            Customer.id.label("customer_id"),
        )
        .join(Partner, Partner.id == Customer.partner_id)
        .join(Option, Option.id == Customer.source_id)
        .outerjoin(Employee, Employee.id == Customer.owner_id)
        .outerjoin(_CUSTODIAN, _CUSTODIAN.id == Partner.custodian_id)
        .order_by(Customer.received_on, Customer.id)
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Customer.received_on.between(period.start, period.end))
    if arguments["owner"] is not None:
        statement = statement.where(Customer.owner_id == arguments["owner"])
    if arguments["state"] is not None:
        statement = statement.where(Customer.state == arguments["state"])
    return statement


PROSPECT_REGISTER = Report(  # P:RP-02
    "reception.prospect_register",
    _("Prospect register"),
    Customer,
    _register,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("received_on", _("Day"), "date"),
        ReportColumn("source", width=12),
        ReportColumn("contact", _("Contact"), width=14),
        ReportColumn("consultant", _("Consultant"), width=12),
        ReportColumn("registered_at", _("Registered"), "datetime"),
        ReportColumn("confirmed_at", _("Confirmed"), "datetime"),
        ReportColumn("custodian", width=12),
        ReportColumn("state", kind="choice"),
    ),
    filters=(MONTH, CONSULTANT, ReportFilter("state", _("State"), "choice", choices=CustomerState)),
    opens="customer_id",
)


def _by_channel(arguments: ReportArguments) -> Statement:
    def count(channel: InquiryChannel) -> Any:
        return func.sum(case((Inquiry.channel == channel, 1), else_=0)).label(channel.value)

    source = func.coalesce(Option.name, "–").label("source")
    statement = (
        select(source, *(count(channel) for channel in InquiryChannel), func.count(Inquiry.id).label("inquiries"))
        .outerjoin(Option, Option.id == Inquiry.source_id)
        .group_by(source)
        .order_by(source)
    )
    period: Period | None = arguments["period"]
    if period is not None:
        first, last = period.instants(arguments.zone)
        statement = statement.where(Inquiry.received_at >= first, Inquiry.received_at < last)
    return statement


INQUIRIES_BY_SOURCE = Report(
    "reception.inquiries_by_source",
    _("Inquiries by source"),
    Inquiry,
    _by_channel,
    columns=(
        ReportColumn("source"),
        *(ReportColumn(name, kind="integer", total=True) for name in ("phone_in", "walk_in", "inquiries")),
    ),
    filters=(MONTH,),
    chart=ReportChart("bar", "source", ("phone_in", "walk_in")),
)


def _idle(arguments: ReportArguments) -> Statement:
    contacted = func.coalesce(Customer.last_contact_at, Customer.created_at)
    before = dt.datetime.combine(idle_since(arguments.today), dt.time(), arguments.zone)
    return (
        select(
            Customer.code,
            Partner.name.label("customer"),
            Employee.name.label("consultant"),
            Customer.received_on,
            Customer.last_contact_at,
            Customer.state,
        )
        .join(Partner, Partner.id == Customer.partner_id)
        .outerjoin(Employee, Employee.id == Customer.owner_id)
        .where(Partner.anonymised_at.is_(None), contacted < before)
        .order_by(contacted, Customer.id)
    )


IDLE_FILES = Report(
    "reception.idle_files",
    _("Files due for erasure"),
    Customer,
    _idle,
    columns=(
        ReportColumn("code", width=14),
        ReportColumn("customer", _("Name"), width=14),
        ReportColumn("consultant", _("Consultant"), width=12),
        ReportColumn("received_on", kind="date"),
        ReportColumn("last_contact_at", kind="datetime"),
        ReportColumn("state", kind="choice"),
    ),
)
