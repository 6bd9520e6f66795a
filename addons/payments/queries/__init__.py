"""Reads of payments."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from addons.payments.choices import CashDayState, PlaceKind, ReceiptState, ReceivableKind, ReceivableState, RefundState
from addons.payments.models import (
    Allocation,
    CashDay,
    Entry,
    Period,
    Place,
    Posting,
    Receipt,
    ReceiptLine,
    Receivable,
    Refund,
)
from addons.payments.queries.amounts import (
    FEN,
    ZERO,
    Worked,
    claim_of,
    in_capitals,
    least_deposit,
    least_payment,
    to_fen,
    words,
)
from addons.payments.queries.bank import (
    MOST_LINES,
    WAITING,
    authorisation_of,
    booked_alike,
    count_waiting,
    find_draft,
    find_line,
    find_seen,
    lines_count,
    list_accounts,
    list_lines,
    list_open_lines,
    list_waiting,
    proposals_for,
    transfer_method,
)
from addons.payments.queries.bank_sheets import LABELS, find_headings, heading_names
from addons.payments.queries.deposits import deposits_of_deal, ding_of, forfeitable_of
from addons.payments.queries.designs import find_design, picture_of
from addons.payments.queries.desks import desk_holds, find_handed_in, find_open_day, find_open_shift, opening_of
from addons.payments.queries.invoices import (
    count_draft_invoices,
    find_invoice,
    invoiced_for,
    invoiced_of,
    left_of,
    list_deposits_to_invoice,
)
from addons.payments.queries.ledger import (
    balance_of,
    cash_moves,
    cash_of,
    list_allocations,
    list_live_postings,
    list_paid,
    sums_of,
    used_of,
    uses_of,
)
from addons.payments.queries.statements import check_statement, columns_at, find_booked, headings_of, last_columns
from addons.payments.queries.times import age_limits, age_of, ages, cash_due, cash_minutes_late, counts_by, days_overdue
from app.sdk.database import Select, func, or_, select, session, utc_now
from app.sdk.database import read_id as read_key
from app.sdk.documents import DocumentRef
from app.sdk.errors import Text
from app.sdk.models import User
from app.sdk.organisation import local_day, owner_and_unit
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS

__all__ = [
    "FEN",
    "LABELS",
    "MOST_LINES",
    "WAITING",
    "ZERO",
    "Worked",
    "age_limits",
    "age_of",
    "ages",
    "authorisation_of",
    "balance_of",
    "booked_alike",
    "cash_days_between",
    "cash_due",
    "cash_minutes_late",
    "cash_moves",
    "cash_of",
    "check_statement",
    "claim_of",
    "columns_at",
    "count_draft_invoices",
    "count_open_drafts",
    "count_waiting",
    "counts_by",
    "days_overdue",
    "deposits_of_deal",
    "desk_holds",
    "ding_of",
    "explain",
    "find_booked",
    "find_design",
    "find_draft",
    "find_handed_in",
    "find_headings",
    "find_invoice",
    "find_line",
    "find_open_day",
    "find_open_shift",
    "find_receivables_of",
    "find_seen",
    "find_used_bank_ref",
    "forfeitable_of",
    "has_refunds",
    "heading_names",
    "headings_of",
    "in_capitals",
    "invoiced_for",
    "invoiced_of",
    "last_columns",
    "least_deposit",
    "least_payment",
    "left_of",
    "lines_count",
    "list_accounts",
    "list_allocations",
    "list_cash_days_due",
    "list_deposits_to_invoice",
    "list_lines",
    "list_live_postings",
    "list_open",
    "list_open_lines",
    "list_overdue",
    "list_paid",
    "list_payments",
    "list_postings_of",
    "list_sources",
    "list_used",
    "list_waiting",
    "local_day",
    "open_of",
    "opening_of",
    "owner_and_unit",
    "paid_and_due",
    "picture_of",
    "present_day",
    "present_instant",
    "proposals_for",
    "read_key",
    "sums_of",
    "to_fen",
    "transfer_method",
    "unfinished_in",
    "used_of",
    "uses_of",
    "words",
]


def present_instant() -> dt.datetime:
    """Return the present instant."""
    return utc_now()


def present_day() -> dt.date:
    """Return the company's day now."""
    return local_day(utc_now())


def list_open(partner_id: int) -> list[Receivable]:
    """Return what a partner owes, what is due first in front."""
    return list(session.scalars(open_of(partner_id).order_by(Receivable.due_on, Receivable.id)))


def open_of(partner_id: int) -> Select[Receivable]:
    """Return the selection of what a partner owes."""
    return select(Receivable).where(Receivable.partner_id == partner_id, Receivable.state == ReceivableState.OPEN)


def list_overdue(*, actor: User, today: dt.date) -> list[Receivable]:
    """Return what is overdue and was not dunned in the last week, of what the actor sees (S:PAY-09)."""
    statement = (
        select(Receivable)
        .where(
            Receivable.state == ReceivableState.OPEN,
            Receivable.due_on < today,
            counts_by(today),
            or_(Receivable.dunned_on.is_(None), Receivable.dunned_on <= today - dt.timedelta(days=7)),
        )
        .order_by(Receivable.due_on, Receivable.id)
    )
    within = visible(Receivable, actor)
    return list(session.scalars((statement if within is None else statement.where(within)).limit(MOST_TODOS)))


