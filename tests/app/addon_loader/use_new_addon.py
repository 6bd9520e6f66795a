"""Run as a process of its own: works with an add-on as its first user would, and says what came of it as JSON."""

import datetime as dt
import json
import sys

from app.companies.enablement import switch
from app.companies.memberships import add_membership
from app.companies.models import Employee, Scope
from app.companies.opening import open_company
from app.database.session import as_company, commit, session
from app.factory import create_app
from app.security.passwords import set_password
from tests.world import PASSWORD

DAY = dt.date(2026, 3, 2)


def main(name: str, noun: str) -> None:
    """Open a company with a manager, switch the add-on on, and go once through its screens."""
    app = create_app(WTF_CSRF_ENABLED=False, TESTING=True, JOBS_INLINE=True, DEFAULT_LANGUAGE="en")
    with app.app_context():
        company_id = admit(app, f"{name}_manager")
        switch(name, company_id, on=True, depends={name: []})
        commit()
    client, place = app.test_client(), f"/{name}/{noun.lower()}"
    client.post("/login/", data={"username": "ann", "password": PASSWORD})
    client.post(f"/company/{company_id}")
    answers = [
        client.post(f"{place}/add", data={"name": "First", "due_on": "2026-03-02"}),
        client.post(f"{place}/transition/finish/1"),
        client.get(f"{place}/list/"),
        client.get(f"/api/v1{place}/1"),
        client.get(f"/reports/{name}.per_day"),
    ]
    state = answers[3].json["result"]["state"]
    print(json.dumps([[one.status_code for one in answers], "First" in answers[2].text, state]))  # noqa: T201


def admit(app, role):
    """Open a company and hire its manager; return its id."""
    company = open_company("One", code="one", on=DAY)
    manager = app.appbuilder.sm
    user = manager.user_model(username="ann", first_name="Ann", last_name="Test", email="a@example.test", active=True)
    session.add(user)
    set_password(user, PASSWORD)
    session.flush()
    add_membership(company.id, user_id=user.id, role_id=manager.find_role(role).id, scope=Scope.COMPANY)
    with as_company(company.id):
        session.add(Employee(user_id=user.id, number="E1", name="Ann", hired_on=DAY))
        session.flush()
    return company.id


main(*sys.argv[1:])
