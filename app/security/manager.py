"""FAB's security manager, made company-aware and closed for add-ons that are off."""

from typing import Any

import sqlalchemy as sa
from flask import Flask, g
from flask import session as cookie
from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_limiter import Limiter
from flask_login import current_user

from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.security.account_view import OwnPasswordLink, ResetPasswordView
from app.security.audit import record
from app.security.gate import is_open
from app.security.group_view import GroupView
from app.security.held_roles import held_roles
from app.security.identify import identify
from app.security.interface import ReadInterface
from app.security.limits import new_limiter
from app.security.lockout import forget_failures, is_locked, note_failure
from app.security.login_view import LoginView
from app.security.logins import live_user
from app.security.menu import AddonMenu
from app.security.models import LoginMethod
from app.security.passwords import set_password
from app.security.permissions import NOTHING, Pair, permission_cache
from app.security.role_view import RoleView
from app.security.second_factor import has_second_factor, use_code
from app.security.tokens import TokenApi
from app.security.user_view import UserView
from app.security.viewing import seen_user

__all__ = ["AddonMenu", "SecurityManager", "is_open"]


class SecurityManager(FabSecurityManager):
    """Lets every door of FAB's ask two questions: is the add-on on, and does a role held here allow it.

    FAB's roles from settings (FAB_ROLES) and its API keys grant nothing here.
    """

    authdbview = LoginView
    userdbmodelview = UserView
    rolemodelview = RoleView
    groupmodelview = GroupView
    security_api = TokenApi
    resetmypasswordview = OwnPasswordLink
    resetpasswordview = ResetPasswordView
    userstatschartview = None

    def __init__(self, appbuilder: Any) -> None:
        super().__init__(appbuilder)
        for view in (
            self.userdbmodelview,
            self.rolemodelview,
            self.groupmodelview,
            self.permissionmodelview,
            self.viewmenumodelview,
            self.permissionviewmodelview,
        ):
            view.datamodel = ReadInterface(view.datamodel.obj)  # FAB's own would commit.

    def granted(self, user: User) -> frozenset[Pair]:
        """Return every (permission, view) that the user's roles grant in the active company."""
        company_id = active_company()
        held = held_roles(user.id)
        everywhere = frozenset(role.role_id for role in held if role.company_id is None)
        here = frozenset(role.role_id for role in held if role.company_id == company_id is not None)
        return permission_cache().get().combined(everywhere, here)

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
        entries = {view for permission, view in pairs if permission == "menu_access" and is_open(view)}
        # A category shows for what is in it, whatever a role says of the category itself.
        menu = self.appbuilder.menu.menu
        return entries | {item.name for item in menu if any(child.name in entries for child in item.childs)}

    def get_user_roles(self, user: Any) -> list[RoleRow]:
        """Return the global roles plus those held in the active company."""
        if not user.is_authenticated:
            return [self.get_public_role()]
        company_id = active_company()
        wanted = {held.role_id for held in held_roles(user.id) if held.company_id in (None, company_id)}
        return list(session.scalars(sa.select(RoleRow).where(RoleRow.id.in_(wanted)).order_by(RoleRow.id)))

    def exist_permission_on_roles(self, view_name: str, permission_name: str, role_ids: list[int]) -> bool:
        """Answer FAB from the snapshot instead of by SQL."""
        of_role = permission_cache().get().of_role
        return any((permission_name, view_name) in of_role.get(role_id, NOTHING) for role_id in role_ids)

    def _public(self) -> frozenset[Pair]:
        grants = permission_cache().get()
        return grants.of_role.get(grants.names.get(self.auth_role_public, 0), NOTHING)

    def create_limiter(self, app: Flask) -> Limiter:
        """Count attempts in Redis where there is one."""
        return new_limiter(app)

    def load_user(self, pk: int) -> User | None:
        """Return the user of the cookie, while the log-in it names is live; or him whose screens he looks at."""
        now = utc_now()
        user = live_user(cookie.get("sid", ""), int(pk), now=now)
        return user and (seen_user(g.live_login, now=now) or user)

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> User | None:
        """Return the user of the token, whom the check of its log-in has loaded."""
        user: User | None = g.get("bearer_user")
        return user

    def auth_user_db(self, username: str | None, password: str | None) -> User | None:
        """Log in whoever needs no second factor; None for whatever is wrong (S:CORE-03)."""
        user = self.user_with_password(username, password)
        return self.logged_in(user) if user is not None and not has_second_factor(user.id) else None

    def user_with_password(self, username: str | None, password: str | None) -> User | None:
        """Return the user with this name (or e-mail) and password, whose second factor is still to be asked."""
        return identify((username or "").strip(), password or "", now=utc_now())

    def passes_second_factor(self, user: User, code: str) -> bool:
        """Tell whether this code is right and not used yet; a wrong one counts like a wrong password."""
        now = utc_now()
        if is_locked(user.id, now=now):
            return False
        if use_code(user.id, code, now=now):
            return True
        note_failure(user.id, now=now)
        record("login.failed", user_id=user.id, username=user.username, step="second factor")
        return False

    def logged_in(self, user: User, *, method: LoginMethod | None = None) -> User:
        """Note that a user has shown all that his log-in takes; `method` says who vouches where it is not the usual."""
        forget_failures(user.id)
        user.login_count = (user.login_count or 0) + 1
        user.last_login = utc_now().replace(tzinfo=None)  # FAB's column knows no time zone.
        record("login.succeeded", user_id=user.id, **({} if method is None else {"by": method}))
        self.on_user_login(user)
        return user

    def reset_password(self, userid: int | str, password: str) -> None:
        """Set a password under the policy; whoever gets one from somebody else must choose his own."""
        user = session.get_one(User, int(userid))
        own = current_user and current_user.is_authenticated and current_user.id == user.id
        set_password(user, password, must_change=not own)
