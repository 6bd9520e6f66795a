"""Statements nobody wrote: however they are put together, another company's rows stay unseen."""

from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import aliased

from app.database.session import as_company, session
from tests.app.database.conftest import Walls
from tests.app.database.models import DummyChild as Child
from tests.app.database.models import DummyParent as Parent

Other, Third = aliased(Child), aliased(Child)
LEAVES = [
    sa.true(),
    sa.false(),
    Child.company_id == 2,
    Child.company_id != 1,
    Child.company_id.in_([1, 2]),
    Child.id > 0,
    Child.id == 2,
    Child.name.contains("e"),
    Child.parent_id.is_(None),
    Child.parent.has(Parent.company_id == 2),
    Child.tags.any(),
    sa.exists().where(Other.id == Child.id, Other.company_id == 2),
    Child.id.in_(sa.select(Other.id).where(Other.company_id == 2)),
    Child.total >= sa.select(sa.func.min(Other.total)).scalar_subquery(),
]
CONDITIONS: Any = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: sa.or_(*two)),
        st.tuples(inner, inner).map(lambda two: sa.and_(*two)),
        inner.map(sa.not_),
    ),
    max_leaves=6,
)


def plain(condition: Any) -> Any:
    """Ask for it directly."""
    return sa.select(Child.id, Child.company_id).where(condition)


def in_subquery(condition: Any) -> Any:
    """Ask through a subquery."""
    inner = plain(condition).subquery()
    return sa.select(inner.c.id, inner.c.company_id)


def in_common_table(condition: Any) -> Any:
    """Ask through a common table expression."""
    inner = plain(condition).cte()
    return sa.select(inner.c.id, inner.c.company_id)


def in_union(condition: Any) -> Any:
    """Ask twice."""
    return sa.union_all(plain(condition), plain(sa.not_(condition)))


def joined(condition: Any) -> Any:
    """Ask for the parents' children through an outer join on anything."""
    return sa.select(Child.id, Child.company_id).select_from(Parent).outerjoin(Child, condition)


def crossed(condition: Any) -> Any:
    """Ask for pairs of everybody with everybody."""
    return sa.select(Third.id, Third.company_id).join_from(Child, Third, condition)


SHAPES = st.sampled_from([plain, in_subquery, in_common_table, in_union, joined, crossed])


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=SHAPES, condition=CONDITIONS)
def test_no_statement_sees_another_company(walls: Walls, shape: Any, condition: Any) -> None:
    with walls.app.app_context(), as_company(1):
        found = {(row.id, row.company_id) for row in session.execute(shape(condition)) if row.id is not None}

    assert {company for _id, company in found} <= {1}


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=CONDITIONS)
def test_a_condition_and_its_opposite_are_all_that_one_has(walls: Walls, condition: Any) -> None:
    unknown = condition.is_(None)
    with walls.app.app_context(), as_company(1):
        every = set(session.scalars(sa.select(Child.id)))
        either = set(session.scalars(sa.select(Child.id).where(sa.or_(condition, sa.not_(condition), unknown))))

    assert every
    assert either == every
