"""Which rows a role reaches: own, team, unit, company."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User

from app.companies import snapshot
from app.companies.memberships import add_membership
from app.companies.models import Employee, MembershipUnit, OrgUnit, Position, Scope
from app.companies.org import assign, create_unit, move_unit
from app.database.session import session
from app.security.masking import mask_address, mask_id_number, mask_name, mask_phone, may_see_personal
from app.security.scope import resource_of, visible
from tests.app.security.papers import RESOURCE, Paper

Run = Callable[..., Any]
LATER = dt.date(2020, 6, 1)


@pytest.fixture
def office(world: SimpleNamespace, run_in: Run) -> SimpleNamespace:
    """North with Team A under it, and South. Boss leads Rep in Team A, and Rep leads Junior; Far is in South.

    Each owns a paper named after himself, in his unit; one has neither owner nor unit, but bob wrote it.
    """

    def build() -> dict[str, int]:
        root = session.scalars(sa.select(OrgUnit)).one()
        north = create_unit("North", code="N", valid_from=world.day, parent=root)
        team = create_unit("Team A", code="A", valid_from=world.day, parent=north)
        south = create_unit("South", code="S", valid_from=world.day, parent=root)
        names = ("boss", "rep", "junior", "far")
        people = {name: Employee(number=name, name=name, hired_on=world.day) for name in names}
        session.add_all(people.values())
        session.flush()
        for name, unit, superior in (
            ("boss", north, None),
            ("rep", team, "boss"),
            ("junior", team, "rep"),
            ("far", south, None),
        ):
            position = Position(title=name, org_unit=unit)
            session.add(position)
            session.flush()
            leader = people[superior] if superior else None
            assign(people[name], position=position, valid_from=world.day, superior=leader)
            session.add(Paper(title=name, owner_id=people[name].id, org_unit_id=unit.id))
        session.add(Paper(title="nobody's", created_by_id=world.users["bob"]))
        session.flush()
        return {
            "north": north.id,
            "team": team.id,
            "south": south.id,
            **{name: person.id for name, person in people.items()},
        }

    return SimpleNamespace(run=run_in, **vars(world), **run_in(world.one, build))


def hold(office: SimpleNamespace, scope: Scope, employee: str | None, *, role: str = "reader", units: Any = ()) -> None:
    """Let bob hold a role with this scope, as this employee."""

    def write() -> None:
        membership = add_membership(
            office.one,
            user_id=office.users["bob"],
            scope=scope,
            role_id=session.scalars(sa.select(Role.id).where(Role.name == role)).one(),
        )
        membership.units = []
        session.flush()
        membership.units = [MembershipUnit(company_id=office.one, org_unit_id=unit) for unit in units]
        session.execute(sa.update(Employee).values(user_id=None))
        if employee:
            session.get_one(Employee, getattr(office, employee)).user_id = office.users["bob"]

    office.run(office.one, write)


def titles(office: SimpleNamespace, **options: Any) -> set[str]:
    """Return the papers bob reaches."""
    found: set[str] = office.run(office.one, lambda: titles_now(**options))
    return found


def titles_now(**options: Any) -> set[str]:
    """Return the papers bob reaches in the present transaction."""
    condition = visible(Paper, _user("bob"), **options)
    query = sa.select(Paper.title)
    return set(session.scalars(query if condition is None else query.where(condition)))


def join_south(office: SimpleNamespace) -> None:
    """Hang Team A under South from the first day on."""
    team, south = session.get_one(OrgUnit, office.team), session.get_one(OrgUnit, office.south)
    move_unit(team, parent=south, valid_from=office.day)


ALL = {"boss", "rep", "junior", "far", "nobody's"}


REACH = [
    (Scope.OWN, "rep", (), {"rep", "nobody's"}),
    (Scope.TEAM, "boss", (), {"boss", "rep", "junior", "nobody's"}),
    (Scope.TEAM, "rep", (), {"rep", "junior", "nobody's"}),
    (Scope.UNIT, "boss", (), {"boss", "rep", "junior", "nobody's"}),
    (Scope.UNIT, "rep", (), {"rep", "junior", "nobody's"}),
    (Scope.UNIT, "rep", ("south",), {"rep", "far", "nobody's"}),
    (Scope.UNIT, "far", ("team", "south"), {"far", "rep", "junior", "nobody's"}),
    (Scope.COMPANY, "rep", (), ALL),
    (Scope.OWN, None, (), {"nobody's"}),
    (Scope.TEAM, None, (), {"nobody's"}),
    (Scope.UNIT, None, (), {"nobody's"}),
    (Scope.UNIT, None, ("north",), {"boss", "rep", "junior", "nobody's"}),
]


@pytest.mark.rule("S:CORE-08")
def test_how_far_a_scope_reaches(office: SimpleNamespace) -> None:
    for scope, employee, units, reached in REACH:
        hold(office, scope, employee, units=[getattr(office, unit) for unit in units])
        assert (scope, employee, units, titles(office)) == (scope, employee, units, reached)


def test_a_scope_belongs_to_its_role(office: SimpleNamespace) -> None:
    hold(office, Scope.OWN, "rep", role="reader")
    hold(office, Scope.COMPANY, "rep", role="nobody")  # A role that grants nothing on papers widens nothing.
    assert titles(office) == {"rep", "nobody's"}
    hold(office, Scope.COMPANY, "rep", role="reader")
    hold(office, Scope.TEAM, "rep", role="clerk")
    assert titles(office) == ALL
    assert titles(office, verb="list") == ALL
    assert titles(office, verb="edit") == {"rep", "junior", "nobody's"}  # Only the clerk edits.
    assert titles(office, verb="burn") == set()


def test_the_organisation_of_the_day_counts(office: SimpleNamespace) -> None:
    hold(office, Scope.UNIT, None, units=[office.north])
    office.run(
        office.one,
        lambda: move_unit(
            session.get_one(OrgUnit, office.team), parent=session.get_one(OrgUnit, office.south), valid_from=LATER
        ),
    )
    assert titles(office, on=office.day) == {"boss", "rep", "junior", "nobody's"}
    assert titles(office, on=LATER) == {"boss", "nobody's"}


def test_a_moved_unit_counts_at_once_for_whoever_moves_it_and_within_a_second_elsewhere(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(snapshot, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    before, after = {"boss", "rep", "junior", "nobody's"}, {"boss", "nobody's"}
    hold(office, Scope.UNIT, None, units=[office.north])
    assert titles(office) == before
    kept = office.app.extensions
    here = {name: kept[name] for name in ("reached_units", "snapshot_numbers")}

    def move() -> set[str]:
        join_south(office)
        return titles_now()

    for name in here:
        del kept[name]
    assert titles(office) == before
    elsewhere = {name: kept[name] for name in here}  # What another process keeps.
    kept.update(here)
    assert office.run(office.one, move) == after  # Before the commit.
    assert titles(office) == after
    kept.update(elsewhere)
    assert titles(office) == before
    clock[0] += 1.0
    assert titles(office) == after


def test_what_was_rolled_back_is_not_kept(office: SimpleNamespace) -> None:
    hold(office, Scope.UNIT, None, units=[office.north])

    def move_and_give_up() -> set[str]:
        join_south(office)
        seen = titles_now()
        session.rollback()
        return seen

    assert office.run(office.one, move_and_give_up) == {"boss", "nobody's"}
    assert office.run(office.one, titles_now) == {"boss", "rep", "junior", "nobody's"}


def test_without_membership_there_is_nothing(office: SimpleNamespace) -> None:
    def conditions() -> list[str]:
        return [str(visible(model, _user(name))) for model in (Paper, OrgUnit) for name in ("eve", "root")]

    assert office.run(office.one, conditions) == ["false"] * 4
    assert office.run(None, conditions) == ["false"] * 4
    assert office.run(office.two, lambda: str(visible(Paper, _user("bob")))) == "false"


def test_models_without_owner_are_the_companys(office: SimpleNamespace) -> None:
    assert office.run(office.one, lambda: visible(OrgUnit, _user("bob"))) is None


def test_a_resource_is_named_after_where_its_model_lives() -> None:
    assert (resource_of(Paper), resource_of(Employee)) == (RESOURCE, "companies.Employee")


@pytest.mark.rule("P:CRM-20")
@pytest.mark.rule("S:REC-38")
def test_personal_data_is_for_the_owner_and_for_whoever_holds_the_right(office: SimpleNamespace) -> None:
    def sees() -> dict[str, bool]:
        papers = session.scalars(sa.select(Paper).where(Paper.title.in_(("rep", "boss")))).all()
        return {paper.title: may_see_personal(_user("bob"), paper) for paper in papers}

    hold(office, Scope.COMPANY, "rep")
    assert office.run(office.one, sees) == {"rep": True, "boss": False}

    def grant() -> None:
        manager = office.app.appbuilder.sm
        pair = manager.add_permission_view_menu("can_see_personal", RESOURCE)
        manager.add_permission_role(manager.find_role("reader"), pair)

    office.run(None, grant)
    assert office.run(office.one, sees) == {"rep": True, "boss": True}


@pytest.mark.rule("P:CRM-20")
@pytest.mark.parametrize(
    ("mask", "clear", "masked"),
    [
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "13800138000", "138****8000"),
        (mask_phone, "+8613812345678", "+86138****5678"),
        (mask_phone, "0531-88881234", "0531-****1234"),
        (mask_phone, "88881234", "******34"),
        (mask_phone, "110", "***"),
        (mask_phone, "", ""),
        (mask_phone, None, ""),
        (mask_id_number, "110101199003070019", "110***********0019"),
        (mask_id_number, "E12345678", "*********"),
        (mask_id_number, None, ""),
        (mask_address, "山东省济南市历下区解放路12号", "山东省济南市****"),
        (mask_address, "解放路12号", "******"),
        (mask_name, "张三丰", "张**"),
        (mask_name, "", ""),
    ],
)
def test_masks(mask: Callable[[str | None], str], clear: str | None, masked: str) -> None:
    assert mask(clear) == masked


def _user(name: str) -> User:
    return session.scalars(sa.select(User).where(User.username == name)).one()
