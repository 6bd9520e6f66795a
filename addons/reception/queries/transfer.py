"""What the page shows on which customers pass to another consultant (S:REC-17)."""

from collections.abc import Collection, Mapping
from typing import Any

from addons.reception.models import Customer
from app.sdk.database import select, session
from app.sdk.masterdata import list_changes, preview_transfer
from app.sdk.models import Employee, User
from app.sdk.security import list_grants, may, visible

MOST_SHOWN = 500


def read_employee(raw: str) -> Employee | None:
    """Return the employee that an address or form names."""
    return session.get(Employee, int(raw)) if raw.isdecimal() and len(raw) < 19 else None


def list_customers_of(owner: Employee, *, actor: User, ids: Collection[int] | None = None) -> list[Customer]:
    """Return the customers of a consultant that the actor may transfer; of these ids only, if given."""
    statement = select(Customer).where(Customer.owner_id == owner.id, Customer.archived_at.is_(None))
    if ids is not None:
        statement = statement.where(Customer.id.in_(ids))
    within = visible(Customer, actor, verb="transfer")
    statement = statement if within is None else statement.where(within)
    return list(session.scalars(statement.order_by(Customer.code).limit(MOST_SHOWN)))


def transfer_of(*, actor: User, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return the customers of the consultant named, and what would go along with those that are chosen."""
    giver, receiver = read_employee(arguments.get("giver", "")), read_employee(arguments.get("receiver", ""))
    customers = list_customers_of(giver, actor=actor) if giver is not None else []
    return {
        "giver": giver,
        "receiver": receiver,
        "customers": customers,
        "along": preview_transfer([one.partner for one in customers], receiver=receiver) if customers else [],
        "most": MOST_SHOWN,
        "may_transfer": may(actor, "transfer", "reception.Transfer"),
    }


def ownership_rows(customer_id: int) -> list[dict[str, Any]]:
    """Return who answered for a customer before, the latest change first."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        return []
    return [
        {"changed_at": one.changed_at, "former_owner": one.former_owner, "owner": one.owner, "reason": one.reason}
        for one in list_changes(customer.partner_id)
    ]


def grant_rows(customer_id: int) -> list[dict[str, Any]]:
    """Return who may or might follow a customer, the latest grant first (S:REC-18)."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        return []
    return [
        {"grantee": one.grantee, "valid_from": one.valid_from, "valid_to": one.valid_to}
        for one in list_grants(customer.partner_id)
    ]
