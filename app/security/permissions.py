"""What each role grants: one snapshot per process, checked once a second, so that a request asks no SQL for it."""

from collections import defaultdict
from collections.abc import Mapping
from sys import intern

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu, assoc_permissionview_role
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.companies.snapshot import Snapshot, raise_number
from app.database.isolation import CompanySession
from app.database.session import on_commit
from app.security.models import FieldLevel, FieldLimit

CACHE = "permissions"
Pair = tuple[str, str]  # (permission, view): ("can_list", "reception.Visit").
FieldLevels = Mapping[str, FieldLevel]  # By field; of one that is missing nothing is kept back.

NOTHING: frozenset[Pair] = frozenset()
# Whoever is logged in may read what there is for him: the menu and the description of REST.
EVERYBODY = frozenset({("can_get", "MenuApi"), ("can_get", "OpenApi"), ("can_show", "SwaggerView")})
# Every member of a company signs what waits for him, and follows what he asked for; record scope says which rows.
EVERY_MEMBER = frozenset(
    (f"can_{verb}", resource)
    for resource, verbs in {
        "approvals.ApprovalTask": ("list", "show", "export", "agree", "disagree", "give_back", "add_signer"),
        "approvals.ApprovalFile": ("list", "show", "export", "withdraw", "carry_out"),
        "approvals.ApprovalDeputy": ("list", "show", "add", "delete"),
        "changes.ChangeRequest": ("list", "show", "export", "submit", "try_again", "withdraw"),
    }.items()
    for verb in verbs
) | {
    ("menu_access", "approvals.Waiting for me"),
    ("menu_access", "approvals.Requests"),
    ("menu_access", "approvals.Deputies"),
    ("menu_access", "approvals.Overdue steps"),
    ("menu_access", "changes.Change requests"),
}

# What a role held in a company opens besides business resources ('addon.Model'): all else is the platform's, such as
# FAB's own screens of users and roles, and opens for a global role only.
COMPANY_SCREENS = frozenset({"Apps"})

WRITING = frozenset({"can_add", "can_edit", "can_import"})  # What a field is typed by,
READING = WRITING | {"can_list", "can_show", "can_export"}  # and what it is seen by.


class Grants:
    """What the roles grant, as read once; never changed afterwards."""

    def __init__(
        self, of_role: dict[int, frozenset[Pair]], names: dict[str, int], limits: Mapping[tuple[int, str], FieldLevels]
    ) -> None:
        self.of_role, self.names, self.limits = of_role, names, limits
        self.limited = frozenset(resource for _role, resource in limits)
        self._levels: dict[tuple[frozenset[int], str], FieldLevels] = {}
        self._combined: dict[tuple[frozenset[int], frozenset[int]], frozenset[Pair]] = {}

    def combined(self, everywhere: frozenset[int], here: frozenset[int]) -> frozenset[Pair]:
        """Return what roles held globally and in the active company grant together.

        A global role opens no business resource ('addon.Model'): that takes a role in the company.
        """
        key = (everywhere, here)
        if key not in self._combined:
            general = {pair for role in everywhere for pair in self.of_role.get(role, NOTHING) if "." not in pair[1]}
            local = {
                pair
                for role in here
                for pair in self.of_role.get(role, NOTHING)
                if "." in pair[1] or pair[1] in COMPANY_SCREENS
            }
            self._combined[key] = EVERYBODY.union(general, local, EVERY_MEMBER if here else ())
        return self._combined[key]

    def field_levels(self, roles: frozenset[int], resource: str) -> FieldLevels:
        """Return what roles held together keep back of a resource: of each field what the most generous one does."""
        key = (roles, resource)
        if key not in self._levels:
            self._levels[key] = self._generous(roles, resource)
        return self._levels[key]

    def _generous(self, roles: frozenset[int], resource: str) -> FieldLevels:
        verbs = {role: {verb for verb, name in self.of_role.get(role, NOTHING) if name == resource} for role in roles}
        reading = [role for role in roles if verbs[role] & READING]
        writing = [role for role in reading if verbs[role] & WRITING]
        levels = {role: self.limits.get((role, resource), {}) for role in reading}
        found = {}
        for field in {name for of_role in levels.values() for name in of_role}:
            if all(levels[role].get(field) is FieldLevel.HIDDEN for role in reading):
                found[field] = FieldLevel.HIDDEN
            elif all(field in levels[role] for role in writing):
                found[field] = FieldLevel.READ_ONLY
        return found


def permission_cache() -> Snapshot[Grants]:
    """Return what this process knows of the roles."""
    known: Snapshot[Grants] = current_app.extensions.setdefault("permission_cache", Snapshot(CACHE, _read))
    return known


def announce_change(session: Session) -> None:
    """Tell every process that a role changed: at once here after the commit, within seconds elsewhere."""
    raise_number(session.connection(), CACHE)
    on_commit(permission_cache().expire)


def _read(connection: Connection) -> Grants:
    found: dict[int, set[Pair]] = defaultdict(set)
    granted = assoc_permissionview_role.c
    rows = connection.execute(
        sa.select(granted.role_id, Permission.name, ViewMenu.name)
        .select_from(assoc_permissionview_role)
        .join(PermissionView, PermissionView.id == granted.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    )
    for role_id, permission, view in rows:
        found[role_id].add((intern(permission), intern(view)))
    names = {name: role_id for role_id, name in connection.execute(sa.select(Role.id, Role.name))}
    limits: dict[tuple[int, str], dict[str, FieldLevel]] = defaultdict(dict)
    columns = (FieldLimit.role_id, FieldLimit.resource, FieldLimit.field, FieldLimit.level)
    for role_id, resource, field, level in connection.execute(sa.select(*columns)):
        limits[role_id, intern(resource)][field] = level
    return Grants({role_id: frozenset(pairs) for role_id, pairs in found.items()}, names, limits)


def _on_flush(session: Session, _context: object) -> None:
    """Announce every change of a role or permission, whoever makes it: FAB's screens, its API or our sync."""
    watched = (Role, PermissionView)
    changed = [row for row in (*session.new, *session.deleted) if isinstance(row, watched)]
    changed += [row for row in session.dirty if isinstance(row, watched) and session.is_modified(row)]
    if changed:
        announce_change(session)


event.listen(CompanySession, "after_flush", _on_flush)
