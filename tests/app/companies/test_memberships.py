"""Who may enter which company."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.companies.memberships import add_membership, is_member, memberships_of
from app.companies.models import Company, Membership, MembershipUnit, OrgUnit, Scope
from app.database.session import as_company, session
from app.security.held_roles import entered_companies

Run = Callable[..., Any]


def test_a_member_may_enter_active_companies_only(world: SimpleNamespace, run_in: Run) -> None:
    ann = world.users["ann"]

    def check() -> None:
        assert [company.name for company in entered_companies(ann)] == ["One Homes", "Two Farms"]
        session.get_one(Company, world.two).active = False
        session.flush()
        assert [company.name for company in entered_companies(ann)] == ["One Homes"]
        assert is_member(ann, world.one)
        assert not is_member(ann, world.two)
        assert not is_member(999_999, world.one)
        assert entered_companies(999_999) == ()

    run_in(None, check)


def test_a_role_is_held_once_and_its_scope_can_change(world: SimpleNamespace, run_in: Run) -> None:
    eve = world.users["eve"]

    def check() -> None:
        [before] = memberships_of(eve, world.one)
        assert before.scope is Scope.OWN

        again = add_membership(world.one, user_id=eve, role_id=before.role_id, scope=Scope.TEAM)

        assert again is before
        [after] = memberships_of(eve, world.one)
        assert (after.scope, after.unit_ids) == (Scope.TEAM, ())

    run_in(None, check)


def test_units_of_a_membership_lie_in_its_company(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        units = {}
        for company_id in (world.one, world.two):
            with as_company(company_id):
                units[company_id] = session.scalars(sa.select(OrgUnit.id)).first()
        [membership] = memberships_of(world.users["rob"], world.one)
        membership.units = [MembershipUnit(company_id=world.one, org_unit_id=units[world.one])]
        session.flush()
        assert memberships_of(world.users["rob"], world.one)[0].unit_ids == (units[world.one],)

        savepoint = session.begin_nested()
        session.add(MembershipUnit(company_id=world.one, membership_id=membership.id, org_unit_id=units[world.two]))
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()
        session.delete(membership)
        session.flush()
        assert session.scalars(sa.select(MembershipUnit)).all() == []

    run_in(None, check)


def test_a_membership_is_read_in_two_statements(world: SimpleNamespace) -> None:
    from app.database.session import db

    statements: list[str] = []
    with world.app.app_context():
        listener = lambda *call: statements.append(call[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listener)
        found = memberships_of(world.users["ann"], world.one)
        names = [(membership.role.name, membership.unit_ids) for membership in found]
        sa.event.remove(db.engine, "before_cursor_execute", listener)

    assert names == [("visits_manager", ())]
    assert len([statement for statement in statements if "set_config" not in statement]) == 2
    assert Membership.__table__.name == "companies_membership"
