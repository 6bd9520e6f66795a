"""Grading customers, by hand and once a quarter (S:REC-08, S:REC-09)."""

import datetime as dt

from addons.reception.choices import GradingState
from addons.reception.models import SCORES, Customer, Grading
from addons.reception.queries import find_grading, local_day, quarter_of, scale_on, ungraded_in, with_all_scores
from addons.reception.workflow import CUSTOMER_WORKFLOW, GRADING_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.models import User


@CUSTOMER_WORKFLOW.transition("propose_grade")
def grade_customer(customer: Customer, *, actor: User, today: dt.date) -> None:
    """Work out the grade from the customer's scores, and give it; the manager who asks for it decides with that.

    Raises ValidationError for a customer without all scores, Conflict for one who was graded in this quarter already.
    """
    found = find_grading(customer.id, quarter_of(today))
    if found is not None and found.state is not GradingState.PROPOSED:
        raise Conflict("grade.quarter", _("Graded in %(quarter)s already."), quarter=found.quarter)
    if found is not None:
        session.delete(found)
        session.flush()
    accept_grading(_propose(customer, on=today), actor=actor, today=today)


def propose_grades(now: dt.datetime) -> int:
    """Propose this quarter's grade for every customer who has one and all scores; return how many (S:REC-09).

    A customer whose grade stays is accepted by itself, so that only changes wait for the manager.
    """
    today = local_day(now)
    count = 0
    for customer in session.scalars(with_all_scores(ungraded_in(today))):
        grading = _propose(customer, on=today)
        if grading.grade is customer.grade:
            grading.state, customer.graded_on = GradingState.ACCEPTED, today
        count += 1
    session.flush()
    return count


@GRADING_WORKFLOW.transition("accept")
def accept_grading(grading: Grading, *, actor: User, today: dt.date) -> None:
    """Give the customer the proposed grade."""
    grading.customer.grade, grading.customer.graded_on = grading.grade, today


@GRADING_WORKFLOW.transition("reject")
def reject_grading(grading: Grading, *, actor: User, reason: str, today: dt.date) -> None:
    """Let the customer keep the grade; the quarter counts as looked at."""
    grading.customer.graded_on = today


def _propose(customer: Customer, *, on: dt.date) -> Grading:
    scale = scale_on(on)
    scores = {name: getattr(customer, name) for name in SCORES}
    score = scale.score(tuple(scores.values()))
    grading = Grading(
        customer_id=customer.id,
        quarter=quarter_of(on),
        on=on,
        weights="/".join(map(str, scale.weights)),
        cuts="/".join(map(str, scale.cuts)),
        score=score,
        grade=scale.grade(score),
        former_grade=customer.grade.value if customer.grade is not None else None,
        owner_id=customer.owner_id,
        org_unit_id=customer.org_unit_id,
        **scores,
    )
    session.add(grading)
    session.flush()
    return grading
