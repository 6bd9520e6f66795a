"""Who keeps a customer's file: the supervisor until the deal, then the customer-service supervisor (P:CRM-04)."""

import datetime as dt

from addons.reception.choices import CustomerState
from addons.reception.events import DealAgreed, DealUndone
from addons.reception.models import Customer
from addons.reception.queries import local_day
from addons.reception.security import SERVICE_SUPERVISOR
from addons.reception.workflow import CUSTOMER_WORKFLOW
from app.sdk.database import delete_record
from app.sdk.errors import Conflict, NotAllowed
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import PartnerRoleName, add_role, drop_role
from app.sdk.models import Employee, User
from app.sdk.organisation import employee_of
from app.sdk.security import employees_holding, may


def agree_deal(customer: Customer, *, actor: User, now: dt.datetime) -> None:
    """Note that consultant and customer agreed; a file that was converted before stays as it is.

    Raises Conflict for one that nobody has registered yet (R2).
    """
    if customer.state is not CustomerState.CONVERTED:
        _convert(customer, actor=actor, now=now)


@CUSTOMER_WORKFLOW.transition("convert")
def _convert(customer: Customer, *, actor: User, now: dt.datetime) -> None:
    """Make a prospect a customer, whose file passes to the customer-service supervisor.

    Without one the deal stands, and the file waits for somebody to be named (`assign_custodian`).
    """
    day = local_day(now)
    customer.agreed_at = now
    keepers = employees_holding(SERVICE_SUPERVISOR.name, on=day)
    customer.awaits_custodian = not keepers
    if keepers:
        customer.partner.custodian = keepers[0]
    add_role(customer.partner, role=PartnerRoleName.CUSTOMER, since=day)
    publish(DealAgreed(company_id=customer.company_id, customer_id=customer.id, partner_id=customer.partner_id))


@CUSTOMER_WORKFLOW.transition("undo_deal")
def undo_deal(customer: Customer, *, actor: User, reason: str) -> None:
    """Take a deal back: the file returns to the supervisor who registered it."""
    customer.agreed_at, customer.awaits_custodian = None, False
    customer.partner.custodian = customer.registrar
    drop_role(customer.partner, role=PartnerRoleName.CUSTOMER)
    publish(DealUndone(company_id=customer.company_id, customer_id=customer.id, partner_id=customer.partner_id))


@CUSTOMER_WORKFLOW.transition("assign_custodian")
def assign_custodian(customer: Customer, *, actor: User, custodian: Employee, now: dt.datetime) -> None:
    """Name who keeps the file of a customer. Raises Conflict for somebody who does not work here any more."""
    if not custodian.works_on(local_day(now)):
        raise Conflict(
            "customer.custodian_left",
            _("%(name)s does not work here any more."),
            field="custodian",
            name=custodian.name,
        )
    customer.partner.custodian, customer.awaits_custodian = custodian, False


def refuse_other_hands(customer: Customer, *, actor: User) -> None:
    """Raise NotAllowed for whoever changes a customer's file after the deal without keeping it (R3).

    The consultant goes on reading the file and logging what happens.
    """
    if customer.state is not CustomerState.CONVERTED or may(actor, "assign_custodian", "reception.Customer"):
        return
    me, keeper = employee_of(actor.id), customer.custodian
    if keeper is not None and (me is None or me.id != keeper.id):
        raise NotAllowed("customer.kept_by", _("%(name)s keeps this file since the deal."), name=keeper.name)


def delete_customer(customer: Customer, *, actor: User) -> None:
    """Delete a file that was never registered; raises Conflict for any other (P:CRM-02)."""
    if customer.prospect_number is not None:
        raise Conflict(
            "customer.registered",
            _("%(number)s is in the prospect register and cannot be deleted."),
            number=customer.prospect_number,
        )
    delete_record(customer, actor=actor)
