"""What is in the database of every test: two companies, and people with roles in them."""

import datetime as dt
from typing import Any

from flask import Flask

PASSWORD = "long enough 4 tests"  # Of users that live for one test.
FIRST_DAY = dt.date(2025, 1, 1)
# username: (role, scope) held in both companies; eve is a member whose role grants nothing here.
PEOPLE = {"ann": ("visits_manager", "company"), "rob": ("visits_reader", "own"), "eve": ("Public", "own")}


def make_world(app: Flask) -> dict[str, Any]:
    """Open the companies, hire and admit the people, switch on the add-ons; return the ids."""
    from app.addon_loader.manifest import closure
    from app.companies.enablement import switch
    from app.companies.memberships import add_membership
    from app.companies.models import Employee, Scope
    from app.companies.opening import open_company
    from app.database.session import as_company, commit, session
    from app.security.passwords import set_password

    manifests = app.extensions["manifests"]
    with app.app_context():
        manager = app.appbuilder.sm  # type: ignore[attr-defined]
        one = open_company("One Homes", code="one", on=FIRST_DAY)
        two = open_company("Two Farms", code="two", on=FIRST_DAY)
        users = {}
        for name, (role, scope) in {**PEOPLE, "root": ("Admin", "company")}.items():
            user = manager.user_model(
                username=name, first_name=name.title(), last_name="Test", email=f"{name}@example.test", active=True
            )
            session.add(user)
            set_password(user, PASSWORD, must_change=False)
            session.flush()
            users[name] = user.id
            for company in (one, two):
                add_membership(company.id, user_id=user.id, role_id=manager.find_role(role).id, scope=Scope(scope))
                with as_company(company.id):
                    session.add(Employee(user_id=user.id, number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY))
                    session.flush()
        depends = {name: closure(manifests, name) for name in manifests}
        for addon, company in (("bonus", one), ("visits", two)):
            switch(addon, company.id, on=True, depends=depends)
        commit()
        return {"one": one.id, "two": two.id, "users": users, "depends": depends}
