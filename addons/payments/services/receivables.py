"""Receivables: what is owed, for a document of any add-on or typed by hand."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from addons.payments.choices import Account, PostingKind, ReceivableKind, ReceivableState
from addons.payments.events import ReceivableOpened, ReceivableSettled
from addons.payments.masterdata import RECEIVABLE_NUMBERS
from addons.payments.models import Receivable
from addons.payments.queries import find_receivables_of, least_deposit, local_day, owner_and_unit, words
from addons.payments.services.ledger import Act, Movement, enter_period, lock, post
from addons.payments.workflow import RECEIVABLE_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.documents import DocumentRef
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of


def create_receivable(*, actor: User, now: dt.datetime | None = None, **values: Any) -> Receivable:
    """Write down what a partner owes; it is binding once it is opened.

    Raises ValidationError for an amount that is not above zero, or a deposit below the least one (R4).
    """
    receivable = _draw_up(values, actor=actor, now=now or utc_now())
    session.add(receivable)
    session.flush()
    return receivable


def update_receivable(receivable: Receivable, *, actor: User, **values: Any) -> None:
    """Change a draft; of an open one only when it is due, and the note. Raises Conflict for the rest (R2)."""
    fixed = receivable.state is not ReceivableState.DRAFT
    for name, value in values.items():
        if fixed and name not in ("due_on", "note", "custom") and value != getattr(receivable, name):
            raise Conflict(
                "receivable.binding",
                _("“%(label)s” cannot be changed any more: the receivable is open. Cancel it and write another."),
                field=name,
                label=_(humanize(name.removesuffix("_id"))),
            )
        setattr(receivable, name, value)
    _check(receivable)
    session.flush()


def amend_receivable(receivable: Receivable, *, actor: User, now: dt.datetime | None = None, **values: Any) -> None:
    """Change the terms of a receivable that stands in the ledger; the ledger gets the difference today (S:CORE-10).

    Raises ValidationError for an amount below what was paid and waived, or one that its kind forbids (R4), and
    Conflict for another customer once money was used for it (R2).
    """
    used, before = receivable.settled + receivable.waived, receivable.amount
    amount = values.get("amount", before)
    if amount is not None and 0 < amount < used:
        raise ValidationError(
            "receivable.below_paid",
            _("The amount cannot be below the %(limit)s that are paid or waived."),
            field="amount",
            limit=words(used),
        )
    if used and values.get("partner_id", receivable.partner_id) != receivable.partner_id:
        raise Conflict(
            "receivable.paid_by",
            _("%(amount)s was paid for it. Refund, forfeit or transfer that first."),
            field="partner_id",
            amount=words(used),
        )
    for name, value in values.items():
        setattr(receivable, name, value)
    _check(receivable)
    if difference := receivable.amount - before:
        moment = now or utc_now()
        sides = [(Account.RECEIVABLE, difference, None), (Account.CLAIM, -difference, None)]
        post(
            Movement(kind=PostingKind.OPEN, sides=sides, receivable=receivable),
            act=Act(actor, local_day(moment), moment),
        )
        follow_balance(receivable, actor=actor)
    session.flush()


def delete_receivable(receivable: Receivable, *, actor: User) -> None:
    """Delete a draft. Raises Conflict for anything else: it has a number (R2)."""
    if receivable.state is not ReceivableState.DRAFT:
        raise Conflict("receivable.numbered", _("It has a number and stays. Cancel it instead."))
    session.delete(receivable)
    session.flush()


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What another add-on's document asks of a partner. Amounts in yuan; `base_amount` is the total of the deal."""

    source: DocumentRef
    partner_id: int
    kind: ReceivableKind
    amount: Decimal
    due_on: dt.date
    base_amount: Decimal | None = None
    owner_id: int | None = None
    org_unit_id: int | None = None


def open_receivable(claim: Claim, *, actor: User, now: dt.datetime) -> Receivable:
    """Open what is owed for another add-on's document; that add-on has checked that its actor may.

    Raises ValidationError for an amount that is not above zero, or a deposit below the least one (R4).
    """
    values = {one.name: getattr(claim, one.name) for one in fields(claim) if one.name != "source"}
    values |= {"source_id": claim.source.id, "subject": claim.source.title, "state": ReceivableState.OPEN}
    receivable = _draw_up(values, actor=actor, now=now)
    _bind(receivable, actor=actor, now=now)
    return receivable


def withdraw_receivable(
    receivable: Receivable, *, actor: User | None, now: dt.datetime, amount: Decimal | None = None
) -> None:
    """Ask less for another add-on's document, or nothing any more; that add-on has checked that its actor may.

    Raises Conflict where money was paid for what is withdrawn: that is refunded, forfeited or transferred first.
    """
    lock(receivable)
    wanted = receivable.amount - receivable.waived if amount is None else amount
    if wanted > receivable.open_amount:
        raise Conflict(
            "receivable.paid",
            _("%(amount)s was paid for it. Refund, forfeit or transfer that first."),
            amount=words(receivable.settled),
        )
    if receivable.state is ReceivableState.OPEN and wanted > 0:
        waive(receivable, wanted, actor=actor, now=now)
        follow_balance(receivable, actor=actor)


def rebase_deposits(source: DocumentRef, total: Decimal) -> None:
    """Note what the deal of a document comes to now: its deposits are split into Ding and rest by that (P section 5.7).

    That add-on has checked the total, and that its actor may.
    """
    deposits = [one for one in find_receivables_of(source) if one.kind is ReceivableKind.DEPOSIT]
    lock(*deposits)
    for one in deposits:
        one.base_amount = total
    session.flush()


