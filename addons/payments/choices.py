"""The closed sets of payments; the database checks them too."""

from enum import StrEnum
from typing import ClassVar

from app.sdk.i18n import LazyString, _, humanize


class ReceivableKind(StrEnum):
    """What is owed: earnest money (诚意金), deposit (定金), the price, or fees collected for others (S:RE-04)."""

    EARNEST = "earnest"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    FEE = "fee"


class ReceivableState(StrEnum):
    """How far a receivable has come."""

    __tones__: ClassVar = {"open": "blue", "settled": "green", "written_off": "red"}

    DRAFT = "draft"
    OPEN = "open"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"


class MethodKind(StrEnum):
    """How money is handed over."""

    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    CARD = "card"
    ONLINE = "online"


class PlaceKind(StrEnum):
    """Where money lies."""

    CASH_DESK = "cash_desk"
    BANK_ACCOUNT = "bank_account"


class ReceiptState(StrEnum):
    """A receipt is written down, then posted for good; a void one keeps its number (P:PAY-03)."""

    __tones__: ClassVar = {"posted": "green", "void": "red"}

    DRAFT = "draft"
    POSTED = "posted"
    VOID = "void"


class RefundState(StrEnum):
    """A refund was paid, or was taken back."""

    __tones__: ClassVar = {"paid": "green", "void": "red"}

    PAID = "paid"
    VOID = "void"


class AllocationKind(StrEnum):
    """What the money of a receipt was used for."""

    SETTLE = "settle"
    REFUND = "refund"
    FORFEIT = "forfeit"


class Account(StrEnum):
    """The accounts of the ledger. `claim` faces what is receivable until other books take it over."""

    CASH = "cash_and_bank"
    ADVANCE = "advance"
    UNIDENTIFIED = "unidentified"
    RECEIVABLE = "receivable"
    CLAIM = "claim"
    REFUND_PAYABLE = "refund_payable"
    FORFEITURE = "forfeiture"
    BAD_DEBT = "bad_debt"


class PostingKind(StrEnum):
    """What a posting was made for."""

    OPEN = "open"
    WAIVE = "waive"
    RECEIVE = "receive"
    MATCH = "match"
    SETTLE = "settle"
    REFUND = "refund"
    FORFEIT = "forfeit"
    TRANSFER = "transfer"
    WRITE_OFF = "write_off"
    REVERSE = "reverse"

    @property
    def label(self) -> LazyString:
        """What people call it. “Open” would say that it waits, and it says what came to be owed."""
        return _("Receivable") if self is PostingKind.OPEN else _(humanize(self.value))


class PeriodState(StrEnum):
    """Whether a month takes postings."""

    __tones__: ClassVar = {"open": "green"}

    OPEN = "open"
    CLOSED = "closed"


class CashDayState(StrEnum):
    """A day of a cash desk: open, counted and handed in, and locked by the accountant (S:RE-07, S:RE-08)."""

    __tones__: ClassVar = {"submitted": "blue", "reconciled": "green"}

    OPEN = "open"
    SUBMITTED = "submitted"
    RECONCILED = "reconciled"


class ShiftState(StrEnum):
    """A cashier's shift at a desk."""

    __tones__: ClassVar = {"handed_over": "green"}

    OPEN = "open"
    HANDED_OVER = "handed_over"


class BadDebtState(StrEnum):
    """Nothing is written off that was not approved (S:PAY-10)."""

    __tones__: ClassVar = {"approved": "blue", "rejected": "red", "written_off": "green"}

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WRITTEN_OFF = "written_off"


class InvoiceState(StrEnum):
    """An invoice counts once somebody else has audited it (S:PAY-02)."""

    __tones__: ClassVar = {"audited": "green", "void": "red"}

    DRAFT = "draft"
    AUDITED = "audited"
    VOID = "void"


class RecoveryState(StrEnum):
    """A loss is a case, then a claim, then closed (S:PAY-11)."""

    __tones__: ClassVar = {"claimed": "blue"}

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class StatementState(StrEnum):
    """A bank statement is looked through first; then all of its lines are taken in, or none."""

    __tones__: ClassVar = {"draft": "blue", "taken_in": "green"}

    DRAFT = "draft"
    TAKEN_IN = "taken_in"


class BankLineState(StrEnum):
    """What became of a line of a bank statement (P:PAY-06)."""

    __tones__: ClassVar = {"open": "blue", "matched": "green", "unidentified": "amber"}

    OPEN = "open"
    MATCHED = "matched"
    UNIDENTIFIED = "unidentified"
    IGNORED = "ignored"


class PaperSize(StrEnum):
    """On what receipts are printed: a page, or half a page lying on its side."""

    A4 = "a4"
    A5 = "a5"
