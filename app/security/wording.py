"""Roles and permissions in words: what the database keeps as 'reception_desk' and 'can_add on reception.Customer'."""

from collections.abc import Mapping

from flask import current_app
from flask_appbuilder.security.sqla.models import PermissionView
from flask_babel import gettext

from app.errors import Text
from app.i18n import _, humanize
from app.security.roles import subject_of

# Flask-AppBuilder names its own screens and verbs after its classes and functions.
_SCREENS: Mapping[str, Text] = {
    "UserView": _("Users"),
    "RoleModelView": _("Roles"),
    "UserGroupModelView": _("Groups"),
    "ResetPasswordView": _("Passwords"),
    "UserInfoEditView": _("Own account"),
    "MenuApi": _("Menu"),
    "OpenApi": _("Description of REST"),
    "SwaggerView": _("Description of REST"),
}
_VERBS: Mapping[str, Text] = {
    "can_get": _("Show"),
    "can_download": _("Export"),
    "can_this_form_get": _("Show"),
    "can_this_form_post": _("Edit"),
    "copyrole": _("Copy Role"),
    "menu_access": _("In the menu"),
    "resetmypassword": _("Reset my password"),
    "resetpasswords": _("Reset Password"),
    "userinfoedit": _("Edit User"),
}


def role_titles() -> dict[str, Text]:
    """Return the roles that a company administrator may give; the platform's own are not among them."""
    return {
        role.name: role.title
        for setup in [*current_app.extensions["setups"], *current_app.extensions["rooms"]]
        for role in setup.roles
    }


def role_words(name: str) -> str:
    """Return the title of a role; one made by an administrator is called what he called it."""
    return str(role_titles().get(name, name))


def permission_words(permission: PermissionView) -> str:
    """Return 'Customers · Add'."""
    name = permission.permission.name
    verb = _VERBS.get(name) or gettext(humanize(name.removeprefix("can_")))
    return f"{_subject(permission.view_menu.name)} · {verb}"


def _subject(name: str) -> str:
    """Return a resource or menu entry in words: FAB keeps the names of both in one table."""
    if name in _SCREENS:
        return str(_SCREENS[name])
    last = name.rpartition(".")[2]
    translated = gettext(last)
    return translated if translated != last else gettext(subject_of(last))