@RECEIVABLE_WORKFLOW.transition("open")
def bind_receivable(receivable: Receivable, *, actor: User, now: dt.datetime) -> None:
    """Make a draft binding: it gets its number and stands in the ledger."""
    _bind(receivable, actor=actor, now=now)


@RECEIVABLE_WORKFLOW.transition("cancel")
def cancel_receivable(receivable: Receivable, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Give up what was not paid for; the log keeps the reason."""
    if receivable.number is not None:
        waive(receivable, receivable.open_amount, actor=actor, now=now)


@RECEIVABLE_WORKFLOW.transition("dun")
def dun_receivable(receivable: Receivable, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Note that the customer was reminded, and how; the log keeps it (S:PAY-09)."""
    receivable.dunned_on = local_day(now)


@RECEIVABLE_WORKFLOW.transition("close_settled")
def close_settled(receivable: Receivable, *, actor: User | None) -> None:
    """Note that everything is paid, and announce it."""
    publish(ReceivableSettled(company_id=receivable.company_id, receivable_id=receivable.id))


@RECEIVABLE_WORKFLOW.transition("call_off")
def call_off(receivable: Receivable, *, actor: User | None) -> None:
    """Note that nothing is owed any more, and nothing was paid."""


@RECEIVABLE_WORKFLOW.transition("write_off")
def write_off_receivable(receivable: Receivable, *, actor: User) -> None:
    """Note that the rest was given up as a bad debt."""


@RECEIVABLE_WORKFLOW.transition("open_again")
def open_again(receivable: Receivable, *, actor: User | None) -> None:
    """Note that something is owed again."""


def waive(receivable: Receivable, amount: Decimal, *, actor: User | None, now: dt.datetime) -> None:
    """Take an open amount back from the ledger."""
    if amount > 0:
        sides = [(Account.CLAIM, amount, None), (Account.RECEIVABLE, -amount, None)]
        post(Movement(kind=PostingKind.WAIVE, sides=sides, receivable=receivable), act=Act(actor, local_day(now), now))


def follow_balance(receivable: Receivable, *, actor: User | None) -> None:
    """Bring the state in line with what is open after money moved."""
    if receivable.open_amount > 0:
        if receivable.state is not ReceivableState.OPEN:
            open_again(receivable, actor=actor)
    elif receivable.settled > 0:
        if receivable.state in (ReceivableState.OPEN, ReceivableState.CANCELLED):
            close_settled(receivable, actor=actor)
    elif receivable.state is not ReceivableState.CANCELLED:
        call_off(receivable, actor=actor)


def _draw_up(values: Mapping[str, Any], *, actor: User, now: dt.datetime) -> Receivable:
    """Return a receivable that is not written yet; it is a draft of today unless it is said."""
    today = local_day(now)
    given = {name: value for name, value in values.items() if value is not None}
    receivable = Receivable(**{"doc_date": today, "due_on": today, "state": ReceivableState.DRAFT, **given})
    employee, unit_id = owner_and_unit(actor, on=receivable.doc_date)
    if receivable.owner_id is None:
        receivable.owner_id = employee.id if employee else None
    if receivable.org_unit_id is None:
        receivable.org_unit_id = unit_id
    _check(receivable)
    return receivable


def _bind(receivable: Receivable, *, actor: User, now: dt.datetime) -> None:
    entity = legal_entity_of(receivable.org_unit_id)
    with session.no_autoflush:  # It is written once, with its number.
        receivable.legal_entity_id = entity.id if entity else None
        receivable.posted_at, receivable.period = now, f"{receivable.doc_date:%Y-%m}"
        enter_period(receivable.doc_date, legal_entity_id=receivable.legal_entity_id)
        receivable.number = draw_number(
            RECEIVABLE_NUMBERS, legal_entity_id=receivable.legal_entity_id, on=receivable.doc_date
        )
    session.add(receivable)
    session.flush()
    sides = [(Account.RECEIVABLE, receivable.amount, None), (Account.CLAIM, -receivable.amount, None)]
    post(Movement(kind=PostingKind.OPEN, sides=sides, receivable=receivable), act=Act(actor, receivable.doc_date, now))
    publish(ReceivableOpened(company_id=receivable.company_id, receivable_id=receivable.id))


def _check(receivable: Receivable) -> None:
    amount: Decimal | None = receivable.amount  # A caller may have left it out.
    if amount is None or amount <= 0:
        raise ValidationError(
            "receivable.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00"
        )
    if receivable.partner_id is None:
        raise ValidationError(
            "receivable.partner", _("%(label)s is required."), field="partner_id", label=_(humanize("partner"))
        )
    if receivable.kind is ReceivableKind.DEPOSIT:
        _check_deposit(receivable)


def _check_deposit(receivable: Receivable) -> None:
    base = receivable.base_amount
    if base is None:
        raise ValidationError(
            "receivable.base", _("A deposit needs the total that it is a part of."), field="base_amount"
        )
    if receivable.amount > base:
        raise ValidationError(
            "receivable.above_base",
            _("A deposit is at most the total of %(limit)s."),
            field="amount",
            limit=words(base),
        )
    least = least_deposit(base, on=receivable.doc_date).amount
    if receivable.amount < least:
        raise ValidationError(
            "receivable.deposit_minimum",
            _("The deposit must be at least %(limit)s."),
            field="amount",
            limit=words(least),
        )
