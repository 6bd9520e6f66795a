"""The cash report: what came in and went out, by day, place and cashier (S:RE-07, S:R-26)."""

from sqlalchemy import type_coerce

from addons.payments.choices import Account, PlaceKind, PostingKind
from addons.payments.models import CashDay, Entry, Place, Posting
from addons.payments.reports.debts import NOTHING
from app.sdk.i18n import _, member_words
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
    today_as_period,
)


def _cash(arguments: ReportArguments) -> Statement:
    incoming = func.sum(case((Entry.amount > 0, Entry.amount), else_=NOTHING))
    outgoing = func.sum(case((Entry.amount < 0, type_coerce(-Entry.amount, Money)), else_=NOTHING))
    statement = (
        select(
            Posting.posted_on.label("day"),
            Place.name.label("place"),
            Employee.name.label("cashier"),
            Posting.kind,
            incoming.label("taken_in"),
            outgoing.label("paid_out"),
            func.sum(Entry.amount).label("net"),
            CashDay.difference,
        )
        .join(Entry, Entry.posting_id == Posting.id)
        .join(Place, Place.id == Entry.place_id)
        .outerjoin(Employee, Employee.id == Posting.owner_id)
        .outerjoin(CashDay, (CashDay.place_id == Place.id) & (CashDay.day == Posting.posted_on))
        .where(Entry.account == Account.CASH)
        .group_by(Posting.posted_on, Place.name, Employee.name, Posting.kind, CashDay.difference)
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Posting.posted_on.between(period.start, period.end))
    if arguments["place"] is not None:
        statement = statement.where(Place.id == arguments["place"])
    if arguments["kind"] is not None:
        statement = statement.where(Place.kind == arguments["kind"])
    return statement


CASH_REPORT = Report(
    "payments.cash_report",
    _("Daily cash report"),
    Posting,
    _cash,
    columns=(
        ReportColumn("day", kind="date"),
        ReportColumn("place", width=18),
        ReportColumn("cashier"),
        ReportColumn("kind", kind="choice", choices={kind.value: member_words(kind) for kind in PostingKind}),
        ReportColumn("taken_in", kind="money", total=True),
        ReportColumn("paid_out", kind="money", total=True),
        ReportColumn("net", kind="money", total=True),
        ReportColumn("difference", kind="money"),
    ),
    filters=(
        ReportFilter("period", _("Period"), "period", default=today_as_period, longest=366),
        ReportFilter("place", _("Place"), "record", model=Place),
        ReportFilter("kind", _("Kind"), "choice", choices=PlaceKind),
    ),
    order=("day", "place", "cashier", "kind"),
    signatures=(_("Cashier"), _("Accountant")),
)
