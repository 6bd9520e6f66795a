"""What payments announces, and what may refuse the close of a month."""

from dataclasses import dataclass

from app.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class ReceivableOpened(Event):
    """Something is owed from now on."""

    receivable_id: int


@dataclass(frozen=True, kw_only=True)
class ReceivableSettled(Event):
    """Nothing is open any more. Not sent where the rest was waived or written off."""

    receivable_id: int


@dataclass(frozen=True, kw_only=True)
class ReceiptPosted(Event):
    """Money came in and has its number. What it pays is announced by `MoneyAllocated`."""

    receipt_id: int


@dataclass(frozen=True, kw_only=True)
class MoneyAllocated(Event):
    """A receipt's money settled a receivable, wholly or in part; a negative amount in fen took it back."""

    receipt_id: int
    receivable_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class ReceiptVoided(Event):
    """A receipt was taken back; what it had settled is announced by `MoneyAllocated`."""

    receipt_id: int


@dataclass(frozen=True, kw_only=True)
class MoneyRefunded(Event):
    """Money went back to the payer."""

    receipt_id: int
    refund_id: int


@dataclass(frozen=True, kw_only=True)
class MoneyForfeited(Event):
    """The company keeps money of a buyer who broke his word."""

    receipt_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PeriodClosed(Event):
    """A month was closed; a handler with a veto refuses it while documents of its own are unaudited (S:PAY-05).

    It is the month of one legal entity, or of none; `audited` says whether the company asks for audits at all.
    """

    period_id: int
    month: str
    legal_entity_id: int | None
    audited: bool
