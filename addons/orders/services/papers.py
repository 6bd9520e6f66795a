"""Handing over the papers that go along with goods (S:CAT-05)."""

import datetime as dt
from typing import Any

from addons.orders.models import Order, OrderPaper, RequiredPaper
from addons.orders.queries import Paper, missing_papers
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import Product, optional_text
from app.sdk.models import User
from app.sdk.organisation import local_day

LONGEST_NAME = 80


@ORDER_WORKFLOW.transition("hand_over_papers")
def hand_over_papers(
    order: Order,
    *,
    actor: User,
    now: dt.datetime,
    product: Product | None = None,
    paper: str | None = None,
    paper_number: str | None = None,
    handed_over_on: dt.date | None = None,
) -> None:
    """Note what the customer got: one paper, all of a product, or, with neither named, all that are missing.

    Raises Conflict where nothing that is named is missing; ValidationError for a day before the order, or to come.
    """
    missing = missing_papers(order)
    meant = [one for one in missing if (product is None or one.product.id == product.id) and paper in (None, one.paper)]
    if not meant:
        raise Conflict(
            "order.no_paper", _("None of this is missing. Missing are: %(papers)s."), papers=in_words(missing)
        )
    day = handed_over_on or local_day(now)
    if not order.doc_date <= day <= local_day(now):
        raise ValidationError(
            "order.paper_day",
            _("It was handed over between %(first)s and %(limit)s."),
            field="handed_over_on",
            first=order.doc_date,
            limit=local_day(now),
        )
    number = optional_text(paper_number, field="paper_number", maximum=LONGEST_NAME)
    for one in meant:
        session.add(
            OrderPaper(
                order_id=order.id,
                product_id=one.product.id,
                paper=one.paper,
                reference=number,
                handed_over_on=day,
                noted_at=now,
                noted_by_id=actor.id,
            )
        )
    session.flush()


def refuse_without_papers(order: Order) -> None:
    """Raise Conflict naming the papers that the customer has not got yet: the order stays open (S:CAT-05)."""
    missing = missing_papers(order)
    if missing:
        raise Conflict("order.papers", _("Not handed over yet: %(papers)s."), papers=in_words(missing))


def in_words(papers: list[Paper]) -> str:
    """Return papers as people read them, each with its product."""
    return ", ".join(f"{one.paper} ({one.product.name})" for one in papers) or "–"


def create_required_paper(*, actor: User, **values: Any) -> RequiredPaper:
    """Say which paper goes along with a product or a category. Raises ValidationError for both, and for neither."""
    rule = RequiredPaper(**values)
    _check(rule)
    session.add(rule)
    session.flush()
    return rule


def update_required_paper(rule: RequiredPaper, *, actor: User, **values: Any) -> None:
    """Change it; what was handed over stays. Raises ValidationError as `create_required_paper` does."""
    for name, value in values.items():
        setattr(rule, name, value)
    _check(rule)
    session.flush()


def _check(rule: RequiredPaper) -> None:
    rule.paper = optional_text(rule.paper, field="paper", maximum=LONGEST_NAME)
    if (rule.product_id is None) is (rule.category_id is None):
        raise ValidationError("paper.one", _("Name a product or a category, not both."), field="product_id")
