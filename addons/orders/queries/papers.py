"""Which papers go along with an order, and which of them the customer has not got yet (S:CAT-05)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from addons.orders.choices import OrderState
from addons.orders.models import Order, OrderPaper, RequiredPaper
from addons.orders.parameters import REQUIRED_DOCS
from app.sdk.database import select, session
from app.sdk.masterdata import Product, ProductKind
from app.sdk.models import User
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS


@dataclass(frozen=True)
class Paper:
    """A paper that goes along with a product of an order; without `given` the customer has not got it yet."""

    product: Product
    paper: str
    given: OrderPaper | None = None

    @property
    def handed_over_on(self) -> dt.date | None:
        """When the customer got it."""
        return self.given.handed_over_on if self.given is not None else None

    @property
    def reference(self) -> str | None:
        """Its own number, such as that of a licence."""
        return self.given.reference if self.given is not None else None

    @property
    def noted_by(self) -> User | None:
        """Who handed it over."""
        return self.given.noted_by if self.given is not None else None


def list_papers(order_id: int) -> list[Paper]:
    """Return the papers of an order: those that go along with it, then what was handed over besides."""
    order = session.get_one(Order, order_id)
    given = {
        (one.product_id, one.paper): one
        for one in session.scalars(select(OrderPaper).where(OrderPaper.order_id == order_id).order_by(OrderPaper.id))
    }
    needed = _needed([order])[order_id]
    found = [Paper(product, paper, given.pop((product.id, paper), None)) for product, paper in needed]
    return found + [Paper(one.product, one.paper, one) for one in given.values()]


def missing_papers(order: Order) -> list[Paper]:
    """Return what the customer has not got yet."""
    return [one for one in list_papers(order.id) if one.given is None]


def without_papers(actor: User) -> list[Order]:
    """Return the delivered orders whose customers wait for a paper, of what the actor sees."""
    delivered = select(Order).where(Order.state == OrderState.DELIVERED).order_by(Order.promised_on, Order.id)
    within = visible(Order, actor)
    orders = session.scalars((delivered if within is None else delivered.where(within)).limit(MOST_TODOS)).all()
    if not orders:
        return []
    keys = [one.id for one in orders]
    statement = select(OrderPaper.order_id, OrderPaper.product_id, OrderPaper.paper)
    given = set(session.execute(statement.where(OrderPaper.order_id.in_(keys))))
    needed = _needed(orders)
    return [
        order
        for order in orders
        if any((order.id, product.id, paper) not in given for product, paper in needed[order.id])
    ]


def _needed(orders: Sequence[Order]) -> dict[int, list[tuple[Product, str]]]:
    """Return what goes along with the products of each order, by the values of its day."""
    rules = list(session.scalars(select(RequiredPaper).order_by(RequiredPaper.id)))
    found = {}
    for order in orders:
        usual = REQUIRED_DOCS.value(order.doc_date)
        products = {line.product_id: line.product for line in order.lines}
        found[order.id] = [(product, paper) for product in products.values() for paper in _of(product, rules, usual)]
    return found


def _of(product: Product, rules: Iterable[RequiredPaper], usual: Sequence[str]) -> list[str]:
    """Return the papers of a product: its own, else its category's or the next one above, else the usual ones."""
    own = [rule.paper for rule in rules if rule.product_id == product.id]
    category = product.category
    while not own and category is not None:
        own = [rule.paper for rule in rules if rule.category_id == category.id]
        category = category.parent
    if own:
        return [paper for paper in dict.fromkeys(own) if paper is not None]
    return [] if product.kind is ProductKind.SERVICE else list(dict.fromkeys(usual))
