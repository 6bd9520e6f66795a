"""The platform administrator's screens of roles and groups: FAB's, with roles and permissions in words."""

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import Any

from flask import redirect
from flask_appbuilder.actions import action
from flask_appbuilder.fields import QuerySelectMultipleField
from flask_appbuilder.fieldwidgets import Select2ManyWidget
from flask_appbuilder.security.sqla.models import PermissionView
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.views import RoleModelView, UserGroupModelView
from sqlalchemy import select

from app.database.session import session
from app.i18n import _
from app.security.administration import SavedByTheEdge, attempt
from app.security.wording import permission_words, role_words


def all_permissions() -> Iterable[PermissionView]:
    """Return every permission, in the order of its words."""
    return sorted(session.scalars(select(PermissionView)), key=permission_words)


def _copy(roles: list[RoleRow]) -> None:
    for role in roles:
        session.add(RoleRow(name=f"{role.name} copy", permissions=[*role.permissions]))
    session.flush()


class RoleView(SavedByTheEdge, RoleModelView):
    """FAB's screen, readable."""

    class_permission_name = "RoleModelView"  # As FAB calls it: the gate of the platform's own screens names it so.
    search_columns = ["name"]
    formatters_columns = {"name": role_words}
    add_form_extra_fields = edit_form_extra_fields = {
        "permissions": QuerySelectMultipleField(
            _("Permissions"),
            query_func=all_permissions,
            get_pk_func=attrgetter("id"),
            get_label=permission_words,
            widget=Select2ManyWidget(),
        )
    }

    @action("copyrole", _("Copy Role"), _("Copy the selected roles?"), icon="fa-copy", single=False)
    def copy_role(self, items: list[RoleRow]) -> Any:
        """Make a role of the same permissions of each; none if one of them has been copied before."""
        attempt(partial(_copy, items))
        return redirect(self.get_redirect())


class GroupView(SavedByTheEdge, UserGroupModelView):
    """FAB's screen, readable."""

    class_permission_name = "UserGroupModelView"
    search_columns = ["name", "label"]
    label_columns = {
        "name": _("Name"),
        "label": _("Label"),
        "description": _("Description"),
        "users": _("Users"),
        "roles": _("Roles"),
    }
