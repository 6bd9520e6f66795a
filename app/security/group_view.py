"""The platform administrator's screen of groups: FAB's, in words."""

from flask_appbuilder.security.views import UserGroupModelView

from app.i18n import _
from app.security.administration import SavedByTheEdge


class GroupView(SavedByTheEdge, UserGroupModelView):
    """FAB's screen, readable."""

    file_name = "groups"
    class_permission_name = "UserGroupModelView"
    search_columns = ["name", "label"]
    label_columns = {
        "name": _("Name"),
        "label": _("Label"),
        "description": _("Description"),
        "users": _("Users"),
        "roles": _("Roles"),
    }
