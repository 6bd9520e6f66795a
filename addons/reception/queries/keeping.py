"""Reads about who answers for customers and who keeps their files."""

from addons.reception.models import Customer
from app.sdk.database import select, session
from app.sdk.models import User
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS


def list_without_custodian(*, actor: User) -> list[Customer]:
    """Return the customers whose file nobody could be given to at the deal, the oldest first (P:CRM-04).

    They are those that the actor may give to somebody.
    """
    statement = select(Customer).where(Customer.awaits_custodian).order_by(Customer.agreed_at, Customer.id)
    within = visible(Customer, actor, verb="assign_custodian")
    return list(session.scalars((statement if within is None else statement.where(within)).limit(MOST_TODOS)))
