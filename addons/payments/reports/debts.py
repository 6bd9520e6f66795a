"""What customers owe: by age, as a statement of account, and how much of what was due came in."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, Float, cast, literal, type_coerce

from addons.payments.choices import ReceivableKind, ReceivableState
from addons.payments.models import Receivable
from addons.payments.queries import age_limits
from app.sdk.i18n import _
from app.sdk.masterdata import Partner
from app.sdk.models import Employee, Money
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

NOTHING = literal(Decimal(0), Money)  # A bare 0 would make the sum a plain number of fen.
_BUCKETS = ("not_due", "first", "second", "third", "older")
_BOUND = (ReceivableState.OPEN, ReceivableState.SETTLED, ReceivableState.WRITTEN_OFF)


def _open() -> Any:
    return type_coerce(Receivable.amount - Receivable.settled - Receivable.waived, Money)


def _ageing(arguments: ReportArguments) -> Statement:
    limits = age_limits(arguments.today)
    still, due = _open(), Receivable.due_on
    spans = [due >= limits[0]]
    spans += [(due < newer) & (due >= older) for newer, older in pairwise(limits)]
    spans.append(due < limits[-1])
    parts = [
        func.sum(case((span, still), else_=NOTHING)).label(name) for name, span in zip(_BUCKETS, spans, strict=True)
    ]
    statement = (
        select(Partner.name.label("customer"), *parts, func.sum(still).label("total"))
        .select_from(Receivable)
        .join(Partner, Partner.id == Receivable.partner_id)
        .where(Receivable.state == ReceivableState.OPEN)
        .group_by(Partner.id, Partner.name)
    )
    if arguments["owner"] is not None:
        statement = statement.where(Receivable.owner_id == arguments["owner"])
    return statement


OWNER = ReportFilter("owner", _("Owner"), "record", model=Employee)
AGEING_REPORT = Report(  # S:R-39; the headings name the default ages of S:PAY-09.
    "payments.ageing",
    _("Ageing of receivables"),
    Receivable,
    _ageing,
    columns=(
        ReportColumn("customer", width=22),
        ReportColumn("not_due", _("Not due"), kind="money", total=True),
        ReportColumn("first", _("1st age (1–30 days)"), kind="money", total=True),
        ReportColumn("second", _("2nd age (31–60 days)"), kind="money", total=True),
        ReportColumn("third", _("3rd age (61–90 days)"), kind="money", total=True),
        ReportColumn("older", _("Older (over 90 days)"), kind="money", total=True),
        ReportColumn("total", kind="money", total=True),
    ),
    filters=(OWNER,),
    order=("-total", "customer"),
)


def _statement(arguments: ReportArguments) -> Statement:
    statement = (
        select(
            Receivable.number,
            Receivable.doc_date,
            Partner.name.label("customer"),
            Receivable.kind,
            Receivable.due_on,
            Receivable.amount,
            Receivable.settled.label("paid"),
            _open().label("open"),
            Receivable.id.label("receivable_id"),
        )
        .join(Partner, Partner.id == Receivable.partner_id)
        .where(Receivable.state.in_(_BOUND))
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Receivable.doc_date.between(period.start, period.end))
    if arguments["customer"] is not None:
        statement = statement.where(Receivable.partner_id == arguments["customer"])
    return statement


STATEMENT = Report(
    "payments.statement",
    _("Statement of account"),
    Receivable,
    _statement,
    columns=(
        ReportColumn("number"),
        ReportColumn("doc_date", kind="date"),
        ReportColumn("customer", width=18),
        ReportColumn(
            "kind", kind="choice", choices={kind.value: _(kind.value.capitalize()) for kind in ReceivableKind}
        ),
        ReportColumn("due_on", kind="date"),
        ReportColumn("amount", kind="money", total=True),
        ReportColumn("paid", kind="money", total=True),
        ReportColumn("open", kind="money", total=True),
    ),
    filters=(
        ReportFilter("customer", _("Customer"), "record", model=Partner),
        ReportFilter("period", _("Period"), "period", longest=3660),
    ),
    order=("doc_date", "number"),
    opens="receivable_id",
    signatures=(_("For the company"), _("Customer")),
)


def _rate(arguments: ReportArguments) -> Statement:
    due = func.sum(type_coerce(Receivable.amount - Receivable.waived, Money))
    paid = func.sum(Receivable.settled)
    statement = (
        select(
            Employee.name.label("person"),
            due.label("due"),
            paid.label("collected"),
            (cast(type_coerce(paid, BigInteger), Float) / func.nullif(type_coerce(due, BigInteger), 0)).label("rate"),
        )
        .select_from(Receivable)
        .outerjoin(Employee, Employee.id == Receivable.owner_id)
        .where(Receivable.state.in_(_BOUND))
        .group_by(Employee.name)
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Receivable.due_on.between(period.start, period.end))
    return statement


COLLECTION_RATE = Report(  # P:RP-10, P:PAY-05: of what was due in the period, how much came in.
    "payments.collection_rate",
    _("Collection rate"),
    Receivable,
    _rate,
    columns=(
        ReportColumn("person"),
        ReportColumn("due", kind="money", total=True),
        ReportColumn("collected", kind="money", total=True),
        ReportColumn("rate", kind="percent"),
    ),
    filters=(ReportFilter("period", _("Period"), "period", default=this_month, longest=366),),
    order=("person",),
)
