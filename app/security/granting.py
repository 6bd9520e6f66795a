"""Which roles grant a right: what a greyed button says to whoever lacks it."""

from typing import Any

from flask import current_app

from app.extensions import appbuilder
from app.i18n import _, humanize
from app.security.permissions import permission_cache


def titles_granting(verb: str, resource: str) -> list[Any]:
    """Return the titles of the roles that grant this verb; the administrator only if nobody else does."""
    grants = permission_cache().get()
    pair = (f"can_{verb}", resource)
    names = [name for name, role_id in sorted(grants.names.items()) if pair in grants.of_role.get(role_id, ())]
    admin = appbuilder().sm.auth_role_admin
    titles = {role.name: role.title for setup in current_app.extensions.get("setups", ()) for role in setup.roles}
    return [titles.get(name, _(humanize(name))) for name in names if name != admin or len(names) == 1]
