"""A company in which slips are checked: ann may check and finish, rob may only look, eve may nothing."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.approvals.deciding import decide
from app.approvals.models import ApprovalFile, ApprovalTask, TaskState, Verdict
from app.companies.enablement import switch
from app.companies.models import Membership, Scope
from app.database.base import Model
from app.database.context import set_acting_user
from app.database.row_security import secure_tables
from app.database.session import commit, session
from app.security.roles import Role
from app.security.sync import sync_security
from tests.app.workflow.signing import NOW, chain, employee, hire_signers, step
from tests.app.workflow.slips import RESOURCE, SHORTEST, SLIP_WORKFLOW, Slip, SlipState, finish_slip

HOUR = dt.timedelta(hours=1)
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


@pytest.fixture
def office(desk, in_one, user, monkeypatch):
    """A desk at which ann asks, and sales, vice and chief sign; slips are checked and cost 100.00."""
    monkeypatch.setitem(desk.app.extensions["workflows"], RESOURCE, SLIP_WORKFLOW)

    def hire():
        role = desk.app.appbuilder.sm.find_role("slips_reader")
        desk.users = {**desk.users, **hire_signers(desk.app, desk.one, role)}  # The facts are those of all tests.
        SHORTEST.set(1, valid_from=dt.date(2026, 1, 1), actor=user("ann"))

    in_one(hire)
    desk.chain = lambda *steps, **options: in_one(
        lambda: chain(*(step(*one, **values) for one, values in steps), actor=user("ann"), **options)
    )
    return desk


@pytest.fixture
def slip(office, in_one):
    """A checked slip."""

    def make():
        made = Slip(
            title="Discount", doc_date=dt.date(2026, 3, 2), state=SlipState.CHECKED, minutes=20, fee=Decimal(100)
        )
        session.add(made)
        session.flush()
        return made.id

    return in_one(make)


@pytest.fixture
def finish(in_one, user, slip):
    """Ask for a slip to be finished."""
    return lambda name="ann": in_one(
        lambda: _as(
            user(name),
            lambda: finish_slip(session.get(Slip, slip), actor=user(name), now=NOW, today=NOW.date()).is_done,
        )
    )


@pytest.fixture
def sign(in_one, user):
    """Have somebody sign whatever he may sign."""

    def run(name, verdict=Verdict.AGREE, opinion="Fine", now=NOW + HOUR, of=None):
        def do():
            task = session.scalars(
                sa.select(ApprovalTask).where(
                    ApprovalTask.state == TaskState.OPEN, ApprovalTask.employee_id == employee(of or name).id
                )
            ).one()
            _as(user(name), lambda: decide(task, verdict, opinion=opinion, actor=user(name), now=now))

        in_one(do)

    return run


def _as(actor, call):
    set_acting_user(actor.id)
    try:
        return call()
    finally:
        set_acting_user(None)


@pytest.fixture
def look(in_one, slip):
    """Return the state of the slip and of its file, and the step that it lies at."""

    def read():
        file = session.scalars(sa.select(ApprovalFile).order_by(ApprovalFile.id.desc())).first()
        return session.get(Slip, slip).state, file and file.state, file and file.step

    return lambda: in_one(read)


@pytest.fixture
def open_tasks(in_one):
    """Return for whom it waits."""

    def read():
        tasks = session.scalars(sa.select(ApprovalTask).where(ApprovalTask.state == TaskState.OPEN))
        return sorted(task.employee.name for task in tasks)

    return lambda: in_one(read)
