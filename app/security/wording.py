"""Roles and permissions in words: what the database keeps as 'reception_desk' and 'can_add on reception.Customer'."""

from flask import current_app
from flask_appbuilder.security.sqla.models import PermissionView
from flask_babel import gettext

from app.errors import Text
from app.i18n import humanize
from app.security.roles import subject_of

# Flask-AppBuilder's own screens, by the words of its menu.
_SCREENS = {"UserView": "Users", "RoleModelView": "Roles", "UserGroupModelView": "Groups", "AppsView": "Apps"}


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
    verb = humanize(permission.permission.name.removeprefix("can_"))
    return f"{_subject(permission.view_menu.name)} · {gettext(verb)}"


def _subject(name: str) -> str:
    """Return a resource or menu entry in words: FAB keeps the names of both in one table."""
    last = _SCREENS.get(name) or name.rpartition(".")[2]
    translated = gettext(last)
    return translated if translated != last else gettext(subject_of(last))
