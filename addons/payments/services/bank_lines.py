"""Lines of bank statements become receipts, or are linked with what is booked, or are left alone (P:PAY-06)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from addons.payments.choices import ReceiptState, RefundState
from addons.payments.models import BankLine, Receipt, Receivable, Refund
from addons.payments.queries import ZERO, authorisation_of, transfer_method, words
from addons.payments.services.ledger import lock, lock_bank_refs
from addons.payments.services.receipts import create_receipt, post_receipt
from addons.payments.services.using import match_receipt, settle_receivable
from addons.payments.workflow import BANK_LINE_WORKFLOW
from app.sdk.database import lock_rows, session
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import Partner, name_key, optional_text
from app.sdk.models import User
from app.sdk.workflow import Amount

Uses = list[tuple[Receivable, Decimal]]


@BANK_LINE_WORKFLOW.transition("match")
def match_line(
    line: BankLine,
    *,
    actor: User,
    receivables: list[Receivable],
    now: dt.datetime,
    amounts: list[Amount] | None = None,
    authorisation: str | None = None,
) -> None:
    """Book the money, and settle these receivables with it: each with its amount, or in turn until it is used up.

    What is left stays the customer's advance. Raises ValidationError for amounts that are not there, and where the
    payer is not the customer and no written authorisation is named; whatever posting and settling refuse.
    """
    lock_for_matching([line], receivables)
    uses, partner = _uses(line, receivables, amounts), receivables[0].partner
    allowed = _authorisation(line, partner, authorisation)
    if line.receipt is None:
        receipt = _book(line, actor=actor, now=now, partner=partner, authorisation=allowed)
    else:
        receipt = line.receipt
        receipt.authorisation = allowed
        match_receipt(receipt, actor=actor, partner=partner, now=now)
    for receivable, amount in uses:
        settle_receivable(receipt, actor=actor, receivable=receivable, amount=amount, now=now)


@BANK_LINE_WORKFLOW.transition("advance")
def advance_line(
    line: BankLine, *, actor: User, partner: Partner, now: dt.datetime, authorisation: str | None = None
) -> None:
    """Book the money as an advance of a customer who owes nothing yet. Raises as `match_line` does."""
    allowed = _authorisation(line, partner, authorisation)
    _book(line, actor=actor, now=now, partner=partner, authorisation=allowed)


@BANK_LINE_WORKFLOW.transition("park")
def park_line(line: BankLine, *, actor: User, now: dt.datetime) -> None:
    """Book money of an unknown payer: it waits as unidentified (P:PAY-06)."""
    _book(line, actor=actor, now=now)


@BANK_LINE_WORKFLOW.transition("connect")
def connect_line(line: BankLine, *, actor: User, receipt: Receipt | None = None, refund: Refund | None = None) -> None:
    """Say that a line is what is booked already. Raises ValidationError unless amount, direction and account agree."""
    found = receipt if line.amount > 0 else refund
    if found is not None:
        lock_rows(found)
    if found is None or _booked_at(found, line.place_id) != abs(line.amount):
        raise ValidationError(
            "bank.not_alike",
            _("Choose what is booked at %(place)s with %(amount)s."),
            field="receipt" if line.amount > 0 else "refund",
            place=line.place,
            amount=words(abs(line.amount)),
        )
    if isinstance(found, Receipt):
        line.receipt = found
    else:
        line.refund = found


@BANK_LINE_WORKFLOW.transition("ignore")
def ignore_line(line: BankLine, *, actor: User, reason: str) -> None:
    """Leave a line alone, such as a fee of the bank; it keeps the reason."""
    line.reason = reason


@BANK_LINE_WORKFLOW.transition("take_back")
def take_back_line(line: BankLine, *, actor: User) -> None:
    """Open a line again that was ignored, or linked with what is booked."""
    line.receipt = line.refund = line.reason = None


def lock_for_matching(lines: Sequence[BankLine], receivables: Iterable[Receivable]) -> None:
    """Keep others out of lines and of what they are going to pay, each by id: before the first of them is booked."""
    lock_rows(*lines)
    lock(*(line.receipt for line in lines))
    lock_bank_refs(line.bank_ref for line in lines if line.receipt_id is None and line.bank_ref)
    lock(*receivables)


def _book(
    line: BankLine, *, actor: User, now: dt.datetime, partner: Partner | None = None, authorisation: str | None = None
) -> Receipt:
    """Write and post the receipt of a line. Raises Conflict where no way to pay leads to the account."""
    method = transfer_method(line.place_id)
    if method is None:
        raise Conflict("bank.no_method", _("No way to pay leads to %(place)s: set one up first."), place=line.place)
    receipt = create_receipt(
        actor=actor,
        now=now,
        doc_date=line.booked_on,
        partner_id=partner.id if partner is not None else None,
        payer_name=line.payer_name,
        authorisation=authorisation,
        note=line.memo,
        lines=[{"method_id": method.id, "amount": line.amount, "bank_ref": line.bank_ref}],
    )
    if not post_receipt(receipt, actor=actor, now=now).is_done:
        raise Conflict("bank.approval", _("Posting a receipt waits for approval here: write the receipt by hand."))
    line.receipt, line.booked = receipt, True
    session.flush()
    return receipt


def _booked_at(document: Receipt | Refund, place_id: int) -> Decimal:
    """Return with how much a receipt or a refund that counts stands in the books of a place."""
    if isinstance(document, Refund):
        counts = document.state is RefundState.PAID and document.method.place_id == place_id
        return document.amount if counts else ZERO
    if document.state is not ReceiptState.POSTED:
        return ZERO
    return sum((line.amount for line in document.lines if line.method.place_id == place_id), ZERO)


def _uses(line: BankLine, receivables: list[Receivable], amounts: list[Decimal] | None) -> Uses:
    """Return how much of the line each receivable takes."""
    if len({one.id for one in receivables}) < len(receivables):
        raise ValidationError("bank.twice", _("Each receivable is chosen once."), field="receivables")
    if amounts is None:
        return _in_turn(line, receivables)
    if len(amounts) != len(receivables):
        raise ValidationError("bank.amounts", _("Name one amount for each receivable."), field="amounts")
    if sum(amounts) > line.amount:
        raise ValidationError(
            "bank.too_much",
            _("Together %(sum)s; the line has %(limit)s."),
            field="amounts",
            sum=words(sum(amounts, ZERO)),
            limit=words(line.amount),
        )
    return list(zip(receivables, amounts, strict=True))


def _in_turn(line: BankLine, receivables: list[Receivable]) -> Uses:
    left, uses = line.amount, []
    for receivable in receivables:
        if left <= 0:
            raise ValidationError(
                "bank.used_up", _("Nothing is left for %(number)s."), field="receivables", number=receivable
            )
        uses.append((receivable, min(left, receivable.open_amount)))
        left -= uses[-1][1]
    return uses


def _authorisation(line: BankLine, partner: Partner, given: str | None) -> str | None:
    """Return by which written authorisation somebody else pays: the one named, or that of an earlier receipt.

    The customer's own name may be spelt in letters; one that only sounds alike is somebody else's. Raises
    ValidationError where the payer's name is not the customer's and there is none (P:PAY-06), and for a long one.
    """
    named = optional_text(given, field="authorisation")
    if named is not None or line.payer_name is None:
        return named
    if name_key(line.payer_name) in (partner.name_key, partner.pinyin):
        return None
    earlier = authorisation_of(line.payer_name, partner.id)
    if earlier is None:
        raise ValidationError(
            "bank.other_payer",
            _("%(payer)s pays for %(customer)s: note by which written authorisation."),
            field="authorisation",
            payer=line.payer_name,
            customer=partner,
        )
    return earlier
