"""Requests for invoices: no more than is asked for an order and was shipped, issued by finance (P:PAY-04, S:PAY-02)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.orders.choices import InvoiceRequestState
from addons.orders.masterdata import INVOICE_REQUEST_NUMBERS
from addons.orders.models import InvoiceRequest, Order
from addons.orders.queries import (
    RETURNABLE,
    ZERO,
    invoiced_and_requested,
    is_shipping_recorded,
    plain,
    refs_of,
    to_be_invoiced,
    words,
)
from addons.orders.workflow import INVOICE_REQUEST_WORKFLOW
from addons.payments.api import Receivable, ReceivableState, create_invoice, find_receivables_of, invoiced_of
from app.sdk.database import session, utc_now
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import draw_number, optional_text
from app.sdk.models import User
from app.sdk.organisation import local_day, owner_and_unit

_BOUND = (ReceivableState.OPEN, ReceivableState.SETTLED)


def create_invoice_request(*, actor: User, now: dt.datetime | None = None, **values: Any) -> InvoiceRequest:
    """Ask finance for an invoice; a blank title is the customer, a blank amount all that is not invoiced yet.

    Raises Conflict for an order that binds nobody; ValidationError above what is not invoiced or not shipped, naming
    it, and for a tax rate that no line of the order has (P:PAY-04, S:PAY-02, R4).
    """
    today = local_day(now or utc_now())
    given = {name: value for name, value in values.items() if value is not None}
    request = InvoiceRequest(**{"doc_date": today, "state": InvoiceRequestState.REQUESTED, **given})
    request.created_by_id = actor.id
    employee, request.org_unit_id = owner_and_unit(actor, on=request.doc_date)
    request.owner_id = employee.id if employee else None
    with session.no_autoflush:
        order = _check(request)
    request.legal_entity_id = order.legal_entity_id
    request.number = draw_number(INVOICE_REQUEST_NUMBERS, legal_entity_id=request.legal_entity_id, on=today)
    session.add(request)
    session.flush()
    return request


def update_invoice_request(request: InvoiceRequest, *, actor: User, **values: Any) -> None:
    """Change what is asked for. Raises Conflict once finance has decided (R2), and what creating one raises."""
    if request.state is not InvoiceRequestState.REQUESTED:
        raise Conflict("invoice_request.fixed", _("Finance has decided on it. Ask for another invoice."))
    for name, value in values.items():
        setattr(request, name, value)
    with session.no_autoflush:
        _check(request)
    session.flush()


@INVOICE_REQUEST_WORKFLOW.transition("issue")
def issue_invoice(
    request: InvoiceRequest, *, actor: User, invoice_number: str, now: dt.datetime, issued_on: dt.date | None = None
) -> None:
    """Register the invoice that was written; it is a draft in the register until somebody else audits it.

    Raises ValidationError where less was shipped, or more came back, than was thought when it was asked for (S:PAY-02).
    Raises Duplicate for a number that was used (R5), ValidationError where no receivable of the order can take it.
    """
    _check(request)
    receivable = _receivable_for(request)
    invoice = create_invoice(
        actor=actor,
        receivable_id=receivable.id,
        number=invoice_number,
        amount=request.amount,
        issued_on=issued_on or local_day(now),
        title=request.title,
    )
    request.invoice_id = invoice.id
    request.posted_at, request.period = now, f"{local_day(now):%Y-%m}"


@INVOICE_REQUEST_WORKFLOW.transition("reject")
def reject_invoice_request(request: InvoiceRequest, *, actor: User, reason: str) -> None:
    """Say why no invoice is written."""


@INVOICE_REQUEST_WORKFLOW.transition("cancel")
def cancel_invoice_request(request: InvoiceRequest, *, actor: User, reason: str) -> None:
    """Take the request back, with a reason."""


def _check(request: InvoiceRequest) -> Order:
    order_id: int | None = request.order_id  # A caller may have left it out, as the amount below.
    order = session.get(Order, order_id) if order_id is not None else None
    if order is None:
        raise NotFound("invoice_request.order", _("There is no such order."), field="order_id")
    session.refresh(order, with_for_update={"of": Order})  # Two requests for one order wait for each other.
    if order.state not in RETURNABLE:
        raise Conflict(
            "invoice_request.unbound", _("Only a confirmed order is invoiced. Confirm it first."), field="order_id"
        )
    request.partner_id = order.partner_id
    request.title = optional_text(request.title, field="title", maximum=200) or order.partner_name
    request.tax_no = optional_text(request.tax_no, field="tax_no", maximum=30)
    request.tax_rate = _rate(request, order)
    request.amount = _amount(request, order)
    return order


def _rate(request: InvoiceRequest, order: Order) -> Decimal:
    rates = sorted({line.tax_rate for line in order.lines}, reverse=True)
    rate: Decimal | None = request.tax_rate
    if rate is None:
        return rates[0]
    if rate not in rates:
        raise ValidationError(
            "invoice_request.rate",
            _("The lines of the order are taxed at %(limit)s %%."),
            field="tax_rate",
            limit=", ".join(plain(one * 100) for one in rates),
        )
    return rate


def _amount(request: InvoiceRequest, order: Order) -> Decimal:
    invoiced, asked = invoiced_and_requested(order, besides=request.id)
    left = to_be_invoiced(order) - invoiced - asked
    asked_for: Decimal | None = request.amount
    amount = asked_for if asked_for is not None else left
    if amount <= 0 or amount > left:
        text = _("The amount must be above 0.00; %(limit)s of the order is not invoiced yet.")
        if is_shipping_recorded(order):
            text = _("The amount must be above 0.00; %(limit)s of what was shipped is not invoiced yet.")
        raise ValidationError("invoice_request.too_much", text, field="amount", limit=words(max(left, ZERO)))
    return amount


def _receivable_for(request: InvoiceRequest) -> Receivable:
    """Return the receivable of the order that the invoice fits into: an invoice stands for one."""
    left = [
        (one.amount - one.waived - invoiced_of(one, besides=None), one)
        for ref in refs_of(request.order)
        for one in find_receivables_of(ref)
        if one.state in _BOUND
    ]
    for rest, receivable in left:
        if request.amount <= rest:
            return receivable
    raise ValidationError(
        "invoice_request.parts",
        _("Deposit and balance are invoiced one by one: at most %(limit)s in one invoice."),
        field="invoice_number",
        limit=words(max((rest for rest, _one in left), default=ZERO)),
    )
