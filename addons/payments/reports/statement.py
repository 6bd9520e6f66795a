"""The statement of account (对账单): what a customer was asked for and paid, and what he owes after each step."""

import datetime as dt
from typing import Any

from sqlalchemy import String, literal, null, type_coerce, union_all

from addons.payments.choices import Account, PostingKind
from addons.payments.models import Entry, Posting, Receipt, Receivable
from addons.payments.reports.debts import LATER, NOTHING
from app.sdk.i18n import _, member_words
from app.sdk.masterdata import Partner
from app.sdk.models import Money
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
    this_month,
)
from app.sdk.security import visible

_OPENING = "opening"
_OF_RECEIVABLE = (Account.RECEIVABLE, Account.CLAIM, Account.BAD_DEBT)
_CHARGES = (Account.CLAIM, Account.BAD_DEBT)
_OWED = (Account.RECEIVABLE, Account.ADVANCE)


def _last_day(arguments: ReportArguments) -> dt.date:
    """Return up to when it goes: a receivable that is dated later than today is not owed yet (S:PAY-09)."""
    period: Period | None = arguments["period"]
    return arguments.today if period is None else min(period.end, arguments.today)


def _sides(arguments: ReportArguments) -> Any:
    """Return each entry with the customer whose it is, and what it says of charges and of what is owed.

    What is receivable is the debtor's, an advance the payer's. What faces both tells a charge from a payment.
    """
    partner_id = case((Entry.account.in_(_OF_RECEIVABLE), Receivable.partner_id), else_=Receipt.partner_id)
    charged = case((Entry.account.in_(_CHARGES), type_coerce(-Entry.amount, Money)), else_=NOTHING)
    statement = (
        select(
            partner_id.label("partner_id"),
            Posting.posted_on.label("day"),
            Posting.id.label("posting_id"),
            type_coerce(Posting.kind, String).label("kind"),
            func.coalesce(Receipt.number, Receivable.number).label("document"),
            Receivable.id.label("receivable_id"),
            type_coerce(charged, Money).label("charged"),
            type_coerce(case((Entry.account.in_(_OWED), Entry.amount), else_=NOTHING), Money).label("owed"),
        )
        .join(Entry, Entry.posting_id == Posting.id)
        .outerjoin(Receivable, Receivable.id == Posting.receivable_id)
        .outerjoin(Receipt, Receipt.id == Posting.receipt_id)
        .where(Entry.account.in_({*_OF_RECEIVABLE, *_OWED}), partner_id.is_not(None))
        .where(Posting.posted_on <= _last_day(arguments))
    )
    if arguments["customer"] is not None:
        statement = statement.where(partner_id == arguments["customer"])
    return statement.subquery()


def _moves(arguments: ReportArguments) -> Any:
    """Return what each posting changed for each customer.

    Where one customer's advance settles his own debt nothing changes, and the row is left out.
    """
    sides = _sides(arguments)
    charged, owed = (type_coerce(func.sum(one), Money) for one in (sides.c.charged, sides.c.owed))
    named = (sides.c.partner_id, sides.c.day, sides.c.posting_id, sides.c.kind, sides.c.document)
    return (
        select(
            *named, func.max(sides.c.receivable_id).label("receivable_id"), charged.label("charged"), owed.label("owed")
        )
        .group_by(*named)
        .having((charged != NOTHING) | (owed != NOTHING))
        .subquery()
    )


def _rows(arguments: ReportArguments) -> Any:
    """Return the moves of the period, after one row for each customer with what he owed before it."""
    period: Period | None = arguments["period"]
    moves = _moves(arguments)
    if period is None:
        return moves
    before = (
        select(
            moves.c.partner_id,
            literal(period.start).label("day"),
            literal(0).label("posting_id"),
            literal(_OPENING).label("kind"),
            null().label("document"),
            null().label("receivable_id"),
            NOTHING.label("charged"),
            type_coerce(func.sum(moves.c.owed), Money).label("owed"),
        )
        .where(moves.c.day < period.start)
        .group_by(moves.c.partner_id)
    )
    return union_all(before, select(moves).where(moves.c.day >= period.start)).subquery()


def _statement(arguments: ReportArguments) -> Statement:
    rows = _rows(arguments)
    owed, charged = type_coerce(rows.c.owed, Money), type_coerce(rows.c.charged, Money)
    paid = case((rows.c.kind == _OPENING, NOTHING), else_=type_coerce(charged - owed, Money))
    balance = func.sum(owed).over(partition_by=rows.c.partner_id, order_by=(rows.c.day, rows.c.posting_id))
    statement = (
        select(
            Partner.name.label("customer"),
            rows.c.day,
            rows.c.kind,
            rows.c.document,
            Receivable.subject,
            charged.label("charged"),
            type_coerce(paid, Money).label("paid"),
            type_coerce(balance, Money).label("balance"),
            rows.c.receivable_id,
        )
        .join(Partner, Partner.id == rows.c.partner_id)
        .outerjoin(Receivable, Receivable.id == rows.c.receivable_id)
        .order_by(Partner.name, rows.c.partner_id, rows.c.day, rows.c.posting_id)
    )
    if visible(Receivable, arguments.actor, verb=arguments.verb) is None:
        return statement
    return statement.where(rows.c.partner_id.in_(select(Receivable.partner_id)))  # Of those that he reaches.


def _words(_arguments: ReportArguments) -> Wording:
    return Wording(
        notes=[
            _("Charged: what was asked for, less what was waived or written off. Paid: what came in, less refunds."),
            _("Balance owed: what the customer owes after the row; below zero, what is held for him as an advance."),
            LATER,
        ]
    )


STATEMENT = Report(
    "payments.statement",
    _("Statement of account"),
    Receivable,
    _statement,
    columns=(
        ReportColumn("customer", width=18),
        ReportColumn("day", kind="date"),
        ReportColumn(
            "kind",
            kind="choice",
            choices={_OPENING: _("Opening balance"), **{kind.value: member_words(kind) for kind in PostingKind}},
        ),
        ReportColumn("document", width=18),
        ReportColumn("subject", _("What for"), width=24),
        ReportColumn("charged", kind="money", total=True),
        ReportColumn("paid", kind="money", total=True),
        ReportColumn("balance", _("Balance owed"), kind="money"),
    ),
    filters=(
        ReportFilter("customer", _("Customer"), "record", model=Partner),
        ReportFilter("period", _("Period"), "period", default=this_month, longest=3660),
    ),
    opens="receivable_id",
    wording=_words,
    signatures=(_("For the company"), _("Customer")),
)
