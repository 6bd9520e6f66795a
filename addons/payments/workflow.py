"""The lives of what payments keeps, from receivables to lines of bank statements, and what guards their steps."""

import datetime as dt

from addons.payments.choices import (
    BadDebtState,
    BankLineState,
    CashDayState,
    InvoiceState,
    PeriodState,
    ReceiptState,
    ReceivableState,
    RecoveryState,
    RefundState,
    ShiftState,
    StatementState,
)
from addons.payments.models import (
    BadDebt,
    BankLine,
    BankStatement,
    CashDay,
    Invoice,
    Period,
    Receipt,
    Receivable,
    Recovery,
    Refund,
    Shift,
)
from app.sdk.errors import NotAllowed
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.security import is_own
from app.sdk.workflow import Locks, Refusal, Transition, Workflow


def is_untouched(receivable: Receivable, *, actor: User) -> Refusal | None:
    """Refuse to cancel what money was paid for: that is refunded, forfeited or transferred first."""
    if not receivable.settled:
        return None
    return Refusal(
        "receivable.paid",
        _("%(amount)s was paid for it. Refund, forfeit or transfer that first."),
        data={"amount": f"{receivable.settled:,.2f}"},
    )


def is_overdue(receivable: Receivable, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse to remind of what is not overdue yet (S:PAY-09)."""
    due = receivable.due_from(today)
    if due < today:
        return None
    return Refusal("receivable.not_overdue", _("It is due on %(limit)s."), data={"limit": due})


RECEIVABLE_WORKFLOW = Workflow(
    Receivable,
    Transition("open", ReceivableState.DRAFT, ReceivableState.OPEN, _("Make binding"), icon="check"),
    Transition(
        "close_settled",
        (ReceivableState.OPEN, ReceivableState.CANCELLED),
        ReceivableState.SETTLED,
        _("Settled"),
        automatic=True,
    ),
    Transition("dun", ReceivableState.OPEN, None, _("Remind"), guard=is_overdue, icon="bell", tone="quiet"),
    Transition(
        "cancel",
        (ReceivableState.DRAFT, ReceivableState.OPEN),
        ReceivableState.CANCELLED,
        _("Cancel"),
        guard=is_untouched,
        icon="x",
        tone="danger",
    ),
    Transition(
        "call_off",
        (ReceivableState.OPEN, ReceivableState.SETTLED),
        ReceivableState.CANCELLED,
        _("Called off"),
        automatic=True,
    ),
    Transition("write_off", ReceivableState.OPEN, ReceivableState.WRITTEN_OFF, _("Written off"), automatic=True),
    Transition(
        "open_again",
        (ReceivableState.SETTLED, ReceivableState.CANCELLED, ReceivableState.WRITTEN_OFF),
        ReceivableState.OPEN,
        _("Open again"),
        automatic=True,
    ),
    main_path=(ReceivableState.DRAFT, ReceivableState.OPEN, ReceivableState.SETTLED),
    terms=("amount", "base_amount", "kind", "partner_id"),
    locks=Locks(
        (ReceivableState.OPEN, ReceivableState.SETTLED), ("partner_id", "kind", "subject", "amount", "base_amount")
    ),
)


def is_not_audited(receipt: Receipt, *, actor: User) -> Refusal | None:
    """Refuse to touch what the accountant has audited and so locked (S:RE-08)."""
    if receipt.audited_at is None:
        return None
    return Refusal("receipt.audited", _("It was audited and is locked. The audit has to be lifted first."))


def is_audited(receipt: Receipt, *, actor: User) -> Refusal | None:
    """Refuse to lift an audit that was not made."""
    if receipt.audited_at is not None:
        return None
    return Refusal("receipt.not_audited", _("It is not audited."))


def is_not_own(document: Receipt | BadDebt | Invoice, *, actor: User) -> Refusal | None:
    """Refuse whoever wrote it: nobody audits or approves his own entry (R3)."""
    if not is_own(document, actor):
        return None
    return Refusal("payments.own", _("Nobody audits or approves his own entry."), error=NotAllowed)


def has_free_money(receipt: Receipt, *, actor: User) -> Refusal | None:
    """Refuse where all of it was used."""
    if receipt.free_amount > 0:
        return None
    return Refusal("receipt.used_up", _("Nothing of this receipt is free any more."))


def is_identified(receipt: Receipt, *, actor: User) -> Refusal | None:
    """Refuse to use money of an unknown payer (P:PAY-06)."""
    if receipt.partner_id is not None:
        return None
    return Refusal("receipt.unidentified", _("Nobody knows yet whose money this is. Match it first."))


def is_unidentified(receipt: Receipt, *, actor: User) -> Refusal | None:
    """Refuse to match what has a payer."""
    if receipt.partner_id is None:
        return None
    return Refusal("receipt.identified", _("Its payer is known."))


_POSTED = ReceiptState.POSTED
RECEIPT_WORKFLOW = Workflow(
    Receipt,
    Transition("post", ReceiptState.DRAFT, _POSTED, _("Post"), icon="check"),
    Transition("match", _POSTED, None, _("Match the payer"), guard=is_unidentified, icon="user-plus"),
    Transition("settle", _POSTED, None, _("Settle"), guard=(is_identified, has_free_money), icon="link"),
    Transition(
        "settle_oldest",
        _POSTED,
        None,
        _("Settle the oldest"),
        guard=(is_identified, has_free_money),
        icon="list",
        tone="quiet",
    ),
    Transition("print", _POSTED, None, _("Print"), icon="printer", tone="quiet"),
    Transition("refund", _POSTED, None, _("Refund"), guard=is_identified, icon="undo-2", tone="quiet"),
    Transition("forfeit", _POSTED, None, _("Forfeit"), guard=is_identified, icon="gavel", tone="danger"),
    Transition("transfer", _POSTED, None, _("Transfer"), guard=is_identified, icon="arrow-left-right", tone="quiet"),
    Transition("audit", _POSTED, None, _("Check and lock"), guard=(is_not_audited, is_not_own), icon="clipboard-check"),
    Transition("lift_audit", _POSTED, None, _("Lift the audit"), guard=is_audited, icon="undo-2", tone="quiet"),
    Transition("void", _POSTED, ReceiptState.VOID, _("Make void"), guard=is_not_audited, icon="x", tone="danger"),
    main_path=(ReceiptState.DRAFT, ReceiptState.POSTED),
    terms=("amount", "partner_id"),
)

REFUND_WORKFLOW = Workflow(
    Refund,
    Transition("void", RefundState.PAID, RefundState.VOID, _("Make void"), icon="x", tone="danger"),
    main_path=(RefundState.PAID,),
)

CASH_DAY_WORKFLOW = Workflow(
    CashDay,
    Transition("submit", CashDayState.OPEN, CashDayState.SUBMITTED, _("Hand in"), icon="send"),
    Transition("reconcile", CashDayState.SUBMITTED, CashDayState.RECONCILED, _("Reconcile and lock"), icon="check"),
    Transition(
        "give_back",
        (CashDayState.SUBMITTED, CashDayState.RECONCILED),
        CashDayState.OPEN,
        _("Return"),
        icon="undo-2",
        tone="danger",
    ),
)

SHIFT_WORKFLOW = Workflow(
    Shift, Transition("hand_over", ShiftState.OPEN, ShiftState.HANDED_OVER, _("Hand over"), icon="arrow-left-right")
)

PERIOD_WORKFLOW = Workflow(
    Period,
    Transition(
        "close",
        PeriodState.OPEN,
        PeriodState.CLOSED,
        _("Close the month"),
        icon="check",
        confirm=_("Nothing more can be posted in this month. Close it?"),
    ),
    Transition("reopen", PeriodState.CLOSED, PeriodState.OPEN, _("Open again"), icon="undo-2", tone="danger"),
)


def is_lost(debt: BadDebt, *, actor: User) -> Refusal | None:
    """Refuse what is owed again already, all of it."""
    if debt.recovered < debt.amount:
        return None
    return Refusal("bad_debt.recovered", _("All of it is owed again."))


BAD_DEBT_WORKFLOW = Workflow(
    BadDebt,
    Transition("approve", BadDebtState.PROPOSED, BadDebtState.APPROVED, _("Approve"), guard=is_not_own, icon="check"),
    Transition(
        "reject", BadDebtState.PROPOSED, BadDebtState.REJECTED, _("Reject"), guard=is_not_own, icon="x", tone="danger"
    ),
    Transition("write_off", BadDebtState.APPROVED, BadDebtState.WRITTEN_OFF, _("Write off"), icon="check"),
    Transition("recover", BadDebtState.WRITTEN_OFF, None, _("Have it owed again"), guard=is_lost, icon="undo-2"),
)


def is_no_red_letter(invoice: Invoice, *, actor: User) -> Refusal | None:
    """Refuse a red letter on a red letter."""
    if invoice.original_id is None:
        return None
    return Refusal("invoice.red", _("It is a red letter itself."))


def is_no_audited_red_letter(invoice: Invoice, *, actor: User) -> Refusal | None:
    """Refuse to make a red letter void that counts: its amount may have been invoiced again."""
    if invoice.original_id is None or invoice.state is InvoiceState.DRAFT:
        return None
    return Refusal("invoice.red_audited", _("An audited red letter stays. Register another invoice."))


INVOICE_WORKFLOW = Workflow(
    Invoice,
    Transition("audit", InvoiceState.DRAFT, InvoiceState.AUDITED, _("Check and lock"), guard=is_not_own, icon="check"),
    Transition(
        "red_letter",
        InvoiceState.AUDITED,
        None,
        _("Write a red letter"),
        guard=is_no_red_letter,
        icon="undo-2",
        tone="quiet",
    ),
    Transition(
        "void",
        (InvoiceState.DRAFT, InvoiceState.AUDITED),
        InvoiceState.VOID,
        _("Make void"),
        guard=is_no_audited_red_letter,
        icon="x",
        tone="danger",
    ),
)

RECOVERY_WORKFLOW = Workflow(
    Recovery,
    Transition("assess", RecoveryState.OPEN, RecoveryState.CLAIMED, _("Reckon the claim"), icon="check"),
    Transition(
        "close", (RecoveryState.OPEN, RecoveryState.CLAIMED), RecoveryState.CLOSED, _("Close the case"), icon="x"
    ),
)


STATEMENT_WORKFLOW = Workflow(
    BankStatement, Transition("take_in", StatementState.DRAFT, StatementState.TAKEN_IN, _("Take in"), icon="check")
)


def is_incoming(line: BankLine, *, actor: User) -> Refusal | None:
    """Refuse to book as a receipt what went out."""
    if line.amount > 0:
        return None
    return Refusal("bank.outgoing", _("This money went out: link it with a refund, or ignore it."))


def is_not_booked(line: BankLine, *, actor: User) -> Refusal | None:
    """Refuse to take back what a receipt was written for: that receipt is made void."""
    if not line.booked:
        return None
    return Refusal(
        "bank.booked", _("It was booked as %(number)s. Make that receipt void."), data={"number": str(line.receipt)}
    )


_OPEN, _MATCHED, _PARKED = BankLineState.OPEN, BankLineState.MATCHED, BankLineState.UNIDENTIFIED
BANK_LINE_WORKFLOW = Workflow(
    BankLine,
    Transition("match", (_OPEN, _PARKED), _MATCHED, _("Match"), guard=is_incoming, icon="link"),
    Transition("advance", _OPEN, _MATCHED, _("Book as an advance"), guard=is_incoming, icon="user-plus", tone="quiet"),
    Transition("park", _OPEN, _PARKED, _("Book as unidentified"), guard=is_incoming, icon="circle-alert", tone="quiet"),
    Transition("connect", _OPEN, _MATCHED, _("Link what is booked"), icon="link", tone="quiet"),
    Transition("ignore", _OPEN, BankLineState.IGNORED, _("Ignore"), icon="x", tone="quiet"),
    Transition(
        "take_back",
        (_MATCHED, BankLineState.IGNORED),
        _OPEN,
        _("Take back"),
        guard=is_not_booked,
        icon="undo-2",
        tone="quiet",
    ),
    Transition("identify", _PARKED, _MATCHED, _("Payer found"), automatic=True),
    Transition("release", (_MATCHED, _PARKED), _OPEN, _("Open again"), automatic=True),
    main_path=(_OPEN, _MATCHED),
    terms=("amount",),
)
