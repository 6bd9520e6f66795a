"""A clerk from whom fields are kept back: what the tests of field limits share."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.security.models import FieldLevel

HIDDEN, READ_ONLY = FieldLevel.HIDDEN, FieldLevel.READ_ONLY
ORDER = "market.Order"
LOOKS = ("list", "show", "edit", "send", "export")


def limit(
    world: Any,
    run_in: Callable[..., Any],
    username: str,
    levels: Mapping[str, FieldLevel],
    *,
    verbs: Iterable[str] = LOOKS,
    alone: bool = True,
) -> int:
    """Give a user of company one a role of its own that keeps back these fields of orders; `alone`, no other."""
    import sqlalchemy as sa
    from flask_appbuilder.security.sqla.models import Role

    from app.companies.memberships import add_membership
    from app.companies.models import Membership, Scope
    from app.database.session import session
    from app.security.limiting import set_limits
    from app.security.own_roles import change_rights, make_role
    from app.security.sync import pair_ids

    def make() -> int:
        user_id = world.users[username]
        if alone:
            held = sa.delete(Membership).filter_by(user_id=user_id, company_id=world.one)
            session.execute(held)
        role = make_role(f"Kept from {username}", company_id=world.one)
        pairs = {(f"can_{verb}", ORDER) for verb in verbs}
        change_rights(role, give=[pair_ids()[pair] for pair in pairs], take=[])
        set_limits(session.get_one(Role, role.id), ORDER, levels, pairs=pairs, delegate=None)
        add_membership(world.one, user_id=user_id, role_id=role.id, scope=Scope.COMPANY)
        return int(role.id)

    return run_in(world.one, make)  # type: ignore[no-any-return]


def plain(markup: str) -> str:
    """Return a page without the menu and the scripts around it."""
    return re.sub(r"<(script|nav|style)\b.*?</\1>", "", markup, flags=re.DOTALL)
