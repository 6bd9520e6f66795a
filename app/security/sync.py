"""Writes declared permissions and roles into FAB's tables: once per release, never at start."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu, assoc_permissionview_role
from flask_appbuilder.security.sqla.models import Role as RoleRow

from app.database.session import commit, session
from app.extensions import appbuilder
from app.security.permissions import Pair, announce_change
from app.security.roles import Role

_Names = type[Permission] | type[ViewMenu] | type[RoleRow]


def sync_security(roles: Sequence[Role], menus: Mapping[str, tuple[str, str]]) -> None:
    """Write every permission of the loaded views, then the declared roles. Repeatable; in bulk.

    `menus` maps a resource to its category and entry: whoever may do something there sees them.
    The Admin role gets everything; it counts in a company only for whoever holds it there.
    """
    running = appbuilder()
    granted = {role.name: _pairs(role, menus) for role in roles}
    existing = _pairs_of_views(running)
    ids_of_pairs = _write_pairs(existing.union(*granted.values()))
    role_ids = _write_names(RoleRow, {*granted, running.sm.auth_role_admin, running.sm.auth_role_public})
    for name, pairs in granted.items():
        write_grants(role_ids[name], {ids_of_pairs[pair] for pair in pairs})
    write_grants(role_ids[running.sm.auth_role_admin], set(ids_of_pairs.values()))
    announce_change(session())  # type: ignore[operator]  # The scoped proxy gives its session when called.
    commit()


def _pairs(role: Role, menus: Mapping[str, tuple[str, str]]) -> set[Pair]:
    pairs = {(f"can_{verb}", name) for name, verbs in role.grants.items() for verb in verbs}
    return pairs | {("menu_access", entry) for name in role.grants for entry in menus.get(name, ())}


def _pairs_of_views(running: Any) -> set[Pair]:
    pairs = {
        (permission, view.class_permission_name)
        for view in running.baseviews
        if not isinstance(view, type)
        for permission in view.base_permissions or ()
    }
    return pairs | {("menu_access", name) for name in running.menu.get_flat_name_list() if name != "-"}


def _write_pairs(pairs: set[Pair]) -> dict[Pair, int]:
    permission_ids = _write_names(Permission, {permission for permission, _view in pairs})
    view_ids = _write_names(ViewMenu, {view for _permission, view in pairs})
    ids = pair_ids()
    missing = [
        {"permission_id": permission_ids[permission], "view_menu_id": view_ids[view]}
        for permission, view in sorted(pairs - ids.keys())
    ]
    if missing:
        session.execute(sa.insert(PermissionView), missing)
        ids = pair_ids()
    return ids


def pair_ids() -> dict[Pair, int]:
    """Return the id of every permission there is, by (permission, view)."""
    rows = session.execute(
        sa.select(PermissionView.id, Permission.name, ViewMenu.name)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    )
    return {(permission, view): pair_id for pair_id, permission, view in rows}


def _write_names(kind: _Names, names: Iterable[str]) -> dict[str, int]:
    """Insert the names that are missing, and return the id of every name there is."""
    known = {name: row_id for row_id, name in session.execute(sa.select(kind.id, kind.name))}
    missing = [{"name": name} for name in sorted(set(names) - known.keys())]
    if not missing:
        return known
    session.execute(sa.insert(kind), missing)
    return {name: row_id for row_id, name in session.execute(sa.select(kind.id, kind.name))}


def write_grants(role_id: int, wanted: set[int]) -> None:
    """Make the role grant exactly these pairs."""
    granted = assoc_permissionview_role.c
    held = set(session.scalars(sa.select(granted.permission_view_id).where(granted.role_id == role_id)))
    if surplus := held - wanted:
        session.execute(
            sa.delete(assoc_permissionview_role).where(
                granted.role_id == role_id, granted.permission_view_id.in_(surplus)
            )
        )
    if missing := wanted - held:
        session.execute(
            sa.insert(assoc_permissionview_role),
            [{"permission_view_id": pair_id, "role_id": role_id} for pair_id in sorted(missing)],
        )
