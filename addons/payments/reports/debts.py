"""What customers owe: by age, and how much of what was due came in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, cast, literal, true, type_coerce, union_all

from addons.payments.choices import Account, AllocationKind, ReceivableState
from addons.payments.models import Allocation, Entry, Posting, Receivable
from addons.payments.parameters import COLLECTION_BASE
from addons.payments.queries import age_limits, ages, counts_by
from app.sdk.i18n import _
from app.sdk.masterdata import Partner
from app.sdk.models import Employee, Money
from app.sdk.reports import (
    DrillDown,
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
    this_month,
)

CENT = Decimal("0.01")
NOTHING = literal(Decimal(0), Money)  # A bare 0 would make the sum a plain number of fen.
_BUCKETS = ("not_due", "first", "second", "third", "older")
LATER = _("A receivable that is dated later than today is left out until its day.")
_BOUND = (ReceivableState.OPEN, ReceivableState.SETTLED, ReceivableState.WRITTEN_OFF)


def _open() -> Any:
    return type_coerce(Receivable.amount - Receivable.settled - Receivable.waived, Money)


def _ageing_words(arguments: ReportArguments) -> Wording:
    """Return the headings that the ages have today, and from when to when the debts of each were due (S:PAY-09)."""
    days, limits = ages(arguments.today), age_limits(arguments.today)
    span, beyond = str(_("%(first)s–%(last)s days overdue")), str(_("More than %(days)s days overdue"))
    spans = [span % {"first": after + 1, "last": last} for after, last in pairwise([0, *days])]
    headings = dict(zip(_BUCKETS, [_("Not due"), *spans, beyond % {"days": days[-1]}], strict=True))
    said = str(_("%(age)s: open amounts that were due from %(first)s to %(last)s."))
    notes = [str(_("Not due: open amounts that are due on %(day)s or later.")) % {"day": limits[0]}]
    notes += [
        said % {"age": words, "first": older, "last": newer - dt.timedelta(days=1)}
        for words, (newer, older) in zip(spans, pairwise(limits), strict=True)
    ]
    notes.append(
        str(_("%(age)s: open amounts that were due before %(day)s."))
        % {"age": beyond % {"days": days[-1]}, "day": limits[-1]}
    )
    return Wording(headings, [*notes, LATER])


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
        .where(Receivable.state == ReceivableState.OPEN, counts_by(arguments.today))
        .group_by(Partner.id, Partner.name)
    )
    if arguments["owner"] is not None:
        statement = statement.where(Receivable.owner_id == arguments["owner"])
    return statement


OWNER = ReportFilter("owner", _("Owner"), "record", model=Employee)
AGEING_REPORT = Report(  # S:R-39
    "payments.ageing",
    _("Ageing of receivables"),
    Receivable,
    _ageing,
    columns=(
        ReportColumn("customer", width=22),
        ReportColumn("not_due", kind="money", total=True),
        ReportColumn("first", kind="money", total=True),
        ReportColumn("second", kind="money", total=True),
        ReportColumn("third", kind="money", total=True),
        ReportColumn("older", kind="money", total=True),
        ReportColumn("total", kind="money", total=True),
    ),
    filters=(OWNER,),
    order=("-total", "customer"),
    wording=_ageing_words,
)


def _rate(arguments: ReportArguments) -> Statement:
    """Return, by person, what the rate is a part of and how much of it came in within the period (P section 5.21)."""
    period: Period | None = arguments["period"]
    came = (
        select(Allocation.receivable_id, func.sum(Allocation.amount).label("amount"))
        .join(Posting, Posting.id == Allocation.posting_id)
        .where(Allocation.kind == AllocationKind.SETTLE, Allocation.receivable_id.is_not(None))
        .group_by(Allocation.receivable_id)
    )
    is_due: ColumnElement[bool] = true()
    if period is not None:
        came = came.where(Posting.posted_on.between(period.start, period.end))
        is_due = Receivable.due_on.between(period.start, period.end)
    collected = came.subquery()
    lost = _written_off()
    owed = type_coerce(Receivable.amount - Receivable.waived + func.coalesce(lost.c.amount, NOTHING), Money)
    by_contract = COLLECTION_BASE.value(arguments.today) == "contract_amount"
    # Receivables of one document are one deal; one that was typed by hand is a deal by itself.
    deal = func.coalesce(Receivable.source_id, -Receivable.id) if by_contract else Receivable.id
    total = func.coalesce(func.max(Receivable.base_amount), func.sum(owed)) if by_contract else func.sum(owed)
    deals = (
        select(
            Receivable.owner_id,
            type_coerce(total, Money).label("due"),
            type_coerce(func.sum(func.coalesce(collected.c.amount, NOTHING)), Money).label("collected"),
        )
        .outerjoin(collected, collected.c.receivable_id == Receivable.id)
        .outerjoin(lost, lost.c.receivable_id == Receivable.id)
        .where(Receivable.state.in_(_BOUND), counts_by(arguments.today))
        .group_by(Receivable.owner_id, deal)
        .having(func.max(case((is_due, 1), else_=0)) == 1)
        .subquery()
    )
    nothing = [NOTHING.label(name) for name in ("due", "collected")]
    late = _overdue(arguments.today)
    rows = union_all(
        select(deals.c.owner_id, deals.c.due, deals.c.collected, *(NOTHING.label(name) for name in late)),
        select(Receivable.owner_id, *nothing, *(amount.label(name) for name, amount in late.items())).where(
            Receivable.state == ReceivableState.OPEN, Receivable.due_on < arguments.today, counts_by(arguments.today)
        ),
    ).subquery()
    due, paid = func.sum(rows.c.due), func.sum(rows.c.collected)
    return (
        select(
            Employee.name.label("person"),
            rows.c.owner_id,
            due.label("due"),
            paid.label("collected"),
            (cast(type_coerce(paid, BigInteger), Float) / func.nullif(type_coerce(due, BigInteger), 0)).label("rate"),
            *(func.sum(rows.c[name]).label(name) for name in late),
        )
        .select_from(rows)
        .outerjoin(Employee, Employee.id == rows.c.owner_id)
        .group_by(rows.c.owner_id, Employee.name)
    )


def _written_off() -> Any:
    """Return what was given up of each receivable: it is waived in the ledger, but was due all the same (P:PAY-05)."""
    return (
        select(Posting.receivable_id, func.sum(Entry.amount).label("amount"))
        .join(Posting, Posting.id == Entry.posting_id)
        .where(Entry.account == Account.BAD_DEBT)
        .group_by(Posting.receivable_id)
        .subquery()
    )


def _overdue(today: dt.date) -> dict[str, Any]:
    """Return what is open of a receivable under the name of its age, by the ages of the company (P:RP-10)."""
    limits, still, due = age_limits(today), _open(), Receivable.due_on
    spans = [(due < newer) & (due >= older) for newer, older in pairwise(limits)] + [due < limits[-1]]
    return {name: case((span, still), else_=NOTHING) for name, span in zip(_BUCKETS[1:], spans, strict=True)}


def _behind_rate(arguments: ReportArguments, owner_id: int | None) -> Mapping[str, Sequence[tuple[str, str, object]]]:
    """Return the filters of the receivables behind the figures of one person; of nobody's there are none."""
    if owner_id is None:
        return {}
    period: Period | None = arguments["period"]
    owner = ("owner_id", "eq", owner_id)
    of_period = [("due_on", "ge", period.start), ("due_on", "le", period.end)] if period is not None else []
    due = [owner, ("state", "ne", ReceivableState.DRAFT), ("state", "ne", ReceivableState.CANCELLED), *of_period]
    limits, day = age_limits(arguments.today), dt.timedelta(days=1)
    late = [owner, ("state", "eq", ReceivableState.OPEN)]
    spans = [[("due_on", "ge", older), ("due_on", "le", newer - day)] for newer, older in pairwise(limits)]
    spans.append([("due_on", "le", limits[-1] - day)])
    ages_behind = {name: [*late, *span] for name, span in zip(_BUCKETS[1:], spans, strict=True)}
    return {"due": due, "collected": [*due, ("settled", "ge", CENT)], **ages_behind}


