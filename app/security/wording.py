"""Roles and permissions in words: what the database keeps as 'reception_desk' and 'can_add on reception.Customer'."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext

from app.errors import Text
from app.i18n import _, said_by
from app.security.gate import is_open
from app.security.roles import subject_text

# Flask-AppBuilder names its own screens and verbs after its classes and functions.
SCREENS: Mapping[str, Text] = {
    "UserView": _("Users"),
    "RoleModelView": _("Roles"),
    "UserGroupModelView": _("Groups"),
    "ResetPasswordView": _("Passwords"),
    "UserInfoEditView": _("Own account"),
    "MenuApi": _("Menu"),
    "OpenApi": _("Description of REST"),
    "SwaggerView": _("Description of REST"),
}
VERBS: Mapping[str, Text] = {
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
_OF_COMPANY = re.compile(r"^company_\d+_")


def name_of_own(company_id: int, title: str) -> str:
    """Return what the database calls a company's own role: it wants names that no other company has taken."""
    return f"company_{company_id}_{title}"


def role_titles(*, only_open: bool = False) -> dict[str, Text]:
    """Return the roles that a company administrator may give, of all add-ons or of those that are on.

    Where two are called the same, the add-on stands behind, so that each can be told apart and typed in an import.
    The platform's own are not among them.
    """
    every = _shipped()
    times = Counter(str(role.title) for role, _setup in every)
    return {
        role.name: role.title if times[str(role.title)] == 1 else f"{role.title} ({gettext(setup.manifest.title)})"
        for role, setup in every
        if not only_open or is_open(f"{setup.name}.")
    }


def role_words(name: str) -> str:
    """Return the title of a role; one made by an administrator is called what he called it."""
    return str(role_titles().get(name) or _OF_COMPANY.sub("", name))


def position_words(name: str) -> str:
    """Return what somebody who holds the role is called: its title alone."""
    return next((str(role.title) for role, _setup in _shipped() if role.name == name), _OF_COMPANY.sub("", name))


def _shipped() -> list[tuple[Any, Any]]:
    """Return the roles of all add-ons and of the platform's rooms, each with what ships it."""
    setups = [*current_app.extensions.get("setups", ()), *current_app.extensions.get("rooms", ())]
    return [(role, setup) for setup in setups for role in setup.roles]


def subject_words(name: str) -> str:
    """Return a resource or menu entry in words: FAB keeps the names of both in one table."""
    if name in SCREENS:
        return str(SCREENS[name])
    last = name.rpartition(".")[2]
    translated = str(said_by(name, last))
    return translated if translated != last else str(subject_text(name))
