"""Scope against a plain reading of the same rule, in organisations nobody drew: conditions, sets, parts agree."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.companies.memberships import add_membership
from app.companies.models import Employee, MembershipUnit, OrgUnit, Position, Scope
from app.companies.org import assign, create_unit
from app.database.session import as_company, rollback, session
from app.security.scope import reach_of, visible
from tests.app.security.papers import Paper

PEOPLE, UNITS = 5, 4


@st.composite
def organisations(draw: Callable[..., Any]) -> SimpleNamespace:
    """Draw a forest of units, who works where under whom, papers with and without owner and unit, and bob's role."""
    indexes = range(PEOPLE)
    return SimpleNamespace(
        parents=[draw(st.none() | st.integers(0, unit - 1)) if unit else None for unit in range(UNITS)],
        places=[draw(st.integers(0, UNITS - 1)) for _ in indexes],
        superiors=[draw(st.none() | st.integers(0, person - 1)) if person else None for person in indexes],
        papers=draw(
            st.lists(
                st.tuples(st.none() | st.sampled_from(indexes), st.none() | st.integers(0, UNITS - 1), st.booleans()),
                max_size=8,
            )
        ),
        bob=draw(st.none() | st.sampled_from(indexes)),
        scope=draw(st.sampled_from(list(Scope))),
        named=draw(st.sets(st.integers(0, UNITS - 1), max_size=2)),
    )


def below(start: set[int], parents: list[int | None]) -> set[int]:
    """Return these and all that hang under them."""
    found = set(start)
    while more := {child for child, parent in enumerate(parents) if parent in found} - found:
        found |= more
    return found


def expected(drawn: SimpleNamespace) -> set[int]:
    """Return the papers that bob reaches, read off the rule: own, team, unit, company; and nobody's that he wrote."""
    people: set[int] = set() if drawn.bob is None else {drawn.bob}
    units: set[int] = set()
    if drawn.scope is Scope.TEAM:
        people = below(people, drawn.superiors)
    if drawn.scope is Scope.UNIT:
        own = set() if drawn.bob is None else {drawn.places[drawn.bob]}
        units = below(drawn.named or own, drawn.parents)
    return {
        number
        for number, (owner, unit, by_bob) in enumerate(drawn.papers)
        if drawn.scope is Scope.COMPANY or owner in people or unit in units or (owner is None and by_bob)
    }


def build(drawn: SimpleNamespace, world: SimpleNamespace, bob: User) -> dict[int, int]:
    """Write what was drawn; return the numbers of the papers by their ids."""
    units: list[OrgUnit] = []
    for number, parent in enumerate(drawn.parents):
        above = None if parent is None else units[parent]
        units.append(create_unit(f"Unit {number}", code=f"U{number}", valid_from=world.day, parent=above))
    people = [
        Employee(number=f"P{number}", name=f"P{number}", hired_on=world.day, user_id=bob.id if bob_is else None)
        for number, bob_is in enumerate(number == drawn.bob for number in range(PEOPLE))
    ]
    session.add_all(people)
    session.flush()
    for number, person in enumerate(people):
        position = Position(title=f"Post {number}", org_unit=units[drawn.places[number]])
        session.add(position)
        session.flush()
        above = drawn.superiors[number]
        assign(person, position=position, valid_from=world.day, superior=None if above is None else people[above])
    role_id = session.scalars(sa.select(Role.id).where(Role.name == "reader")).one()
    held = add_membership(world.one, user_id=bob.id, scope=drawn.scope, role_id=role_id)
    session.flush()
    held.units = [MembershipUnit(company_id=world.one, org_unit_id=units[unit].id) for unit in drawn.named]
    papers = [
        Paper(
            title=str(number),
            owner_id=None if owner is None else people[owner].id,
            org_unit_id=None if unit is None else units[unit].id,
            created_by_id=bob.id if by_bob else world.users["ann"],
        )
        for number, (owner, unit, by_bob) in enumerate(drawn.papers)
    ]
    session.add_all(papers)
    session.flush()
    return {paper.id: number for number, paper in enumerate(papers)}


@pytest.mark.rule("S:CORE-08")
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(organisations())
def test_everybody_reaches_what_the_rule_says(world: SimpleNamespace, drawn: SimpleNamespace) -> None:
    with world.app.app_context(), as_company(world.one):
        bob = session.scalars(sa.select(User).where(User.username == "bob")).one()
        numbers = build(drawn, world, bob)

        condition, reach = visible(Paper, bob), reach_of(Paper, bob, verb="list")
        papers = session.scalars(sa.select(Paper).where(Paper.id.in_(numbers))).all()
        within = sa.true() if condition is None else condition
        found = session.scalars(sa.select(Paper.id).where(Paper.id.in_(numbers), within)).all()

        assert {numbers[key] for key in found} == expected(drawn)
        assert {numbers[paper.id] for paper in papers if reach.holds(paper)} == expected(drawn)
        parts = [sa.select(Paper.id).where(Paper.id.in_(numbers), part) for part in reach.parts(Paper)]
        assert sum(len(session.scalars(part).all()) for part in parts) == len(expected(drawn))
        rollback()
