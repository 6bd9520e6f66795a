"""Reads of bank statements: what their lines might pay, what is entered already, and what the books lack."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, type_coerce

from addons.payments.choices import (
    BankLineState,
    MethodKind,
    PlaceKind,
    ReceiptState,
    ReceivableState,
    RefundState,
    StatementState,
)
from addons.payments.models import BankLine, BankStatement, Method, Place, Receipt, ReceiptLine, Receivable, Refund
from addons.payments.queries.amounts import least_payment
from addons.payments.queries.proposals import Debt, Paying, Proposal, numbers_in, propose
from app.sdk.database import and_, exists, func, or_, read_id, select, session
from app.sdk.documents import DocumentRef
from app.sdk.masterdata import Partner, PartnerRelation, name_key, pinyin
from app.sdk.models import CompanyModel, Money, User
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS

T = TypeVar("T", bound=CompanyModel)
WAITING = (BankLineState.OPEN, BankLineState.UNIDENTIFIED)
MOST_LINES = 50  # On one page of the desk.
_MOST_DEBTS = 400
_MOST_BOOKED = 5


def find_draft(*, actor: User, statement_id: int | None) -> BankStatement | None:
    """Return a draft that the actor sees: the one named, else his newest."""
    statement = select(BankStatement).where(BankStatement.state == StatementState.DRAFT)
    if statement_id is not None:
        statement = statement.where(BankStatement.id == statement_id)
    within = visible(BankStatement, actor)
    statement = statement if within is None else statement.where(within)
    return session.scalar(statement.order_by(BankStatement.id.desc()).limit(1))


def list_lines(statement_id: int) -> list[BankLine]:
    """Return the lines of a statement, in its order."""
    return list(session.scalars(select(BankLine).where(BankLine.statement_id == statement_id).order_by(BankLine.row)))


def lines_count(statement_id: Any) -> ScalarSelect[int]:
    """Return how many lines a statement has, as a subquery."""
    counted = select(func.count(BankLine.id)).where(BankLine.statement_id == statement_id)
    return counted.correlate_except(BankLine).scalar_subquery()


def list_open_lines(*, actor: User) -> list[BankLine]:
    """Return the lines of which nothing became yet, the oldest first, of what the actor may match."""
    statement = select(BankLine).where(BankLine.state == BankLineState.OPEN)
    within = visible(BankLine, actor, verb="match")
    statement = statement if within is None else statement.where(within)
    return list(session.scalars(statement.order_by(BankLine.booked_on, BankLine.id).limit(MOST_TODOS)))


def list_waiting(*, actor: User, place_id: int | None = None, after: int = 0) -> list[BankLine]:
    """Return the lines that are to be matched, of what the actor sees, in the order of the statements."""
    statement = select(BankLine).where(BankLine.state.in_(WAITING), BankLine.id > after)
    if place_id is not None:
        statement = statement.where(BankLine.place_id == place_id)
    within = visible(BankLine, actor)
    statement = statement if within is None else statement.where(within)
    return list(session.scalars(statement.order_by(BankLine.id).limit(MOST_LINES)))


def count_waiting(*, actor: User, place_id: int | None = None) -> int:
    """Return how many lines are to be matched."""
    statement = select(func.count(BankLine.id)).where(BankLine.state.in_(WAITING))
    if place_id is not None:
        statement = statement.where(BankLine.place_id == place_id)
    within = visible(BankLine, actor)
    return session.scalar(statement if within is None else statement.where(within)) or 0


def find_line(line_id: int | None, *, actor: User) -> BankLine | None:
    """Return a line that the actor sees."""
    within = visible(BankLine, actor)
    statement = select(BankLine).where(BankLine.id == line_id)
    return session.scalar(statement if within is None else statement.where(within))


def find_seen(model: type[T], key: str | None, *, actor: User) -> T | None:
    """Return a record that a page named, if the actor sees it."""
    within = visible(model, actor)
    statement = select(model).where(model.id == read_id(key))
    return session.scalar(statement if within is None else statement.where(within))


def list_accounts() -> list[Place]:
    """Return the bank accounts."""
    return list(session.scalars(select(Place).where(Place.kind == PlaceKind.BANK_ACCOUNT).order_by(Place.name)))


def transfer_method(place_id: int) -> Method | None:
    """Return the way to pay by which transfers come to an account: one for transfers before any other."""
    others_last = Method.kind != MethodKind.BANK_TRANSFER
    statement = select(Method).where(Method.place_id == place_id).order_by(others_last, Method.id).limit(1)
    return session.scalar(statement)


def authorisation_of(payer_name: str | None, partner_id: int) -> str | None:
    """Return by which written authorisation somebody of this name paid for the customer before (P:PAY-06)."""
    return session.scalar(
        select(Receipt.authorisation)
        .where(
            Receipt.payer_name == payer_name,
            Receipt.partner_id == partner_id,
            Receipt.authorisation.is_not(None),
            Receipt.state == ReceiptState.POSTED,
        )
        .order_by(Receipt.id.desc())
        .limit(1)
    )


def proposals_for(lines: Sequence[BankLine], *, actor: User) -> dict[int, list[Proposal]]:
    """Return what each line that came in might pay, of what the actor sees."""
    incoming = [line for line in lines if line.amount > 0]
    debts = _candidates(incoming, actor=actor) if incoming else []
    found = {}
    for line in incoming:
        known, related = _known_partners(line), _related_partners(line)
        of_line = [_debt(one, numbers, on=line.booked_on, known=known, related=related) for one, numbers in debts]
        found[line.id] = propose(_paying(line), of_line)
    return found


def booked_alike(line: BankLine) -> list[Receipt | Refund]:
    """Return what is booked at the account already for this amount and stands for no line: it may be the same money."""
    if line.amount < 0:
        taken = exists().where(BankLine.refund_id == Refund.id)
        refunds = (
            select(Refund)
            .join(Method, Method.id == Refund.method_id)
            .where(Refund.state == RefundState.PAID, Refund.amount == -line.amount, Method.place_id == line.place_id)
            .where(~taken)
        )
        return list(session.scalars(refunds.order_by(Refund.id.desc()).limit(_MOST_BOOKED)))
    taken = exists().where(BankLine.receipt_id == Receipt.id)
    statement = (
        select(Receipt)
        .join(ReceiptLine, ReceiptLine.receipt_id == Receipt.id)
        .join(Method, Method.id == ReceiptLine.method_id)
        .where(Receipt.state == ReceiptState.POSTED, ReceiptLine.amount == line.amount, ~taken)
        .where(Method.place_id == line.place_id)
        .order_by(func.coalesce(ReceiptLine.bank_ref, "") != (line.bank_ref or ""), Receipt.id.desc())
    )
    return list(session.scalars(statement.limit(_MOST_BOOKED)))


def _candidates(lines: Sequence[BankLine], *, actor: User) -> list[tuple[Receivable, list[str]]]:
    """Return the open receivables of which any line speaks, what is due first in front, with their numbers."""
    names = [line.payer_name for line in lines if line.payer_name]
    numbers = {number for line in lines for number in numbers_in(line.memo or "")}
    partner_ids = {key for line in lines for key in (*_known_partners(line), *_related_partners(line))}
    still = Receivable.amount - Receivable.settled - Receivable.waived
    speaking = or_(
        type_coerce(still, Money).in_([line.amount for line in lines]),
        Partner.name_key.in_([name_key(name) for name in names]),
        and_(Partner.pinyin != "", Partner.pinyin.in_([pinyin(name) for name in names])),
        Receivable.number.in_(numbers),
        DocumentRef.number.in_(numbers),
        Receivable.partner_id.in_(partner_ids),
    )
    statement = (
        select(Receivable, DocumentRef.number)
        .join(Partner, Partner.id == Receivable.partner_id)
        .outerjoin(DocumentRef, DocumentRef.id == Receivable.source_id)
        .where(Receivable.state == ReceivableState.OPEN, speaking)
        .order_by(Receivable.due_on, Receivable.id)
        .limit(_MOST_DEBTS)
    )
    within = visible(Receivable, actor)
    rows = session.execute(statement if within is None else statement.where(within))
    return [(one, [number for number in (one.number, source) if number]) for one, source in rows]


def _known_partners(line: BankLine) -> set[int]:
    """Return for whom money of this name or account came in before."""
    said = [
        column == value
        for column, value in ((Receipt.payer_name, line.payer_name), (BankLine.payer_account, line.payer_account))
        if value
    ]
    if not said:
        return set()
    statement = (
        select(Receipt.partner_id)
        .outerjoin(BankLine, BankLine.receipt_id == Receipt.id)
        .where(Receipt.state == ReceiptState.POSTED, Receipt.partner_id.is_not(None), or_(*said))
    )
    return set(session.scalars(statement.distinct().limit(_MOST_DEBTS)))


def _related_partners(line: BankLine) -> set[int]:
    """Return to whom somebody of this name belongs, as the contact of a company does."""
    if not line.payer_name:
        return set()
    named = select(Partner.id).where(Partner.name_key == name_key(line.payer_name)).scalar_subquery()
    rows = session.execute(
        select(PartnerRelation.partner_id, PartnerRelation.other_id).where(
            or_(PartnerRelation.partner_id.in_(named), PartnerRelation.other_id.in_(named))
        )
    )
    return {key for row in rows for key in row}


def _paying(line: BankLine) -> Paying:
    name = line.payer_name or ""
    return Paying(line.amount, name_key(name) if name else "", pinyin(name) if name else "", line.memo or "")


def _debt(
    one: Receivable, numbers: Sequence[str], *, on: dt.date, known: Iterable[int], related: Iterable[int]
) -> Debt:
    partner = one.partner
    return Debt(
        id=one.id,
        title=str(one),
        partner_id=partner.id,
        partner=partner.name,
        open_amount=one.open_amount,
        name_key=partner.name_key,
        pinyin=partner.pinyin,
        numbers=numbers,
        least=least_payment(one, on=on).amount,
        known=partner.id in known,
        related=partner.id in related,
    )
