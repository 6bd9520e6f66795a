"""The audit of customers' entries, key customers and what contracts say of them (S:REC-06, S:REC-10)."""

import datetime as dt
from typing import Annotated

from addons.reception.choices import AuditState, Lifecycle
from addons.reception.models import Customer, EntryAudit
from addons.reception.parameters import ENTRY_AUDIT
from addons.reception.queries import find_audit, find_customer_of, local_day
from addons.reception.workflow import AUDIT_WORKFLOW, CUSTOMER_WORKFLOW
from app.sdk.database import session
from app.sdk.models import User
from app.sdk.workflow import MaxLength


def open_audit(customer: Customer, *, on: dt.date) -> EntryAudit | None:
    """Open the audit of a new file; nothing where the company does not audit."""
    if not ENTRY_AUDIT.value(on):
        return None
    audit = EntryAudit(customer_id=customer.id, owner_id=customer.owner_id, org_unit_id=customer.org_unit_id)
    session.add(audit)
    return audit


def hand_in_audit(customer: Customer, *, now: dt.datetime) -> None:
    """Let the manager see a file that was handed in; one that was verified stays verified."""
    audit = find_audit(customer.id) or open_audit(customer, on=local_day(now))
    if audit is not None and audit.state in (AuditState.DRAFT, AuditState.RETURNED):
        audit.state, audit.asked_at = AuditState.PENDING, now
        session.flush()


@AUDIT_WORKFLOW.transition("ask")
def ask_for_audit(audit: EntryAudit, *, actor: User, now: dt.datetime) -> None:
    """Ask the manager to look at the entry, for the first time or again."""
    audit.asked_at = now


@AUDIT_WORKFLOW.transition("verify")
def verify_entry(audit: EntryAudit, *, actor: User, now: dt.datetime) -> None:
    """Say that the entry is right."""
    audit.verified_at, audit.returned_because = now, None


@AUDIT_WORKFLOW.transition("give_back")
def return_entry(audit: EntryAudit, *, actor: User, reason: Annotated[str, MaxLength(400)]) -> None:
    """Give the entry back to the consultant, who finds it on the to-do list with the reason."""
    audit.returned_because = reason


@CUSTOMER_WORKFLOW.transition("flag_key")
def flag_key_customer(customer: Customer, *, actor: User, is_key: bool = True) -> None:
    """Mark a customer as a key customer, or take the mark away."""
    customer.is_key = is_key


def note_contract(partner_id: int, *, signed_on: dt.date) -> None:
    """Make a partner a signed customer; called by whoever keeps contracts. Of several contracts the first counts."""
    customer = find_customer_of(partner_id)
    if customer is None:
        return
    customer.lifecycle = Lifecycle.SIGNED
    customer.signed_on = min(customer.signed_on or signed_on, signed_on)
    session.flush()