def _rate_words(arguments: ReportArguments) -> Wording:
    period = {"period": arguments["period"] or _("all time")}
    rate = str(_("Rate: collected, divided by the column before it."))
    ages_in_words = _ageing_words(arguments)
    headings = {name: ages_in_words.headings[name] for name in _BUCKETS[1:]}
    late = str(_("Overdue: what is open today, whenever it was due."))
    if COLLECTION_BASE.value(arguments.today) == "contract_amount":
        base = _("Contract amount: the totals of the deals of which something is due in %(period)s.")
        paid = _("Collected: what came in on these deals in %(period)s, whenever it was due; refunds are taken off.")
        headings["due"] = _("Contract amount")
        return Wording(headings, [str(base) % period, str(paid) % period, rate, late, *ages_in_words.notes[1:]])
    base = _("Amount due: what is due in %(period)s, bad debts too, without what was waived.")
    paid = _("Collected: what came in on it in %(period)s; refunds are taken off.")
    return Wording(headings, [str(base) % period, str(paid) % period, rate, late, *ages_in_words.notes[1:]])


COLLECTION_RATE = Report(  # P:RP-10, P:PAY-05
    "payments.collection_rate",
    _("Collection rate"),
    Receivable,
    _rate,
    columns=(
        ReportColumn("person", _("Owner")),
        ReportColumn("due", _("Amount due"), kind="money", total=True),
        ReportColumn("collected", kind="money", total=True),
        ReportColumn("rate", _("Collection rate"), kind="percent"),
        *(ReportColumn(name, kind="money", total=True) for name in _BUCKETS[1:]),
    ),
    filters=(ReportFilter("period", _("Period"), "period", default=this_month, longest=366),),
    order=("person",),
    drill_down=DrillDown("owner_id", _behind_rate),
    wording=_rate_words,
)
