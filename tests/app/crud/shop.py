"""A world with orders in it: a boss who may everything, clerks who see personal data masked."""

from typing import Any

from flask import Flask

from tests.world import FIRST_DAY, PASSWORD, make_world

STAFF = {"bea": ("market_boss", "company"), "cal": ("market_clerk", "company"), "oli": ("market_clerk", "own")}


def make_shop(app: Flask) -> dict[str, Any]:
    """Make the world of all tests, switch orders on in both companies, and hire who works with them."""
    from app.companies.enablement import switch
    from app.companies.memberships import add_membership
    from app.companies.models import Employee, Scope
    from app.database.session import as_company, commit, session
    from app.security.passwords import set_password

    facts = make_world(app)
    with app.app_context():
        manager = app.appbuilder.sm
        for company_id in (facts["one"], facts["two"]):
            switch("market", company_id, on=True, depends=facts["depends"])
        for name, (role, scope) in STAFF.items():
            user = manager.user_model(
                username=name, first_name=name.title(), last_name="Test", email=f"{name}@example.test", active=True
            )
            session.add(user)
            set_password(user, PASSWORD, must_change=False)
            session.flush()
            facts["users"][name] = user.id
            for company_id in (facts["one"], facts["two"]):
                role_id = manager.find_role(role).id
                add_membership(company_id, user_id=user.id, role_id=role_id, scope=Scope(scope))
                with as_company(company_id):
                    session.add(Employee(user_id=user.id, number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY))
                    session.flush()
        commit()
    return facts
