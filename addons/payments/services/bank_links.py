"""Lines of bank statements follow the receipts and refunds that they stand for."""

from collections.abc import Sequence

from addons.payments.choices import BankLineState
from addons.payments.models import BankLine, Receipt, Refund
from addons.payments.workflow import BANK_LINE_WORKFLOW
from app.sdk.database import lock_matching, select
from app.sdk.models import User


@BANK_LINE_WORKFLOW.transition("identify")
def identify_line(line: BankLine, *, actor: User) -> None:
    """Note that the payer of a line was found, on the page of its receipt."""


@BANK_LINE_WORKFLOW.transition("release")
def release_line(line: BankLine, *, actor: User) -> None:
    """Open a line again whose receipt or refund is void."""
    line.receipt = line.refund = None
    line.booked = False


def identify_lines(receipt: Receipt, *, actor: User) -> None:
    """Note that the payer of a receipt was found on the lines that it stands for."""
    for line in lock_lines(receipt):
        if line.state is BankLineState.UNIDENTIFIED:
            identify_line(line, actor=actor)


def release_lines(document: Receipt | Refund, *, actor: User) -> None:
    """Open the lines again that a document stood for: it is void, or goes."""
    for line in lock_lines(document):
        release_line(line, actor=actor)


def lock_lines(document: Receipt | Refund) -> Sequence[BankLine]:
    """Return the bank lines that a document stands for, locked: before it, as whoever matches a line does."""
    column = BankLine.receipt_id if isinstance(document, Receipt) else BankLine.refund_id
    return lock_matching(select(BankLine).where(column == document.id))
