"""Two companies with every add-on on in both, and one user for each role that an add-on brings."""

from typing import Any

from flask import Flask

from tests.world import PASSWORD
from tests.world import make_world as make_common_world


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
    with app.app_context():
        for company_id in (facts["one"], facts["two"]):
            for addon in depends:
                switch(addon, company_id, on=True, depends=depends)
        manager = app.appbuilder.sm  # type: ignore[attr-defined]  # FAB puts it on the app.
        roles = [role.name for setup in app.extensions["setups"] for role in setup.roles]
        for name in roles:
            user = manager.user_model(
                username=name, first_name=name, last_name="Holder", email=f"{name}@example.test", active=True
            )
            session.add(user)
            set_password(user, PASSWORD, must_change=False)
            session.flush()
            role_id = manager.find_role(name).id
            add_membership(facts["one"], user_id=user.id, role_id=role_id, scope=Scope.COMPANY)
        commit()
    return {**facts, "roles": roles}
