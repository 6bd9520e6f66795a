"""Units in a tree with dates, people in positions under superiors."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.companies.models import Assignment, Employee, OrgPlacement, OrgUnit, OrgUnitKind, Position
from app.companies.org import assign, create_unit, employee_of, move_unit, superior_of, unit_subtree, units_of
from app.database.session import session
from app.errors import Conflict, ValidationError

Run = Callable[..., Any]
JANUARY, MARCH, JUNE = dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 6, 1)
A_DAY = dt.timedelta(days=1)


def grow() -> dict[str, OrgUnit]:
    """Plant north > team and south, from January on."""
    north = create_unit("North", code="N", kind=OrgUnitKind.REGION, valid_from=JANUARY)
    south = create_unit("South", code="S", kind=OrgUnitKind.REGION, valid_from=JANUARY)
    branch = create_unit("Branch", code="B", kind=OrgUnitKind.BRANCH, parent=north, valid_from=JANUARY)
    team = create_unit("Team", code="T", kind=OrgUnitKind.TEAM, parent=branch, valid_from=JANUARY)
    return {"north": north, "south": south, "branch": branch, "team": team}


def under(unit: OrgUnit, on: dt.date) -> list[str]:
    """Return the names of the units in the subtree on that day."""
    return sorted(session.scalars(sa.select(OrgUnit.name).where(OrgUnit.id.in_(unit_subtree(unit.id, on=on)))))


def placements() -> list[tuple[Any, ...]]:
    """Return all placements."""
    return sorted(
        session.execute(
            sa.select(
                OrgPlacement.ancestor_id,
                OrgPlacement.descendant_id,
                OrgPlacement.depth,
                OrgPlacement.valid_from,
                OrgPlacement.valid_to,
            )
        ).all(),
        key=str,
    )


def hire(number: str, hired_on: dt.date = JANUARY) -> Employee:
    """Hire somebody."""
    employee = Employee(number=number, name=f"Employee {number}", hired_on=hired_on)
    session.add(employee)
    session.flush()
    return employee


def seat() -> Position:
    """Return a position in a new unit."""
    unit = create_unit("Sales", code="SALES", valid_from=JANUARY)
    position = Position(org_unit=unit, title="Adviser")
    session.add(position)
    session.flush()
    return position


def test_a_subtree_holds_its_root_and_all_below(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = grow()

        assert under(units["north"], JANUARY) == ["Branch", "North", "Team"]
        assert under(units["team"], JANUARY) == ["Team"]
        assert under(units["north"], JANUARY - A_DAY) == []
        both = unit_subtree([units["south"].id, units["branch"].id], on=JANUARY)
        assert set(session.scalars(both)) == {units["south"].id, units["branch"].id, units["team"].id}

    run_in(world.one, check)


def test_a_move_takes_the_subtree_along_and_keeps_the_past(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = grow()

        move_unit(units["branch"], parent=units["south"], valid_from=MARCH)

        assert units["branch"].parent is units["south"]
        assert under(units["south"], MARCH) == ["Branch", "South", "Team"]
        assert under(units["north"], MARCH) == ["North"]
        assert under(units["north"], MARCH - A_DAY) == ["Branch", "North", "Team"]
        assert under(units["south"], MARCH - A_DAY) == ["South"]
        depth = session.scalar(
            sa.select(OrgPlacement.depth).where(
                OrgPlacement.ancestor_id == units["south"].id, OrgPlacement.descendant_id == units["team"].id
            )
        )
        assert depth == 2

    run_in(world.one, check)


def test_moves_add_up_and_a_second_one_on_a_day_replaces_the_first(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = grow()
        before = placements()

        move_unit(units["branch"], parent=units["south"], valid_from=MARCH)
        move_unit(units["branch"], parent=units["north"], valid_from=MARCH)
        assert under(units["north"], MARCH) == ["Branch", "North", "Team"]
        assert under(units["south"], MARCH) == ["South"]
        assert len(placements()) == len(before) + 2  # North over branch and team, ended and begun again.

        move_unit(units["branch"], parent=None, valid_from=JUNE)
        assert units["branch"].parent_id is None
        assert under(units["north"], JUNE) == ["North"]
        assert under(units["branch"], JUNE) == ["Branch", "Team"]

    run_in(world.one, check)


def test_a_unit_cannot_move_under_itself(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = grow()
        before = placements()

        for parent in (units["team"], units["north"]):
            with pytest.raises(ValidationError) as refusal:
                move_unit(units["north"], parent=parent, valid_from=MARCH)
            assert refusal.value.code == "org_unit.cycle"
            assert refusal.value.field == "parent"
            assert refusal.value.data == {"unit": "North", "parent": parent.name}

        assert placements() == before

    run_in(world.one, check)


def test_a_move_before_a_recorded_one_is_refused(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = grow()
        move_unit(units["branch"], parent=units["south"], valid_from=JUNE)
        before = placements()

        for unit, parent in ((units["branch"], units["north"]), (units["south"], units["team"])):
            with pytest.raises(Conflict) as refusal:
                move_unit(unit, parent=parent, valid_from=MARCH)
            assert refusal.value.data == {"limit": JUNE}

        assert placements() == before

    run_in(world.one, check)


def test_a_code_is_taken_once(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        grow()

        with pytest.raises(Conflict) as refusal:
            create_unit("Other", code="N", valid_from=JANUARY)
        assert refusal.value.field == "code"
        assert session.scalar(sa.select(OrgUnit).where(OrgUnit.name == "Other")) is None

    run_in(world.one, check)


def test_a_parent_must_have_its_place_already(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = grow()
        unplaced = OrgUnit(name="Unplaced", code="U")

        with pytest.raises(Conflict) as early:
            create_unit("Other", code="O", parent=units["north"], valid_from=JANUARY - A_DAY)
        assert (early.value.field, early.value.data) == ("valid_from", {"limit": JANUARY})
        session.add(unplaced)
        session.flush()
        with pytest.raises(ValidationError) as refusal:
            move_unit(units["team"], parent=unplaced, valid_from=MARCH)
        assert refusal.value.field == "parent"
        session.rollback()

    run_in(world.one, check)


@pytest.mark.rule("P:COR-05")
def test_the_superior_is_known_for_each_day(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        position = seat()
        ada, bob, cyd = hire("1"), hire("2"), hire("3")
        assign(ada, position=position, superior=bob, valid_from=JANUARY, valid_to=MARCH - A_DAY)
        assign(ada, position=position, superior=cyd, valid_from=MARCH, share=Decimal("0.6"))
        assign(ada, position=position, superior=bob, valid_from=MARCH, share=Decimal("0.4"))

        assert superior_of(ada.id, on=JANUARY) is bob
        assert superior_of(ada.id, on=MARCH - A_DAY) is bob
        assert superior_of(ada.id, on=MARCH) is cyd
        assert superior_of(ada.id, on=JANUARY - A_DAY) is None
        assert superior_of(cyd.id, on=MARCH) is None
        assert list(session.scalars(units_of(ada.id, on=JANUARY))) == [position.org_unit_id]
        assert list(session.scalars(units_of(ada.id, on=JANUARY - A_DAY))) == []

    run_in(world.one, check)


@pytest.mark.rule("P:COR-05")
def test_a_loop_of_superiors_is_refused(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        position = seat()
        ada, bob, cyd = hire("1"), hire("2"), hire("3")
        assign(ada, position=position, superior=bob, valid_from=JANUARY)
        assign(bob, position=position, superior=cyd, valid_from=MARCH)

        for superior in (ada, bob, cyd):
            with pytest.raises(ValidationError) as refusal:
                assign(cyd, position=position, superior=superior, valid_from=JANUARY)
            assert refusal.value.code == "assignment.superior_loop"
            assert refusal.value.field == "superior"
            assert str(refusal.value) == f"Employee 3 cannot report to {superior.name}, who reports to Employee 3."

        assert session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == 2

    run_in(world.one, check)


@pytest.mark.rule("P:COR-05")
def test_superiors_may_change_places_when_no_day_holds_a_loop(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        position = seat()
        ada, bob = hire("1"), hire("2")
        assign(ada, position=position, superior=bob, valid_from=JANUARY, valid_to=MARCH - A_DAY)

        assign(bob, position=position, superior=ada, valid_from=MARCH)

        assert superior_of(bob.id, on=MARCH) is ada
        with pytest.raises(ValidationError):
            assign(bob, position=position, superior=ada, valid_from=MARCH - A_DAY)

    run_in(world.one, check)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"share": Decimal(0)}, "share"),
        ({"share": Decimal("1.1")}, "share"),
        ({"valid_to": JANUARY}, "valid_to"),
        ({"valid_from": JANUARY - A_DAY}, "valid_from"),
    ],
)
def test_an_assignment_keeps_its_limits(world: SimpleNamespace, run_in: Run, wrong: dict[str, Any], field: str) -> None:
    def check() -> None:
        with pytest.raises(ValidationError) as refusal:
            assign(hire("1"), position=seat(), **{"valid_from": MARCH, **wrong})
        assert refusal.value.field == field

    run_in(world.one, check)


def test_the_employee_of_a_user_is_the_company_s_own(world: SimpleNamespace, run_in: Run) -> None:
    ann = world.users["ann"]

    first, second = (run_in(company, lambda: employee_of(ann)) for company in (world.one, world.two))

    assert first.id != second.id
    assert (first.company_id, second.company_id) == (world.one, world.two)
    assert run_in(world.one, lambda: employee_of(999_999)) is None
