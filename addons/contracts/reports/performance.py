"""How well contracts are performed (S:R-07), and who signed how many, and kept which customers (S:R-43)."""

import datetime as dt
from typing import Any

from sqlalchemy import Float, and_, cast, distinct

from addons.contracts.choices import ObligationState
from addons.contracts.models import Contract, Obligation
from addons.contracts.reports.ledger import NOT_WAIVED, NOTHING, OWNER
from app.sdk.i18n import _
from app.sdk.models import Employee
from app.sdk.reports import (
    Period,
    Report,
    ReportArguments,
    ReportColumn,
    ReportFilter,
    Statement,
    case,
    func,
    select,
    this_month,
)


def _rate(part: Any, whole: Any) -> Any:
    return cast(part, Float) / func.nullif(whole, 0)


def _execution(arguments: ReportArguments) -> Statement:
    due = func.count(Obligation.id)
    on_time = and_(Obligation.state == ObligationState.DONE, Obligation.done_on <= Obligation.due_on)
    met = func.sum(case((on_time, 1), else_=0))
    period: Period | None = arguments["period"]
    last = min(period.end, arguments.today) if period is not None else arguments.today
    statement = (
        select(Employee.name.label("person"), due.label("due"), met.label("met_on_time"), _rate(met, due).label("rate"))
        .select_from(Obligation)
        .outerjoin(Employee, Employee.id == Obligation.owner_id)
        .where(Obligation.state.in_(NOT_WAIVED), Obligation.due_on <= last)
        .group_by(Employee.name)
    )
    if period is not None:
        statement = statement.where(Obligation.due_on >= period.start)
    if arguments["owner"] is not None:
        statement = statement.where(Obligation.owner_id == arguments["owner"])
    return statement


EXECUTION_RATE = Report(  # S:R-07: met on time ÷ due.
    "contracts.execution_rate",
    _("Execution of contracts"),
    Obligation,
    _execution,
    columns=(
        ReportColumn("person", _("Owner")),
        ReportColumn("due", _("Duties due"), kind="integer", total=True),
        ReportColumn("met_on_time", kind="integer", total=True),
        ReportColumn("rate", _("Execution rate"), kind="percent"),
    ),
    filters=(ReportFilter("period", _("Due in"), "period", default=this_month, longest=366), OWNER),
    order=("person",),
)


def _kept(arguments: ReportArguments) -> Statement:
    period: Period = arguments["period"]
    length = period.end - period.start
    before_end = period.start - dt.timedelta(days=1)
    before_start = before_end - length
    now = Contract.signed_on.between(period.start, period.end)
    before = Contract.signed_on.between(before_start, before_end)
    old = func.count(distinct(case((before, Contract.partner_id))))
    earlier = select(Contract.owner_id, Contract.partner_id).where(before).distinct().subquery("earlier")
    is_old = and_(earlier.c.owner_id == Contract.owner_id, earlier.c.partner_id == Contract.partner_id)
    kept = func.count(distinct(case((and_(now, earlier.c.partner_id.is_not(None)), Contract.partner_id))))
    return (
        select(
            Employee.name.label("person"),
            func.sum(case((now, 1), else_=0)).label("contracts"),
            func.sum(case((now, Contract.amount), else_=NOTHING)).label("amount"),
            old.label("old_customers"),
            kept.label("retained"),
            _rate(kept, old).label("rate"),
        )
        .select_from(Contract)
        .outerjoin(Employee, Employee.id == Contract.owner_id)
        .outerjoin(earlier, is_old)
        .where(Contract.signed_on.between(before_start, period.end))
        .group_by(Employee.name)
    )


SIGNED_AND_KEPT = Report(  # S:R-43: customers of both periods ÷ those of the period before.
    "contracts.signed_and_kept",
    _("Contracts signed, customers kept"),
    Contract,
    _kept,
    columns=(
        ReportColumn("person", _("Owner")),
        ReportColumn("contracts", kind="integer", total=True),
        ReportColumn("amount", kind="money", total=True),
        ReportColumn("old_customers", kind="integer", total=True),
        ReportColumn("retained", kind="integer", total=True),
        ReportColumn("rate", _("Customers kept, rate"), kind="percent"),
    ),
    filters=(ReportFilter("period", _("Signed in"), "period", default=this_month, required=True, longest=366),),
    order=("person",),
)
