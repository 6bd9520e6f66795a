"""The register of invoices: never for more than was asked for, no number twice."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.payments.choices import InvoiceState, ReceivableState
from addons.payments.models import Invoice, Receivable
from addons.payments.queries import find_invoice, invoiced_of, local_day, owner_and_unit, words
from addons.payments.services.ledger import lock
from addons.payments.workflow import INVOICE_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import Conflict, Duplicate, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User

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

    Raises Duplicate for a number that was used, even by a void one (R5); ValidationError above what is not invoiced.
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
    with session.no_autoflush:
        _check(invoice)
    session.add(invoice)
    session.flush()
    return invoice


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
    """Confirm it after comparing it with the receivable (S:PAY-02)."""


@INVOICE_WORKFLOW.transition("void")
def void_invoice(invoice: Invoice, *, actor: User, reason: str) -> None:
    """Take it back; its number stays taken, and the amount may be invoiced again."""


def _check(invoice: Invoice) -> None:
    receivable = session.get(Receivable, invoice.receivable_id)
    if receivable is None or receivable.state not in _BOUND:
        raise NotFound("invoice.receivable", _("There is no such open receivable."), field="receivable_id")
    invoice.number = required_text(invoice.number, field="number", maximum=40)
    other = find_invoice(invoice.number, besides=invoice.id)
    if other is not None:
        raise Duplicate(
            "invoice.number", _("The invoice number %(match)s was used already."), match=other.number, field="number"
        )
    if invoice.amount <= 0:
        raise ValidationError("invoice.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00")
    lock(receivable)
    left = receivable.amount - receivable.waived - invoiced_of(receivable, besides=invoice.id)
    if invoice.amount > left:
        raise ValidationError(
            "invoice.too_much", _("At most %(limit)s is not invoiced yet."), field="amount", limit=words(left)
        )
