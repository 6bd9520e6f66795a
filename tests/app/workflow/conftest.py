"""A company in which slips are checked: ann may check and finish, rob may only look, eve may nothing."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.enablement import switch
from app.companies.models import Membership, Scope
from app.database.base import Model
from app.database.row_security import secure_tables
from app.database.session import commit, session
from app.security.roles import Role
from app.security.sync import sync_security
from tests.app.workflow.slips import RESOURCE, Slip

VERBS = ("list", "show", "check", "finish", "cancel")


@pytest.fixture
def desk(world, database):
    """Two companies in which the slips add-on is on, and the roles held in them."""
    owner = sa.create_engine(database.settings()["DATABASE_OWNER_URL"] or world.app.config["SQLALCHEMY_DATABASE_URI"])
    _create_table(owner, world.app)
    with world.app.app_context():
        sync_security(
            [
                Role("slips_keeper", "Slip keeper", {RESOURCE: VERBS}),
                Role("slips_reader", "Slip reader", {RESOURCE: ("list", "show")}),
            ],
            {},
        )
        manager = world.app.appbuilder.sm
        for company in (world.one, world.two):
            switch("slips", company, on=True, depends={"slips": []})
            for name, role in (("ann", "slips_keeper"), ("rob", "slips_reader")):
                session.add(
                    Membership(
                        company_id=company,
                        user_id=world.users[name],
                        scope=Scope.COMPANY,
                        role_id=manager.find_role(role).id,
                    )
                )
        commit()
    yield world
    database.forget()
    with owner.begin() as connection:
        Slip.__table__.drop(connection)
    owner.dispose()


def _create_table(owner, app):
    """Make the table of slips as a migration would: by the owner, behind the second wall."""
    with owner.begin() as connection:
        Slip.__table__.create(connection, checkfirst=True)
        secure_tables(connection, Model.metadata, "zhanggui_app" if app.config.get("DATABASE_OWNER_URL") else None)


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
