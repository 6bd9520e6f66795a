"""What we override or rely on in Flask-AppBuilder and the Flask extensions around log-in.

If an upgrade changes one of these, read the change, make sure that no door opens, and pin the new text.
"""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

from flask_appbuilder.baseviews import BaseCRUDView
from flask_appbuilder.menu import Menu, MenuItem
from flask_appbuilder.security import decorators
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.manager import BaseSecurityManager
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.views import AuthDBView, AuthView, ResetPasswordView, RoleModelView, UserDBModelView
from flask_appbuilder.views import SimpleFormView
from flask_jwt_extended.internal_utils import verify_token_not_blocklisted
from flask_jwt_extended.jwt_manager import JWTManager
from flask_jwt_extended.view_decorators import verify_jwt_in_request
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

PINNED: dict[Callable[..., Any], str] = {
    BaseSecurityManager.__init__: "b52855267d59",
    BaseSecurityManager.register_views: "0f9d1caa5a45",
    BaseSecurityManager.is_item_public: "7226c17b2356",
    BaseSecurityManager.has_access: "47d07058e349",
    BaseSecurityManager.get_user_roles: "340d1d7627ba",
    BaseSecurityManager.get_user_menu_access: "6eea94a7f08d",
    BaseSecurityManager._get_user_permission_view_menus: "76adda7d1622",
    BaseSecurityManager.create_limiter: "a788eea76a87",
    BaseSecurityManager.create_login_manager: "9b7f2f3938bb",
    BaseSecurityManager.create_jwt_manager: "193ad6099e2a",
    BaseSecurityManager.load_user: "2f050bc6a3a7",
    BaseSecurityManager.load_user_jwt: "48995ee8a1ba",
    BaseSecurityManager.auth_user_db: "a0ef38cf2f15",
    BaseSecurityManager.reset_password: "8e599b3e8d1a",
    BaseSecurityManager.before_request: "716fd0646eff",
    SecurityManager.exist_permission_on_roles: "76911f3e691a",
    SecurityManager.add_user: "de1260ea1a86",
    SecurityManager.get_public_role: "0890a82b3682",
    Menu.get_list: "1170ffe905f0",
    Menu.get_data: "28ae5bba66f9",
    MenuItem.__init__: "5bd5ad3c10c3",
    decorators.has_access: "c943cdc958ef",
    decorators.protect: "baa60159d7c2",
    SecurityApi.login: "8beb5884c61c",
    SecurityApi.refresh: "f6174d78a1e1",
    AuthDBView.login: "35aa7b27214f",
    AuthView.logout: "cfaa2bd916b8",
    ResetPasswordView.form_post: "d339a0b3cde8",
    SimpleFormView.this_form_post: "0ce5bd928e66",
    UserDBModelView.userinfo: "f3cd5a82c468",
    UserDBModelView.pre_add: "3edeb6de1859",
    UserDBModelView.pre_update: "c9daea98c13f",
    RoleModelView.copy_role: "0bae814c28fe",
    RoleModelView.pre_delete: "f0dee329e648",
    BaseCRUDView._add: "a025a0c68594",
    BaseCRUDView._edit: "d761e7bd3d3f",
    BaseCRUDView._delete: "8fdf8f052341",
    LoginManager._load_user: "0d6e4d0e46a4",
    CSRFProtect.protect: "60961f8ee3e9",
    verify_jwt_in_request: "aad08e3aa52a",
    verify_token_not_blocklisted: "cf7acf4631d7",
    JWTManager._encode_jwt_from_config: "bbbe098f9e3f",
}


def test_nothing_that_we_override_or_rely_on_has_changed() -> None:
    found = {function: hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12] for function in PINNED}
    assert {function.__qualname__ for function in PINNED if found[function] != PINNED[function]} == set()
