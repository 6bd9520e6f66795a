"""Bank accounts: what the books say beside what the bank says, by day, and what differs (P:PAY-06)."""

from typing import Any

from sqlalchemy import literal, null, type_coerce, union_all

from addons.payments.choices import Account, BankLineState, PlaceKind
from addons.payments.models import BankLine, Entry, Place, Posting, Receipt, Refund
from addons.payments.reports.debts import NOTHING
from app.sdk.i18n import _
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
    aliased,
    case,
    func,
    select,
    this_month,
)

PLACE = ReportFilter("place", _("Account"), "record", model=Place)
PERIOD = ReportFilter("period", _("Period"), "period", default=this_month, longest=366)
_BOOKS, _BANK = "books", "bank"


def _books(arguments: ReportArguments) -> Any:
    """Return the money that the ledger saw come to and go from bank accounts, posting by posting."""
    chosen = (
        select(
            Posting.posted_on.label("day"),
            Entry.place_id,
            func.sum(Entry.amount).label("amount"),
            Posting.receipt_id,
            Posting.id.label("posting_id"),
            Posting.reverses_id,
        )
        .join(Entry, Entry.posting_id == Posting.id)
        .join(Place, Place.id == Entry.place_id)
        .where(Entry.account == Account.CASH, Place.kind == PlaceKind.BANK_ACCOUNT)
        .group_by(Posting.posted_on, Entry.place_id, Posting.receipt_id, Posting.id, Posting.reverses_id)
    )
    return _within(chosen, arguments, Posting.posted_on, Entry.place_id)


def _bank(arguments: ReportArguments, *columns: Any) -> Any:
    chosen = select(BankLine.booked_on.label("day"), BankLine.place_id, BankLine.amount, *columns)
    return _within(chosen, arguments, BankLine.booked_on, BankLine.place_id)


def _within(statement: Any, arguments: ReportArguments, day: Any, place_id: Any) -> Any:
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(day.between(period.start, period.end))
    return statement if arguments["place"] is None else statement.where(place_id == arguments["place"])


def _reconciliation(arguments: ReportArguments) -> Statement:
    books, bank = _books(arguments).subquery(), _bank(arguments).subquery()
    sides = [
        select(side.c.day, side.c.place_id, side.c.amount, literal(name).label("side"))
        for side, name in ((books, _BOOKS), (bank, _BANK))
    ]
    both = union_all(*sides).subquery()
    amount = type_coerce(both.c.amount, Money)

    def came(side: str) -> Any:
        return func.sum(case(((both.c.side == side) & (both.c.amount > 0), amount), else_=NOTHING))

    def went(side: str) -> Any:
        gone = type_coerce(-amount, Money)
        return func.sum(case(((both.c.side == side) & (both.c.amount < 0), gone), else_=NOTHING))

    signed = case((both.c.side == _BANK, amount), else_=type_coerce(-amount, Money))
    return (
        select(
            both.c.day,
            Place.name.label("account"),
            came(_BOOKS).label("books_in"),
            came(_BANK).label("bank_in"),
            went(_BOOKS).label("books_out"),
            went(_BANK).label("bank_out"),
            func.sum(type_coerce(signed, Money)).label("difference"),
        )
        .join(Place, Place.id == both.c.place_id)
        .group_by(both.c.day, Place.name)
    )


def _reconciliation_words(_arguments: ReportArguments) -> Wording:
    return Wording(
        notes=[
            _("Books: the money ledger of the account, by the day of the booking. Bank: the lines of its statements."),
            _("Difference: what the bank has more than the books. “Differences to the bank” lists what it is made of."),
        ]
    )


def _difference_words(_arguments: ReportArguments) -> Wording:
    return Wording(
        notes=[
            _("On the statement only: lines that are open or ignored. In the books only: what no line is linked with."),
            _("What was booked and made void again is left out on both sides."),
        ]
    )


RECONCILIATION = Report(
    "payments.reconciliation",
    _("Books and bank"),
    BankLine,
    _reconciliation,
    columns=(
        ReportColumn("day", kind="date"),
        ReportColumn("account", width=18),
        ReportColumn("books_in", _("In, by the books"), kind="money", total=True),
        ReportColumn("bank_in", _("In, by the bank"), kind="money", total=True),
        ReportColumn("books_out", _("Out, by the books"), kind="money", total=True),
        ReportColumn("bank_out", _("Out, by the bank"), kind="money", total=True),
        ReportColumn("difference", kind="money", total=True),
    ),
    filters=(PLACE, PERIOD),
    order=("day", "account"),
    wording=_reconciliation_words,
    signatures=(_("Accountant"), _("Checked by")),
)


def _differences(arguments: ReportArguments) -> Statement:
    lines = _bank(
        arguments, BankLine.payer_name.label("who"), BankLine.bank_ref.label("document"), BankLine.id.label("line_id"),
        literal(_BANK).label("side"),
    ).where(BankLine.state.in_((BankLineState.OPEN, BankLineState.IGNORED)))  # fmt: skip
    books, mirror = _books(arguments).subquery(), aliased(Posting)
    at_place = BankLine.place_id == books.c.place_id
    has_line = select(BankLine.id).where(at_place, BankLine.receipt_id == books.c.receipt_id).exists()
    of_refund = select(Refund.id).where(Refund.posting_id == books.c.posting_id)
    has_refund_line = (
        select(BankLine.id)
        .join(Refund, Refund.id == BankLine.refund_id)
        .where(at_place, Refund.posting_id == books.c.posting_id)
        .exists()
    )
    taken_back = select(mirror.id).where(mirror.reverses_id == books.c.posting_id).exists()
    unseen = (
        select(
            books.c.day,
            books.c.place_id,
            books.c.amount,
            func.coalesce(Partner.name, Receipt.payer_name).label("who"),
            Receipt.number.label("document"),
            null().label("line_id"),
            literal(_BOOKS).label("side"),
        )
        .outerjoin(Receipt, Receipt.id == books.c.receipt_id)
        .outerjoin(Partner, Partner.id == Receipt.partner_id)
        .where(books.c.reverses_id.is_(None), ~taken_back, ~has_refund_line, ~(has_line & ~of_refund.exists()))
    )
    both = union_all(lines, unseen).subquery()
    return select(
        both.c.day,
        Place.name.label("account"),
        both.c.side,
        type_coerce(both.c.amount, Money).label("amount"),
        both.c.who,
        both.c.document,
        both.c.line_id,
    ).join(Place, Place.id == both.c.place_id)


DIFFERENCES = Report(
    "payments.bank_differences",
    _("Differences to the bank"),
    BankLine,
    _differences,
    columns=(
        ReportColumn("day", kind="date"),
        ReportColumn("account", width=18),
        ReportColumn(
            "side",
            _("Stands only"),
            kind="choice",
            choices={_BOOKS: _("in the books"), _BANK: _("on the statement")},
            width=14,
        ),
        ReportColumn("amount", kind="money", total=True),
        ReportColumn("who", _("Payer"), width=18),
        ReportColumn("document", _("Receipt or bank reference"), width=20),
    ),
    filters=(PLACE, PERIOD),
    order=("day", "account", "side"),
    opens="line_id",
    wording=_difference_words,
)
