"""Debts that cannot be collected: proposed, approved by somebody else, written off (S:PAY-10)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.payments.choices import Account, BadDebtState, PostingKind, ReceivableState
from addons.payments.models import BadDebt, Receivable
from addons.payments.parameters import BAD_DAYS
from addons.payments.queries import days_overdue, local_day, owner_and_unit, words
from addons.payments.services.ledger import Act, Movement, lock, post
from addons.payments.services.receivables import follow_balance, write_off_receivable
from addons.payments.workflow import BAD_DEBT_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import parse_decimal, required_text
from app.sdk.models import User
from app.sdk.workflow import Amount


def propose_bad_debt(
    *, actor: User, receivable_id: int, reason: str, amount: Decimal | None = None, now: dt.datetime | None = None
) -> BadDebt:
    """Propose to give up what is open of a receivable, all of it unless an amount is named.

    Raises Conflict before it is overdue for so many days (R2), ValidationError above what is open (R4).
    """
    receivable = session.get(Receivable, receivable_id)
    if receivable is None or receivable.state is not ReceivableState.OPEN:
        raise NotFound("bad_debt.receivable", _("There is no such open receivable."), field="receivable_id")
    today = local_day(now or utc_now())
    days, least = days_overdue(receivable, on=today), BAD_DAYS.value(today)
    if days < least:
        raise Conflict(
            "bad_debt.early",
            _("It is %(days)s days overdue; a bad debt is proposed from %(limit)s days on."),
            field="receivable_id",
            days=max(0, days),
            limit=least,
        )
    employee, unit_id = owner_and_unit(actor, on=today)
    debt = BadDebt(
        receivable_id=receivable.id,
        amount=amount if amount is not None else receivable.open_amount,
        reason=required_text(reason, field="reason"),
        state=BadDebtState.PROPOSED,
        owner_id=employee.id if employee else None,
        org_unit_id=unit_id,
        created_by_id=actor.id,
    )
    _check(debt, receivable)
    session.add(debt)
    session.flush()
    return debt


def update_bad_debt(debt: BadDebt, *, actor: User, **values: Any) -> None:
    """Word a proposal anew. Raises Conflict once it was decided on (R2)."""
    if debt.state is not BadDebtState.PROPOSED:
        raise Conflict("bad_debt.decided", _("A proposal that was decided on can no longer be changed."))
    for name, value in values.items():
        setattr(debt, name, value)
    _check(debt, session.get_one(Receivable, debt.receivable_id))
    session.flush()


@BAD_DEBT_WORKFLOW.transition("approve")
def approve_bad_debt(debt: BadDebt, *, actor: User) -> None:
    """Agree to give it up."""


@BAD_DEBT_WORKFLOW.transition("reject")
def reject_bad_debt(debt: BadDebt, *, actor: User, reason: str) -> None:
    """Go on collecting; the log keeps the reason."""


@BAD_DEBT_WORKFLOW.transition("write_off")
def write_off(debt: BadDebt, *, actor: User, now: dt.datetime) -> None:
    """Take an approved amount out of what is receivable. Raises ValidationError where less is open by now."""
    receivable = debt.receivable
    lock(receivable)
    _check(debt, receivable)
    sides = [(Account.BAD_DEBT, debt.amount, None), (Account.RECEIVABLE, -debt.amount, None)]
    post(Movement(kind=PostingKind.WRITE_OFF, sides=sides, receivable=receivable), act=Act(actor, local_day(now), now))
    if not receivable.open_amount:
        write_off_receivable(receivable, actor=actor)


@BAD_DEBT_WORKFLOW.transition("recover")
def recover_bad_debt(
    debt: BadDebt, *, actor: User, reason: str, now: dt.datetime, amount: Amount | None = None
) -> None:
    """Have what was written off owed again, all of it unless an amount is named: the customer pays after all.

    Raises ValidationError above what is still written off (R4). The log keeps the reason.
    """
    receivable, left = debt.receivable, debt.amount - debt.recovered
    lock(receivable)
    again = left if amount is None else parse_decimal(amount, field="amount", places=2)
    if not 0 < again <= left:
        raise ValidationError(
            "bad_debt.too_much",
            _("From 0.01 to the %(limit)s that are written off can be owed again."),
            field="amount",
            limit=words(left),
        )
    sides = [(Account.RECEIVABLE, again, None), (Account.BAD_DEBT, -again, None)]
    post(Movement(kind=PostingKind.WRITE_OFF, sides=sides, receivable=receivable), act=Act(actor, local_day(now), now))
    debt.recovered += again
    follow_balance(receivable, actor=actor)


def _check(debt: BadDebt, receivable: Receivable) -> None:
    if debt.amount <= 0:
        raise ValidationError("bad_debt.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00")
    if debt.amount > receivable.open_amount:
        raise ValidationError(
            "bad_debt.amount",
            _("At most the open %(limit)s is given up."),
            field="amount",
            limit=words(receivable.open_amount),
        )
