"""Customers pass to another consultant (S:REC-17)."""

import datetime as dt
from collections.abc import Collection

from addons.reception.choices import CustomerState, InquiryState, PromiseState
from addons.reception.models import Customer, Inquiry, Promise, Reception
from addons.reception.queries import UNPRINTED
from addons.reception.workflow import CUSTOMER_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import Holding, transfer_partners
from app.sdk.models import Employee, User

HOLDINGS = (
    Holding(
        "reception.customers",
        _("Customers"),
        Customer,
        (Customer.archived_at.is_(None), Customer.state != CustomerState.ERASED),
        partner="partner_id",
    ),
    Holding(
        "reception.receptions", _("Open receptions"), Reception, (Reception.state.in_(UNPRINTED),), partner="partner_id"
    ),
    Holding("reception.inquiries", _("Open inquiries"), Inquiry, (Inquiry.state == InquiryState.OPEN,)),
    Holding("reception.promises", _("Open promises"), Promise, (Promise.state == PromiseState.REQUESTED,)),
)


@CUSTOMER_WORKFLOW.transition("transfer")
def transfer_customer(customer: Customer, *, actor: User, receiver: Employee, reason: str, now: dt.datetime) -> None:
    """Give one customer, with what is open about him, to another consultant; the history stays.

    Raises Conflict for a consultant who left or cannot log in.
    """
    transfer_partners([customer.partner], receiver=receiver, reason=reason, actor=actor, now=now)


def transfer_customers(
    customers: Collection[Customer], *, receiver: Employee, reason: str, actor: User, now: dt.datetime
) -> int:
    """Give several customers to another consultant at once; return how many changed hands. Raises as above."""
    if not customers:
        raise ValidationError("transfer.nobody", _("Choose at least one customer."), field="customers")
    given = transfer_partners(
        [customer.partner for customer in customers], receiver=receiver, reason=reason, actor=actor, now=now
    )
    session.expire_all()
    return given
