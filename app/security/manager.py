"""FAB's security manager, made company-aware and closed for add-ons that are off."""

from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user

from app.database.context import active_company
from app.database.session import session
from app.security.gate import is_open
from app.security.held_roles import held_roles
from app.security.menu import AddonMenu
from app.security.permissions import NOTHING, Pair, permission_cache

__all__ = ["AddonMenu", "SecurityManager", "is_open"]


class SecurityManager(FabSecurityManager):
    """Every door FAB has asks two questions: is the add-on on, and does a role held here allow it?

    FAB's roles from settings (FAB_ROLES) and its API keys grant nothing here.
    """

    def granted(self, user: User) -> frozenset[Pair]:
        """Return every (permission, view) that the user's roles grant in the active company."""
        company_id = active_company()
        held = held_roles(user.id)
        everywhere = frozenset(role.role_id for role in held if role.company_id is None)
        here = frozenset(role.role_id for role in held if role.company_id == company_id is not None)
        return permission_cache().grants().combined(everywhere, here)

    def is_granted(self, user: User, permission_name: str, view_name: str) -> bool:
        """Tell whether the user is active, the add-on is on and a role allows it."""
        return bool(user.is_active) and is_open(view_name) and (permission_name, view_name) in self.granted(user)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Answer FAB for the current user, or for the public."""
        if current_user.is_authenticated:
            return self.is_granted(current_user, permission_name, view_name)
        return self.is_item_public(permission_name, view_name)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Tell whether strangers may do this."""
        return is_open(view_name) and (permission_name, view_name) in self._public()

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Return the menu entries that the current user may see."""
        pairs = self.granted(current_user) if current_user.is_authenticated else self._public()
        return {view for permission, view in pairs if permission == "menu_access" and is_open(view)}

    def get_user_roles(self, user: Any) -> list[RoleRow]:
        """Return the global roles plus those held in the active company."""
        if not user.is_authenticated:
            return [self.get_public_role()]
        company_id = active_company()
        wanted = {held.role_id for held in held_roles(user.id) if held.company_id in (None, company_id)}
        return list(session.scalars(sa.select(RoleRow).where(RoleRow.id.in_(wanted)).order_by(RoleRow.id)))

    def exist_permission_on_roles(self, view_name: str, permission_name: str, role_ids: list[int]) -> bool:
        """Answer FAB from the snapshot instead of by SQL."""
        of_role = permission_cache().grants().of_role
        return any((permission_name, view_name) in of_role.get(role_id, NOTHING) for role_id in role_ids)

    def _public(self) -> frozenset[Pair]:
        grants = permission_cache().grants()
        return grants.of_role.get(grants.names.get(self.auth_role_public, 0), NOTHING)
