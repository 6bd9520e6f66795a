"""Receipts: written down, posted for good, printed, audited, made void."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.payments.choices import Account, PostingKind, ReceiptState, ReceivableState
from addons.payments.events import ReceiptPosted, ReceiptVoided
from addons.payments.masterdata import RECEIPT_NUMBERS
from addons.payments.models import Method, Receipt, Receivable
from addons.payments.parameters import UNIQUE_BANK_REF
from addons.payments.queries import ZERO, find_used_bank_ref, has_refunds, list_live_postings, local_day, owner_and_unit
from addons.payments.services.bank_links import lock_lines, release_lines
from addons.payments.services.ledger import Act, Movement, Side, enter_period, lock, lock_bank_refs, post
from addons.payments.services.using import take_back, use_for
from addons.payments.workflow import RECEIPT_WORKFLOW
from app.sdk.database import session, set_lines, utc_now
from app.sdk.errors import Conflict, Duplicate, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import clean_text, draw_number, parse_identity_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of


def create_receipt(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Receipt:
    """Write money down that came in; its amount is the sum of its tenders. Nothing is booked yet.

    Raises ValidationError without a tender or for one that is not above zero, Duplicate for a bank reference that is
    entered already (S:PAY-01).
    """
    today = local_day(now or utc_now())
    given = {name: value for name, value in values.items() if value is not None}
    receipt = Receipt(**{"doc_date": today, "amount": ZERO, "state": ReceiptState.DRAFT, **given})
    employee, receipt.org_unit_id = owner_and_unit(actor, on=receipt.doc_date)
    receipt.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(receipt, "lines", lines or [])
        _check(receipt, today=today)
    session.add(receipt)
    session.flush()
    return receipt


def update_receipt(receipt: Receipt, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any) -> None:
    """Change a draft. Raises Conflict for a posted one: it is made void and written anew (P:PAY-02, R2)."""
    if receipt.state is not ReceiptState.DRAFT:
        raise Conflict("receipt.posted", _("A posted receipt is not changed. Make it void and write another."))
    for name, value in values.items():
        setattr(receipt, name, value)
    if lines is not None:
        set_lines(receipt, "lines", lines)
    with session.no_autoflush:
        _check(receipt, today=local_day(utc_now()))
    session.flush()


def delete_receipt(receipt: Receipt, *, actor: User) -> None:
    """Delete a draft. Raises Conflict for anything else: it has a number (R2)."""
    if receipt.state is not ReceiptState.DRAFT:
        raise Conflict("receipt.numbered", _("It has a number and stays. Make it void instead."))
    release_lines(receipt, actor=actor)
    session.delete(receipt)
    session.flush()


@RECEIPT_WORKFLOW.transition("post")
def post_receipt(receipt: Receipt, *, actor: User, now: dt.datetime) -> None:
    """Book the money, settle what it was meant for, and draw the number last (P:PAY-01, P:PAY-02, P:PAY-03).

    Raises ValidationError for an amount that the receivable does not take, and where the payer's identity is missing;
    Conflict in a closed month or on a cash day that was handed in.
    """
    with session.no_autoflush:  # All is written with the posting.
        _check(receipt, today=local_day(now))
        receipt.posted_at, entity_id = now, receipt.legal_entity_id
        act = Act(actor, receipt.doc_date, now)
        lock(receipt.receivable)
        enter_period(act.on, legal_entity_id=entity_id)
        held = Account.ADVANCE if receipt.partner_id is not None else Account.UNIDENTIFIED
        sides: list[Side] = [(Account.CASH, line.amount, line.method.place_id) for line in receipt.lines]
        sides.append((held, -receipt.amount, None))
        post(Movement(kind=PostingKind.RECEIVE, sides=sides), act=act, receipt=receipt)
    if receipt.receivable is not None:
        amount = min(receipt.amount, receipt.receivable.open_amount)  # What is more stays an advance (P:PAY-06).
        use_for(receipt, [(receipt.receivable, amount)], act=act)
    publish(ReceiptPosted(company_id=receipt.company_id, receipt_id=receipt.id))
    receipt.number = draw_number(RECEIPT_NUMBERS, legal_entity_id=entity_id, on=receipt.doc_date)


@RECEIPT_WORKFLOW.transition("void", holds=lock_lines)
def void_receipt(receipt: Receipt, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Take everything back by mirroring it today; the number stays taken (P:PAY-03).

    Raises Conflict while money of it was paid back: that refund is made void first.
    """
    if has_refunds(receipt):
        raise Conflict("receipt.refunded", _("Money of it was paid back. Make that refund void first."))
    take_back(list_live_postings(receipt.id), actor=actor, now=now)
    release_lines(receipt, actor=actor)
    publish(ReceiptVoided(company_id=receipt.company_id, receipt_id=receipt.id))