def find_receivables_of(source: DocumentRef) -> list[Receivable]:
    """Return what was opened for a document, the oldest first."""
    return list(session.scalars(select(Receivable).where(Receivable.source_id == source.id).order_by(Receivable.id)))


def list_sources(receipt_id: int) -> list[DocumentRef]:
    """Return the documents of other add-ons for which a receipt's money was used, or was before it was taken back."""
    used = (
        select(Receivable.source_id)
        .join(Allocation, Allocation.receivable_id == Receivable.id)
        .where(Allocation.receipt_id == receipt_id)
    )
    return list(session.scalars(select(DocumentRef).where(DocumentRef.id.in_(used)).order_by(DocumentRef.id)))


def paid_and_due(source: DocumentRef) -> tuple[Decimal, Decimal]:
    """Return what was paid for a document, and what is still due (S:PAY-04)."""
    found = [one for one in find_receivables_of(source) if one.state is not ReceivableState.DRAFT]
    return sum((one.settled for one in found), ZERO), sum((one.open_amount for one in found), ZERO)


def find_used_bank_ref(bank_ref: str, *, besides: int | None) -> Receipt | None:
    """Return another living receipt with this bank reference (S:PAY-01)."""
    statement = (
        select(Receipt)
        .join(ReceiptLine, ReceiptLine.receipt_id == Receipt.id)
        .where(ReceiptLine.bank_ref == bank_ref, Receipt.state != ReceiptState.VOID)
        .order_by(Receipt.id)
        .limit(1)
    )
    return session.scalar(statement if besides is None else statement.where(Receipt.id != besides))


def list_used(receipt_id: int) -> Sequence[Allocation]:
    """Return what the money of a receipt was used for, in order."""
    return list(session.scalars(select(Allocation).where(Allocation.receipt_id == receipt_id).order_by(Allocation.id)))


def list_postings_of(receipt_id: int) -> Sequence[Entry]:
    """Return the entries of a receipt, in order."""
    return list(
        session.scalars(
            select(Entry)
            .join(Posting, Posting.id == Entry.posting_id)
            .where(Posting.receipt_id == receipt_id)
            .order_by(Entry.id)
        )
    )


def unfinished_in(period: Period, *, audited: bool) -> tuple[int, int]:
    """Return how many receipts of a month are drafts, and how many are not audited although they ought to be."""
    of_month = (
        select(func.count(Receipt.id))
        .where(Receipt.period == period.month)
        .where(
            Receipt.legal_entity_id.is_(None)
            if period.legal_entity_id is None
            else Receipt.legal_entity_id == period.legal_entity_id
        )
    )
    drafts = session.scalar(of_month.where(Receipt.state == ReceiptState.DRAFT)) or 0
    if not audited:
        return drafts, 0
    unaudited = of_month.where(Receipt.state == ReceiptState.POSTED, Receipt.audited_at.is_(None))
    return drafts, session.scalar(unaudited) or 0


def list_cash_days_due(*, actor: User, today: dt.date) -> list[CashDay]:
    """Return the cash days that are not handed in, of what the actor sees."""
    statement = (
        select(CashDay)
        .join(Place, Place.id == CashDay.place_id)
        .where(CashDay.state == CashDayState.OPEN, CashDay.day <= today, Place.kind == PlaceKind.CASH_DESK)
        .order_by(CashDay.day, CashDay.id)
    )
    within = visible(CashDay, actor, verb="submit")
    return list(session.scalars((statement if within is None else statement.where(within)).limit(MOST_TODOS)))


def cash_days_between(first: dt.date, last: dt.date, *, actor: User, verb: str) -> list[CashDay]:
    """Return the days of cash desks, of what the actor reaches, from the first day to the last."""
    statement = (
        select(CashDay)
        .join(Place, Place.id == CashDay.place_id)
        .where(CashDay.day.between(first, last), Place.kind == PlaceKind.CASH_DESK)
    )
    within = visible(CashDay, actor, verb=verb)
    return list(session.scalars(statement if within is None else statement.where(within)))


def count_open_drafts() -> int:
    """Return how many receipts are drafts: whoever switches payments off sees it."""
    return session.scalar(select(func.count(Receipt.id)).where(Receipt.state == ReceiptState.DRAFT)) or 0


def has_refunds(receipt: Receipt) -> bool:
    """Tell whether money of a receipt was paid back."""
    return (
        session.scalar(
            select(Refund.id).where(Refund.receipt_id == receipt.id, Refund.state == RefundState.PAID).limit(1)
        )
        is not None
    )


def list_payments(receivable_id: int) -> Sequence[Allocation]:
    """Return what was paid for a receivable, and taken back, in order."""
    return list(
        session.scalars(select(Allocation).where(Allocation.receivable_id == receivable_id).order_by(Allocation.id))
    )


def explain(receivable_id: int) -> Sequence[tuple[Text, str]]:
    """Return how the amounts of a receivable came about: its least payment, and the parts of a deposit."""
    receivable = session.get_one(Receivable, receivable_id)
    if receivable.kind is not ReceivableKind.DEPOSIT or receivable.base_amount is None:
        return []
    least = least_deposit(receivable.base_amount, on=receivable.doc_date).steps
    return [*least, *(step for step in ding_of(receivable).steps if step not in least)]
