"""The register of invoices: never for more than was asked for, no number twice, and red letters that take back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.payments.choices import InvoiceState, ReceivableState
from addons.payments.models import Invoice, Receivable
from addons.payments.queries import find_invoice, invoiced_of, left_of, local_day, owner_and_unit, words
from addons.payments.services.ledger import enter_period, lock
from addons.payments.workflow import INVOICE_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import Conflict, Duplicate, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import parse_decimal, required_text
from app.sdk.models import User
from app.sdk.workflow import Amount

_BOUND = (ReceivableState.OPEN, ReceivableState.SETTLED)


def create_invoice(
    *,
    actor: User,
    receivable_id: int,
    number: str,
    amount: Decimal,
    issued_on: dt.date | None = None,
    title: str | None = None,
) -> Invoice:
    """Register an invoice for a receivable.

    Raises Duplicate for a number that was used, even by a void one (R5); ValidationError above what is not invoiced;
    Conflict in a closed month (S:PAY-05).
    """
    today = local_day(utc_now())
    employee, unit_id = owner_and_unit(actor, on=today)
    invoice = Invoice(
        receivable_id=receivable_id,
        number=number,
        amount=amount,
        issued_on=issued_on or today,
        title=title,
        state=InvoiceState.DRAFT,
        owner_id=employee.id if employee else None,
        org_unit_id=unit_id,
        created_by_id=actor.id,
    )
    return _register(invoice)


def update_invoice(invoice: Invoice, *, actor: User, **values: Any) -> None:
    """Change a draft. Raises Conflict for one that was audited or is void (R2)."""
    if invoice.state is not InvoiceState.DRAFT:
        raise Conflict("invoice.fixed", _("Only a draft is changed. Make it void and register another."))
    for name, value in values.items():
        setattr(invoice, name, value)
    with session.no_autoflush:
        _check(invoice)
    session.flush()


@INVOICE_WORKFLOW.transition("audit")
def audit_invoice(invoice: Invoice, *, actor: User) -> None:
    """Confirm it after comparing it with the receivable (S:PAY-02). Raises Conflict in a closed month (S:PAY-05)."""
    _enter_month(invoice, invoice.receivable)


@INVOICE_WORKFLOW.transition("red_letter")
def write_red_letter(
    invoice: Invoice,
    *,
    actor: User,
    number: str,
    reason: str,
    now: dt.datetime,
    amount: Amount | None = None,
    issued_on: dt.date | None = None,
) -> None:
    """Register the red letter that takes an audited invoice back, all of what is left unless an amount is named.

    It is a draft until somebody else audits it; from then on the amount may be invoiced again. The log keeps the
    reason. Raises Duplicate for a number that was used (R5); ValidationError above what is left of the invoice (R4).
    """
    today = local_day(now)
    employee, unit_id = owner_and_unit(actor, on=today)
    _register(
        Invoice(
            receivable_id=invoice.receivable_id,
            original_id=invoice.id,
            number=number,
            amount=-(left_of(invoice) if amount is None else parse_decimal(amount, field="amount", places=2)),
            issued_on=issued_on or today,
            title=invoice.title,
            state=InvoiceState.DRAFT,
            owner_id=employee.id if employee else None,
            org_unit_id=unit_id,
            created_by_id=actor.id,
        )
    )


@INVOICE_WORKFLOW.transition("void")
def void_invoice(invoice: Invoice, *, actor: User, reason: str) -> None:
    """Take it back; its number stays taken, and the amount may be invoiced again.

    Raises Conflict for one that a red letter takes back (R2), or of a closed month: a red letter is written (S:PAY-05).
    """
    _enter_month(invoice, invoice.receivable)
    if left_of(invoice) != invoice.amount:
        raise Conflict("invoice.red_letter", _("A red letter takes it back. Make that void first."))


def _register(invoice: Invoice) -> Invoice:
    with session.no_autoflush:
        _check(invoice)
    session.add(invoice)
    session.flush()
    return invoice


def _check(invoice: Invoice) -> None:
    receivable = session.get(Receivable, invoice.receivable_id)
    if receivable is None or (invoice.original_id is None and receivable.state not in _BOUND):
        raise NotFound("invoice.receivable", _("There is no such open receivable."), field="receivable_id")
    invoice.number = required_text(invoice.number, field="number", maximum=40)
    other = find_invoice(invoice.number, besides=invoice.id)
    if other is not None:
        raise Duplicate(
            "invoice.number", _("The invoice number %(match)s was used already."), match=other.number, field="number"
        )
    lock(receivable)
    _enter_month(invoice, receivable)
    if invoice.original_id is not None:
        _check_red_letter(invoice, session.get_one(Invoice, invoice.original_id))
        return
    if invoice.amount <= 0:
        raise ValidationError("invoice.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00")
    left = receivable.amount - receivable.waived - invoiced_of(receivable, besides=invoice.id)
    if invoice.amount > left:
        raise ValidationError(
            "invoice.too_much", _("At most %(limit)s is not invoiced yet."), field="amount", limit=words(left)
        )


def _enter_month(invoice: Invoice, receivable: Receivable) -> None:
    enter_period(invoice.issued_on, legal_entity_id=receivable.legal_entity_id, field="issued_on")


def _check_red_letter(red: Invoice, original: Invoice) -> None:
    if red.receivable_id != original.receivable_id:
        raise ValidationError(
            "invoice.red_receivable",
            _("A red letter stays with the receivable of its invoice, %(limit)s."),
            field="receivable_id",
            limit=original.receivable,
        )
    left = left_of(original, besides=red.id)
    if not 0 < -red.amount <= left:
        raise ValidationError(
            "invoice.red_too_much",
            _("A red letter takes back from 0.01 to the %(limit)s that are left of the invoice."),
            field="amount",
            limit=words(left),
        )
