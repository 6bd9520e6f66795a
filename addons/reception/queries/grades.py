"""What a customer's scores make, and why: pure functions of scores, weights and cuts (S:REC-08)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from addons.reception.choices import Grade, GradingState
from addons.reception.models import SCORES, Customer, Grading
from addons.reception.parameters import ABC_CUT, ABC_WEIGHTS
from app.sdk.database import Select, and_, exists, not_, select, session
from app.sdk.errors import Conflict
from app.sdk.i18n import LazyString, _, humanize


@dataclass(frozen=True)
class Scale:
    """How scores become a grade: weights in per cent, and from which score on a customer is A, and B."""

    weights: tuple[int, ...]
    cuts: tuple[int, int]

    def score(self, scores: tuple[int, ...]) -> Decimal:
        """Return the weighted score, 0 to 100, exact to the hundredth."""
        return Decimal(sum(score * weight for score, weight in zip(scores, self.weights, strict=True))) / 100

    def grade(self, score: Decimal) -> Grade:
        """Return the grade of a score."""
        if score >= self.cuts[0]:
            return Grade.A
        return Grade.B if score >= self.cuts[1] else Grade.C


def scale_on(day: dt.date) -> Scale:
    """Return the company's scale of that day. Raises Conflict for weights or cuts that cannot be used."""
    weights, cuts = _whole(ABC_WEIGHTS.value(day)), _whole(ABC_CUT.value(day))
    if len(weights) != len(SCORES) or sum(weights) != 100 or min(weights) < 0:
        raise Conflict(
            "grade.weights", _("“%(label)s” must be four whole numbers, 100 together."), label=ABC_WEIGHTS.label
        )
    if len(cuts) != 2 or not 0 <= cuts[1] < cuts[0] <= 100:
        raise Conflict(
            "grade.cuts", _("“%(label)s” must be two whole numbers up to 100, the higher first."), label=ABC_CUT.label
        )
    return Scale(weights, (cuts[0], cuts[1]))


def _whole(texts: list[str]) -> tuple[int, ...]:
    numbers = [text.strip() for text in texts]
    return tuple(map(int, numbers)) if numbers and all(text.isdecimal() for text in numbers) else (-1,)


def quarter_of(day: dt.date) -> str:
    """Return the quarter of a day: '2026-Q4'."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_end(day: dt.date) -> dt.date:
    """Return the last day of the quarter that a day lies in."""
    month = (day.month + 2) // 3 * 3
    first_of_next = dt.date(day.year + month // 12, month % 12 + 1, 1)
    return first_of_next - dt.timedelta(days=1)


def explain(grading: Grading) -> list[tuple[LazyString, str]]:
    """Return step by step how a grade came about: each score times its weight, the sum, and the cut it reaches."""
    weights = grading.weights.split("/")
    upper, lower = grading.cuts.split("/")
    steps = [
        (_(humanize(name)), f"{getattr(grading, name)} × {weight} % = {_points(getattr(grading, name), weight)}")
        for name, weight in zip(SCORES, weights, strict=True)
    ]
    reached = {Grade.A: f"≥ {upper}", Grade.B: f"≥ {lower}, < {upper}", Grade.C: f"< {lower}"}[grading.grade]
    return [*steps, (_("Score"), f"{_short(grading.score)} {reached} → {grading.grade.value}")]


def _points(score: int, weight: str) -> str:
    return _short(Decimal(score * int(weight)) / 100)


def _short(number: Decimal) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def explain_grading(grading_id: int) -> list[tuple[LazyString, str]]:
    """Return step by step how a grade came about, for the page of that grade."""
    return explain(session.get_one(Grading, grading_id))


def ungraded_in(day: dt.date) -> Select[Any]:
    """Select the graded customers who have not been looked at in the quarter of this day (S:REC-09)."""
    looked_at = exists().where(Grading.customer_id == Customer.id, Grading.quarter == quarter_of(day))
    return (
        select(Customer)
        .where(Customer.grade.is_not(None), Customer.archived_at.is_(None), not_(looked_at))
        .order_by(Customer.id)
    )


def with_all_scores(statement: Select[Any]) -> Select[Any]:
    """Narrow a selection to customers who can be graded."""
    return statement.where(and_(*(getattr(Customer, name).is_not(None) for name in SCORES)))


def find_grading(customer_id: int, quarter: str) -> Grading | None:
    """Return how a customer was graded in a quarter."""
    return session.scalar(select(Grading).where(Grading.customer_id == customer_id, Grading.quarter == quarter))


def open_proposals() -> Select[Any]:
    """Select the grades that wait for a decision."""
    return select(Grading).where(Grading.state == GradingState.PROPOSED).order_by(Grading.on, Grading.id)
