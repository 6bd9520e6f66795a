"""People who sign, and chains of steps, for the tests of approvals."""

import datetime as dt

import sqlalchemy as sa

from app.approvals.chains import activate, save_draft
from app.companies.models import Employee, Membership, OrgUnit, Position, Scope
from app.companies.org import assign
from app.database.session import session
from app.security.passwords import set_password
from app.workflow.facts import facts_of
from tests.app.workflow.slips import RESOURCE, SLIP_WORKFLOW
from tests.world import FIRST_DAY, PASSWORD

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)  # Ten in the morning in Shanghai, a Monday.
SIGNERS = ("sales", "vice", "chief")  # Each the superior of the one before; ann reports to sales.


def hire_signers(app, company_id, role):
    """Make a user and an employee for each signer, one above the other; return the users' ids by name."""
    manager = app.appbuilder.sm
    unit = session.scalars(sa.select(OrgUnit)).first()
    users, below = {}, session.scalars(sa.select(Employee).where(Employee.number == "E-ann")).one()
    for name in SIGNERS:
        user = manager.user_model(
            username=name, first_name=name.title(), last_name="Test", email=f"{name}@example.test", active=True
        )
        session.add(user)
        set_password(user, PASSWORD, must_change=False)
        session.flush()
        users[name] = user.id
        session.add(Membership(company_id=company_id, user_id=user.id, scope=Scope.OWN, role_id=role.id))
        person = Employee(user_id=user.id, number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY)
        position = Position(title=f"Under {name}", org_unit=unit)
        session.add_all([person, position])
        session.flush()
        assign(below, position=position, superior=person, valid_from=FIRST_DAY)
        below = person
    return users


def employee(name):
    """Return somebody by name, in the active company."""
    return session.scalars(sa.select(Employee).where(Employee.number == f"E-{name}")).one()


def step(key, name, **values):
    """Return a step that one person signs."""
    return {"key": key, "name": key.upper(), "who": "person", "value": str(employee(name).id), **values}


def chain(*steps, rules=None, transition="finish", actor):
    """Put a chain on slips in force: all steps for all documents, unless rules say otherwise."""
    rules = rules or [{"name": "All", "steps": [one["key"] for one in steps]}]
    facts = facts_of(SLIP_WORKFLOW, SLIP_WORKFLOW.transitions[transition])
    draft = save_draft(RESOURCE, transition, data={"rules": rules, "steps": list(steps)}, facts=facts)
    activate(draft, facts=facts, actor=actor, now=NOW)
    return draft
