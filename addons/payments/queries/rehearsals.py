"""Drafts of policy values tried on the money of a month, by the functions that decide; and what they must not break."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from addons.payments.choices import CashDayState, ReceiptState, ReceivableKind, ReceivableState
from addons.payments.models import BadDebt, CashDay, Receipt, ReceiptLine, Receivable, Recovery
from addons.payments.parameters import (
    AGEING,
    ALLOW_PARTIAL_DEPOSIT,
    BAD_DAYS,
    CASH_DUE,
    DEPOSIT_MINIMUM,
    DING_CAP,
    ID_REQUIRED,
    RECOVERY_RATE,
    UNIQUE_BANK_REF,
)
from addons.payments.queries.amounts import ZERO, claim_of, least_deposit, least_payment, to_fen
from addons.payments.queries.deposits import ding_of
from addons.payments.queries.times import age_of, cash_minutes_late, days_overdue
from app.sdk.database import Select, func, select, session
from app.sdk.i18n import _
from app.sdk.organisation import active_zone, day_bounds
from app.sdk.parameters import Rehearsal, Standing, Verdict

_AGES = (_("not due"), _("1st age"), _("2nd age"), _("3rd age"), _("oldest age"))


def _deposits(first: dt.date, last: dt.date) -> Select[Any]:
    return (
        select(Receivable)
        .where(
            Receivable.kind == ReceivableKind.DEPOSIT,
            Receivable.base_amount.is_not(None),
            Receivable.state != ReceivableState.CANCELLED,
            Receivable.doc_date.between(first, last),
        )
        .order_by(Receivable.doc_date.desc(), Receivable.id.desc())
    )


def _least_deposit(receivable: Receivable, _last: dt.date) -> Verdict:
    least = least_deposit(receivable.base_amount or ZERO, on=receivable.doc_date).amount
    return Verdict(str(_("too low: refused") if receivable.amount < least else _("high enough")), least)


def _first_payment(receivable: Receivable, _last: dt.date) -> Verdict:
    least = least_payment(receivable, on=receivable.doc_date, paid=ZERO).amount
    whole = receivable.amount - receivable.waived
    return Verdict(str(_("may be paid in parts") if least < whole else _("is paid whole")), least)


def _ding(receivable: Receivable, _last: dt.date) -> Verdict:
    ding = ding_of(receivable).amount
    return Verdict(str(_("all of it binds") if ding == receivable.amount else _("part of it is a prepayment")), ding)


def _posted_receipts(first: dt.date, last: dt.date) -> Select[Any]:
    return (
        select(Receipt)
        .where(
            Receipt.state == ReceiptState.POSTED,
            Receipt.receivable_id.is_not(None),
            Receipt.doc_date.between(first, last),
        )
        .order_by(Receipt.doc_date.desc(), Receipt.id.desc())
    )


def _identity(receipt: Receipt, _last: dt.date) -> Verdict:
    if receipt.receivable is None or receipt.receivable.kind.value not in ID_REQUIRED.value(receipt.doc_date):
        return Verdict(str(_("identity not asked for")))
    shown = receipt.id_no and receipt.id_valid_to is not None and receipt.id_valid_to >= receipt.doc_date
    return Verdict(str(_("identity was shown") if shown else _("no valid identity: refused")))


def _handed_in(first: dt.date, last: dt.date) -> Select[Any]:
    return (
        select(CashDay)
        .where(CashDay.state != CashDayState.OPEN, CashDay.day.between(first, last))
        .order_by(CashDay.day.desc(), CashDay.id.desc())
    )


def _cash_late(day: CashDay, _last: dt.date) -> Verdict:
    late = cash_minutes_late(day) or 0
    return Verdict(str(_("late") if late else _("in time")), Decimal(late))


def _owed(_first: dt.date, last: dt.date) -> Select[Any]:
    return (
        select(Receivable)
        .where(Receivable.state == ReceivableState.OPEN, Receivable.doc_date <= last)
        .order_by(Receivable.due_on, Receivable.id)
    )


def _age(receivable: Receivable, last: dt.date) -> Verdict:
    return Verdict(str(_AGES[age_of(receivable, on=last)]))


def _proposed(first: dt.date, last: dt.date) -> Select[Any]:
    return (
        select(BadDebt)
        .where(BadDebt.created_at.between(day_bounds(first)[0], day_bounds(last)[1]))
        .order_by(BadDebt.id.desc())
    )


def _bad(debt: BadDebt, _last: dt.date) -> Verdict:
    proposed_on = debt.created_at.astimezone(active_zone()).date()
    early = days_overdue(debt.receivable, on=proposed_on) < BAD_DAYS.value(proposed_on)
    return Verdict(str(_("too early: refused") if early else _("may be proposed")))


def _losses(first: dt.date, last: dt.date) -> Select[Any]:
    return (
        select(Recovery)
        .where(Recovery.happened_on.between(first, last))
        .order_by(Recovery.happened_on.desc(), Recovery.id.desc())
    )


def _claim(recovery: Recovery, _last: dt.date) -> Verdict:
    return Verdict(str(_("claimed")), claim_of(recovery).amount)


REHEARSALS = (
    Rehearsal(
        keys=(DEPOSIT_MINIMUM.key,), documents=_("deposits"), find=_deposits, judge=_least_deposit,
        measure=_("Least deposit"), is_money=True,
    ),
    Rehearsal(
        keys=(ALLOW_PARTIAL_DEPOSIT.key,), documents=_("deposits"), find=_deposits, judge=_first_payment,
        measure=_("Least payment"), is_money=True,
    ),
    Rehearsal(
        keys=(DING_CAP.key,), documents=_("deposits"), find=_deposits, judge=_ding,
        measure=_("Ding"), is_money=True,
    ),
    Rehearsal(keys=(ID_REQUIRED.key,), documents=_("receipts"), find=_posted_receipts, judge=_identity),
    Rehearsal(
        keys=(CASH_DUE.key,), documents=_("cash days"), find=_handed_in, judge=_cash_late, measure=_("Minutes late")
    ),
    Rehearsal(keys=(AGEING.key,), documents=_("open receivables"), find=_owed, judge=_age),
    Rehearsal(keys=(BAD_DAYS.key,), documents=_("bad debts"), find=_proposed, judge=_bad),
    Rehearsal(
        keys=(RECOVERY_RATE.key,), documents=_("losses"), find=_losses, judge=_claim, measure=_("Claim"), is_money=True,
        person="employee_id",
    ),
)  # fmt: skip


def _too_low(percent: Decimal, valid_from: dt.date) -> Sequence[Receivable]:
    """Return the drafts of deposits that could not be opened any more."""
    drafts = session.scalars(_deposits(valid_from, dt.date.max).where(Receivable.state == ReceivableState.DRAFT))
    return [one for one in drafts if one.amount < to_fen((one.base_amount or ZERO) * percent / 100)]


def _same_bank_ref(is_unique: bool, _valid_from: dt.date) -> Sequence[Receipt]:  # noqa: FBT001  # A value of policy.
    """Return the drafts that could not be posted: their bank reference stands in another living receipt."""
    if not is_unique:
        return []
    living = (
        select(ReceiptLine.bank_ref)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .where(Receipt.state != ReceiptState.VOID, ReceiptLine.bank_ref.is_not(None))
        .group_by(ReceiptLine.bank_ref)
        .having(func.count(Receipt.id.distinct()) > 1)
    )
    mine = select(ReceiptLine.receipt_id).where(ReceiptLine.bank_ref.in_(living))
    statement = select(Receipt).where(Receipt.state == ReceiptState.DRAFT, Receipt.id.in_(mine)).order_by(Receipt.id)
    return session.scalars(statement).all()


STANDINGS = (
    Standing(DEPOSIT_MINIMUM.key, _("drafts of deposits"), _too_low),
    Standing(UNIQUE_BANK_REF.key, _("drafts of receipts"), _same_bank_ref),
)