@RECEIPT_WORKFLOW.transition("print")
def print_receipt(receipt: Receipt, *, actor: User) -> None:
    """Count one more printing; from the second on it is a marked copy (S:RE-06)."""
    receipt.print_count += 1


@RECEIPT_WORKFLOW.transition("audit")
def audit_receipt(receipt: Receipt, *, actor: User, now: dt.datetime) -> None:
    """Lock the receipt after the accountant has checked it (S:RE-08)."""
    receipt.audited_at, receipt.audited_by_id = now, actor.id


@RECEIPT_WORKFLOW.transition("lift_audit")
def lift_audit(receipt: Receipt, *, actor: User, reason: str) -> None:
    """Unlock it again. Raises Conflict once its month is closed."""
    enter_period(receipt.doc_date, legal_entity_id=receipt.legal_entity_id)
    receipt.audited_at = receipt.audited_by_id = None


def _check(receipt: Receipt, *, today: dt.date) -> None:
    if not receipt.lines:
        raise ValidationError("receipt.lines", _("A receipt needs at least one tender."), field="lines")
    for line in receipt.lines:
        amount: Decimal | None = line.amount  # A caller may have left it out.
        if amount is None or amount <= 0:
            raise ValidationError(
                "receipt.amount", _("The amount of each tender must be above %(limit)s."), field="lines", limit="0.00"
            )
        line.bank_ref = clean_text(line.bank_ref)
    receipt.amount = sum((line.amount for line in receipt.lines), Decimal(0))
    if receipt.doc_date > today:
        raise ValidationError(
            "receipt.future", _("A receipt is not dated later than %(limit)s."), field="doc_date", limit=today
        )
    if receipt.id_no:
        receipt.id_no = parse_identity_number(receipt.id_no, field="id_no", today=today)
    receivable = session.get(Receivable, receipt.receivable_id) if receipt.receivable_id is not None else None
    if receivable is not None:
        if receivable.state is not ReceivableState.OPEN:
            raise Conflict("receipt.not_open", _("%(number)s is not open."), field="receivable_id", number=receivable)
        receipt.partner_id = receipt.partner_id or receivable.partner_id
    receipt.period, receipt.legal_entity_id = f"{receipt.doc_date:%Y-%m}", _entity_of(receipt)
    _check_bank_refs(receipt)


def _entity_of(receipt: Receipt) -> int | None:
    """Return whose books the money goes into: those of the place that takes it, else those of the cashier's unit."""
    method = session.get(Method, receipt.lines[0].method_id)
    if method is not None and method.place.legal_entity_id is not None:
        return method.place.legal_entity_id
    entity = legal_entity_of(receipt.org_unit_id)
    return entity.id if entity else None


def _check_bank_refs(receipt: Receipt) -> None:
    references = [line.bank_ref for line in receipt.lines if line.bank_ref]
    if not references or not UNIQUE_BANK_REF.value(receipt.doc_date):
        return
    lock_bank_refs(references)  # Another cashier may be entering it: in whichever month, one of the two wins.
    for reference in references:
        if references.count(reference) > 1:
            raise ValidationError(
                "receipt.bank_ref_twice",
                _("Two tenders have the bank reference %(value)s."),
                field="lines",
                value=reference,
            )
        other = find_used_bank_ref(reference, besides=receipt.id)
        if other is not None:
            raise Duplicate(
                "receipt.bank_ref",
                _("The bank reference %(value)s is entered already, in receipt %(match)s."),
                match=str(other),
                field="lines",
                value=reference,
            )
