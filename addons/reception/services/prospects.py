"""The sales office behind the front desk: prospects are registered, confirmed or given back (P:CRM-02, P:CRM-03)."""

import datetime as dt

from addons.reception.events import CustomerRegistered, ProspectDecided
from addons.reception.masterdata import PROSPECT_NUMBERS
from addons.reception.models import Customer
from addons.reception.queries import local_day
from addons.reception.workflow import CUSTOMER_WORKFLOW
from app.sdk.events import publish
from app.sdk.masterdata import draw_number
from app.sdk.models import User
from app.sdk.organisation import employee_of


@CUSTOMER_WORKFLOW.transition("register")
def register_customer(customer: Customer, *, actor: User, now: dt.datetime) -> None:
    """Enter a prospect or customer file in the register; the supervisor keeps it, the owner stays (P:CRM-02).

    One that comes back after a rejection keeps its number.
    """
    registrar = employee_of(actor.id)
    customer.registered_at, customer.registrar = now, registrar
    customer.partner.custodian = registrar
    publish(CustomerRegistered(company_id=customer.company_id, customer_id=customer.id, partner_id=customer.partner_id))
    if customer.prospect_number is None:  # The last write: whoever draws the next number waits until we end.
        customer.prospect_number = draw_number(PROSPECT_NUMBERS, legal_entity_id=None, on=local_day(now))


@CUSTOMER_WORKFLOW.transition("confirm")
def confirm_prospect(customer: Customer, *, actor: User, now: dt.datetime) -> None:
    """Confirm a registered prospect (P:CRM-03)."""
    customer.confirmed_at = now
    _announce(customer, confirmed=True)


@CUSTOMER_WORKFLOW.transition("reject")
def reject_prospect(customer: Customer, *, actor: User, reason: str) -> None:
    """Give a registered prospect back to the consultant, who corrects and submits it again (P:CRM-03)."""
    customer.confirmed_at = None
    _announce(customer, confirmed=False)


def _announce(customer: Customer, *, confirmed: bool) -> None:
    publish(
        ProspectDecided(
            company_id=customer.company_id, customer_id=customer.id, partner_id=customer.partner_id, confirmed=confirmed
        )
    )
