"""A company in which slips are checked: ann may check and finish, bob may only look, eve may nothing."""

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import User

from app.companies.enablement import switch
from app.companies.models import Membership, Scope
from app.database.session import commit, db, session
from app.security.roles import Role
from app.security.sync import sync_security
from tests.app.workflow.slips import RESOURCE, Slip

VERBS = ("list", "show", "check", "finish", "cancel")


@pytest.fixture
def desk(world):
    """Two companies in which the slips add-on is on, and the roles held in them."""
    with world.app.app_context():
        Slip.__table__.create(db.engine, checkfirst=True)
        sync_security([Role("slips_keeper", "Slip keeper", {RESOURCE: VERBS}),
                       Role("slips_reader", "Slip reader", {RESOURCE: ("list", "show")})], {})
        manager = world.app.appbuilder.sm
        for company in (world.one, world.two):
            switch("slips", company, on=True, depends={"slips": []})
            for name, role in (("ann", "slips_keeper"), ("bob", "slips_reader")):
                session.add(Membership(company_id=company, user_id=world.users[name], scope=Scope.COMPANY,
                                       role_id=manager.find_role(role).id))
        commit()
    return world


@pytest.fixture
def in_one(desk, run_in):
    """Run a function in the first company and commit."""
    return lambda function: run_in(desk.one, function)


@pytest.fixture
def user(desk):
    """Return a user by name, in whatever context is active."""
    return lambda name: session.get(User, desk.users[name])


@pytest.fixture
def slip_id(in_one):
    """A drafted slip."""
    def make():
        slip = Slip(title="First", doc_date=dt.date(2026, 3, 2))
        session.add(slip)
        session.flush()
        return slip.id

    return in_one(make)
