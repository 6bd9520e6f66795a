"""A sales office to test in: one desk, three consultants in turn, those above them, and a company without reception."""

import datetime as dt
from typing import Any

from flask import Flask

from tests.world import PASSWORD

FIRST_DAY = dt.date(2025, 1, 1)
DAY = dt.date(2026, 3, 2)  # A Monday; the day of the rules' examples.
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
# username: (role, scope, whom he reports to)
STAFF = {
    "max": ("reception_manager", "company", None),
    "sue": ("reception_supervisor", "team", "max"),
    "amy": ("reception_consultant", "own", "sue"),
    "bob": ("reception_consultant", "own", "sue"),
    "cat": ("reception_consultant", "own", "sue"),
    "mia": ("reception_marketing_supervisor", "company", "max"),
    "dee": ("reception_desk", "company", "max"),
    "root": ("Admin", "company", None),
}


def at(clock: str, day: dt.date = DAY) -> dt.datetime:
    """Return the instant of '10:45' on the wall clock of the office."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI).astimezone(dt.UTC)


def make_office(app: Flask) -> dict[str, Any]:
    """Open both companies, hire the staff, set up the desk; return the ids."""
    from app.companies.enablement import switch
    from app.companies.models import Company
    from app.companies.opening import open_company
    from app.database.session import as_company, commit, session

    with app.app_context():
        one = open_company("One Homes", code="one", on=FIRST_DAY)
        two = open_company("Two Farms", code="two", on=FIRST_DAY)
        switch("reception", one.id, on=True, depends={"reception": []})
        users = {name: _admit(app, name) for name in STAFF}
        for company_id in (one.id, two.id):
            with as_company(company_id):
                employees = _hire(app, users, company_id)
        with as_company(one.id):
            queue_id = _set_up_desk(session.get_one(Company, one.id).id)
        commit()
        return {"one": one.id, "two": two.id, "users": users, "queue": queue_id, "employees": employees}


def _admit(app: Flask, name: str) -> int:
    from app.database.session import session
    from app.security.passwords import set_password

    user = app.appbuilder.sm.user_model(
        username=name, first_name=name.title(), last_name="Test", email=f"{name}@example.test", active=True
    )
    session.add(user)
    set_password(user, PASSWORD, must_change=False)
    session.flush()
    return user.id


def _hire(app: Flask, users: dict[str, int], company_id: int) -> dict[str, int]:
    import sqlalchemy as sa

    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnit, Position, Scope
    from app.companies.org import assign
    from app.database.session import session

    root = session.scalars(sa.select(OrgUnit)).one()
    found: dict[str, Any] = {}
    for name, (role, scope, superior) in STAFF.items():
        add_membership(
            company_id, user_id=users[name], role_id=app.appbuilder.sm.find_role(role).id, scope=Scope(scope)
        )
        found[name] = Employee(user_id=users[name], number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY)
        position = Position(org_unit_id=root.id, title=name)
        session.add_all([found[name], position])
        session.flush()
        assign(found[name], position=position, superior=found.get(superior or ""), valid_from=FIRST_DAY)
    return {name: employee.id for name, employee in found.items()}


def _set_up_desk(company_id: int) -> int:
    import sqlalchemy as sa
    from flask_appbuilder.security.sqla.models import User

    from addons.reception.services import create_queue
    from app.companies.models import Employee
    from app.database.session import session

    manager = session.scalars(sa.select(User).where(User.username == "max")).one()
    by_name = {one.name: one.id for one in session.scalars(sa.select(Employee))}
    queue = create_queue(
        actor=manager, name="Front desk", members=[{"employee_id": by_name[name]} for name in ("Amy", "Bob", "Cat")]
    )
    return queue.id
