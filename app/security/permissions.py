"""What each role grants: one snapshot per process, checked once a second, so that a request asks no SQL for it."""

import time
from collections import defaultdict
from sys import intern

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu, assoc_permissionview_role
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.companies.models import CacheVersion
from app.database.isolation import CompanySession
from app.database.session import db, on_commit
from app.database.upsert import update_or_insert

CACHE = "permissions"
CHECK_EVERY = 1.0  # Seconds.
Pair = tuple[str, str]  # (permission, view): ("can_list", "reception.Visit").

NOTHING: frozenset[Pair] = frozenset()
# Whoever is logged in may read what there is for him: the menu and the description of REST.
EVERYBODY = frozenset({("can_get", "MenuApi"), ("can_get", "OpenApi"), ("can_show", "SwaggerView")})

# What a role held in a company opens besides business resources ('addon.Model'): all else is the platform's, such as
# FAB's own screens of users and roles, and opens for a global role only.
COMPANY_SCREENS = frozenset({"Apps"})


class Grants:
    """What the roles grant, as read once; never changed afterwards."""

    def __init__(self, number: int | None, of_role: dict[int, frozenset[Pair]], names: dict[str, int]) -> None:
        self.number, self.of_role, self.names = number, of_role, names
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
            self._combined[key] = EVERYBODY.union(general, local)
        return self._combined[key]


class PermissionCache:
    """The snapshot of this process; one cheap read a second tells whether it is stale."""

    def __init__(self) -> None:
        self._checked_at = float("-inf")
        self._grants: Grants | None = None

    def grants(self) -> Grants:
        """Return what the roles grant, at most a second old."""
        known = self._grants
        if known is None or time.monotonic() - self._checked_at >= CHECK_EVERY:
            return self._refresh(known)
        return known

    def expire(self) -> None:
        """Read again at the next question: this process has just changed a role itself."""
        self._grants = None

    def _refresh(self, known: Grants | None) -> Grants:
        asked_at = time.monotonic()
        # An own connection: it must see what others committed even when this request began earlier.
        with db.engine.connect() as connection:
            # The number first: if somebody changes a role in between, it is too old, and we read again.
            number = connection.scalar(sa.select(CacheVersion.number).where(CacheVersion.name == CACHE))
            if known is None or number is None or number != known.number:
                known = _read(connection, number)
        self._grants, self._checked_at = known, asked_at
        return known


def permission_cache() -> PermissionCache:
    """Return this app's cache."""
    cache: PermissionCache = current_app.extensions.setdefault("permission_cache", PermissionCache())
    return cache


def announce_change(session: Session) -> None:
    """Tell every process that a role changed: at once here after the commit, within seconds elsewhere."""
    raise_number(session.connection())
    on_commit(permission_cache().expire)


def raise_number(connection: Connection) -> None:
    """Have every process read the permissions again once this connection's transaction is committed."""
    # The increment happens in SQL, so that two changes at once cannot lose one.
    raised = sa.update(CacheVersion).where(CacheVersion.name == CACHE).values(number=CacheVersion.number + 1)
    update_or_insert(connection, raised, sa.insert(CacheVersion).values(name=CACHE, number=1))


def _read(connection: Connection, number: int | None) -> Grants:
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
    return Grants(number, {role_id: frozenset(pairs) for role_id, pairs in found.items()}, names)


def _on_flush(session: Session, _context: object) -> None:
    """Announce every change of a role or permission, whoever makes it: FAB's screens, its API or our sync."""
    watched = (Role, PermissionView)
    changed = [row for row in (*session.new, *session.deleted) if isinstance(row, watched)]
    changed += [row for row in session.dirty if isinstance(row, watched) and session.is_modified(row)]
    if changed:
        announce_change(session)


event.listen(CompanySession, "after_flush", _on_flush)
