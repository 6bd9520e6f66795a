"""The steps of a prospect or customer file as far as the front desk takes it."""

import datetime as dt

from addons.reception.choices import CustomerStage, Intent, Lifecycle
from addons.reception.events import CustomerFileOpened, CustomerSubmitted
from addons.reception.models import Customer
from addons.reception.queries import days_late, file_minutes_late
from addons.reception.services.audits import hand_in_audit
from addons.reception.workflow import CUSTOMER_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import Conflict
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import EraseState, PartnerRoleName, decide_erasure, request_erasure, set_stage
from app.sdk.models import User


def open_customer_file(customer: Customer, *, intent: Intent, now: dt.datetime) -> None:
    """Make a prospect with an intent to buy a customer file; one that is open already takes the intent (P:CRM-05).

    Raises Conflict for the intent `none`, for which a prospect is all there is (R2).
    """
    if not intent.is_purchase:
        raise Conflict("customer.no_intent", _("A customer file needs an intent to buy (A, B or C)."), field="intent")
    customer.intent = intent
    if customer.stage is CustomerStage.CUSTOMER_FILE:
        return
    customer.stage, customer.file_opened_at = CustomerStage.CUSTOMER_FILE, now
    if customer.lifecycle is Lifecycle.POTENTIAL:
        customer.lifecycle = Lifecycle.INTENDING
    session.flush()
    set_stage(customer.partner, role=PartnerRoleName.PROSPECT, stage=customer.stage.value)
    publish(
        CustomerFileOpened(
            company_id=customer.company_id, customer_id=customer.id, partner_id=customer.partner_id, intent=intent.value
        )
    )


@CUSTOMER_WORKFLOW.transition("submit")
def submit_customer(customer: Customer, *, actor: User, now: dt.datetime) -> None:
    """Hand a file to the supervisor, and note how late that is (P:CRM-01, P:CRM-05)."""
    customer.submitted_at = now
    customer.days_late = days_late(customer)
    customer.file_minutes_late = file_minutes_late(customer)
    hand_in_audit(customer, now=now)
    publish(CustomerSubmitted(company_id=customer.company_id, customer_id=customer.id, partner_id=customer.partner_id))


@CUSTOMER_WORKFLOW.transition("erase")
def erase_customer(customer: Customer, *, actor: User, source: str, now: dt.datetime) -> None:
    """Remove a customer's personal data on request; `source` says how the request came (P:CRM-22).

    Raises Conflict with the reasons while the law wants the data kept (R2).
    """
    request = request_erasure(customer.partner, source=source, now=now)
    if decide_erasure(request, now=now) is not EraseState.ERASED:
        raise Conflict("customer.kept", _("The data must be kept: %(reasons)s"), reasons=request.refusal)
    session.expire(customer, ["points", "addresses", "consents"])
