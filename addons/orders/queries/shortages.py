"""Which goods of an order are missing, and whether somebody said when they will be there (S:ORD-06)."""

from decimal import Decimal

from addons.orders.choices import ShortageState
from addons.orders.models import Shortage
from app.sdk.database import select, session
from app.sdk.models import User
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS

MISSING = (ShortageState.OPEN, ShortageState.DATED)


def list_shortages(order_id: int) -> list[Shortage]:
    """Return what was found missing for an order, goods that came meanwhile too."""
    return list(session.scalars(select(Shortage).where(Shortage.order_id == order_id).order_by(Shortage.id)))


def still_missing(order_id: int) -> list[Shortage]:
    """Return what is missing for an order now."""
    return [one for one in list_shortages(order_id) if one.state in MISSING]


def missing_by_product(order_id: int) -> dict[int, Decimal]:
    """Return how much of each product is missing for an order."""
    return {one.product_id: one.missing for one in still_missing(order_id)}


def dateless(actor: User) -> list[Shortage]:
    """Return what is missing without a date of replenishment, of what the actor sees."""
    found = select(Shortage).where(Shortage.state == ShortageState.OPEN).order_by(Shortage.needed_on, Shortage.id)
    within = visible(Shortage, actor)
    return list(session.scalars((found if within is None else found.where(within)).limit(MOST_TODOS)))
