"""The contract ledger (P:RP-08, P:CON-10)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import Float, cast, literal, type_coerce

from addons.contracts.choices import ContractState, ObligationState
from addons.contracts.models import Contract, Incident, Installment, Obligation, Template
from addons.payments.api import Receivable
from app.sdk.i18n import _
from app.sdk.masterdata import Partner
from app.sdk.models import Employee, Money
from app.sdk.reports import Period, Report, ReportArguments, ReportColumn, ReportFilter, Statement, case, func, select

NOTHING = literal(Decimal(0), Money)
OWNER = ReportFilter("owner", _("Owner"), "record", model=Employee)
RUNNING = (ContractState.SIGNED, ContractState.PERFORMING, ContractState.BREACH)
NOT_WAIVED = (ObligationState.OPEN, ObligationState.DONE)


def _paid() -> Any:
    """Return what came in for the payment plan of a contract, and for what it was drafted from."""
    of_plan = select(Installment.receivable_id).where(Installment.contract_id == Contract.id)
    return func.coalesce(
        select(func.sum(Receivable.settled))
        .where(Receivable.id.in_(of_plan) | (Receivable.source_id == Contract.source_id))
        .correlate(Contract)
        .scalar_subquery(),
        NOTHING,
    )


def _duties(*conditions: Any) -> Any:
    return select(func.count(Obligation.id)).where(Obligation.contract_id == Contract.id, *conditions).scalar_subquery()


def _late(today: dt.date) -> Any:
    """Tell whether a duty of a running contract is overdue."""
    overdue = _duties(Obligation.state == ObligationState.OPEN, Obligation.due_on < today)
    return case((Contract.state.in_(RUNNING) & (overdue > 0), 1), else_=0)


def _ledger(arguments: ReportArguments) -> Statement:
    done = cast(_duties(Obligation.state == ObligationState.DONE), Float)
    incidents = select(func.count(Incident.id)).where(Incident.contract_id == Contract.id).scalar_subquery()
    statement = (
        select(
            Contract.number,
            Partner.name.label("customer"),
            Template.name.label("template"),
            Contract.amount,
            Contract.signed_on,
            (done / func.nullif(_duties(Obligation.state.in_(NOT_WAIVED)), 0)).label("obligations"),
            _paid().label("paid"),
            type_coerce(Contract.amount - _paid(), Money).label("balance"),
            incidents.label("incidents"),
            _late(arguments.today).label("late"),
            Employee.name.label("owner"),
            Contract.state,
            Contract.id.label("contract_id"),
        )
        .join(Partner, Partner.id == Contract.partner_id)
        .join(Template, Template.id == Contract.template_id)
        .outerjoin(Employee, Employee.id == Contract.owner_id)
        .where(Contract.signed_on.is_not(None))
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Contract.signed_on.between(period.start, period.end))
    if arguments["owner"] is not None:
        statement = statement.where(Contract.owner_id == arguments["owner"])
    if arguments["customer"] is not None:
        statement = statement.where(Contract.partner_id == arguments["customer"])
    if arguments["state"] is not None:
        statement = statement.where(Contract.state == arguments["state"])
    return statement


LEDGER = Report(
    "contracts.ledger",
    _("Contract ledger"),
    Contract,
    _ledger,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("customer", width=16),
        ReportColumn("template", width=18),
        ReportColumn("amount", kind="money", total=True),
        ReportColumn("signed_on", kind="date"),
        ReportColumn("obligations", _("Duties done"), kind="percent"),
        ReportColumn("paid", kind="money", total=True),
        ReportColumn("balance", kind="money", total=True),
        ReportColumn("incidents", kind="integer", total=True),
        ReportColumn("late", kind="bool"),
        ReportColumn("owner"),
        ReportColumn("state", kind="choice"),
    ),
    filters=(
        ReportFilter("period", _("Signed in"), "period", longest=3660),
        ReportFilter("customer", _("Customer"), "record", model=Partner),
        OWNER,
        ReportFilter("state", _("State"), "choice", choices=ContractState),
    ),
    order=("signed_on", "number"),
    opens="contract_id",
)
