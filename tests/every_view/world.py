"""Two companies with every add-on on in both, a user for each role that an add-on brings, and a colleague of root."""

from typing import Any

from flask import Flask

from tests.world import PASSWORD
from tests.world import make_world as make_common_world

COLLEAGUE = "vera"  # Checks and reviews what root writes: nobody does so with his own documents.
COLLEAGUES_ROLES = ("Admin", "contracts_legal", "contracts_finance")


def make_world(app: Flask) -> dict[str, Any]:
    """Make the world of all tests, switch everything on in both companies, and admit one holder of each role to one."""
    from app.addon_loader.manifest import closure
    from app.companies.enablement import switch
    from app.companies.memberships import add_membership
    from app.companies.models import Scope
    from app.database.session import commit, session
    from app.security.passwords import set_password

    facts = make_common_world(app)
    manifests = app.extensions["manifests"]
    depends = {setup.name: closure(manifests, setup.name) for setup in app.extensions["setups"]}
    companies = (facts["one"], facts["two"])
    with app.app_context():
        for company_id in companies:
            for addon in depends:
                switch(addon, company_id, on=True, depends=depends)
        manager = app.appbuilder.sm  # type: ignore[attr-defined]  # FAB puts it on the app.
        roles = [role.name for setup in app.extensions["setups"] for role in setup.roles]
        for name in (COLLEAGUE, *roles):
            user = manager.user_model(
                username=name, first_name=name, last_name="Holder", email=f"{name}@example.test", active=True
            )
            session.add(user)
            set_password(user, PASSWORD, must_change=False)
            session.flush()
            held = [(role, one) for role in COLLEAGUES_ROLES for one in companies] if name == COLLEAGUE else []
            for role, company_id in held or [(name, facts["one"])]:
                role_id = manager.find_role(role).id
                add_membership(company_id, user_id=user.id, role_id=role_id, scope=Scope.COMPANY)
        commit()
    return {**facts, "roles": roles}
