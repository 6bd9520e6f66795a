"""The platform administrator's screen of users."""

from flask import redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.views import UserDBModelView
from flask_login import login_required
from werkzeug.wrappers import Response

from app.i18n import _


class UserView(UserDBModelView):
    """FAB's screen, without deleting: what a user did stays his, so he is made inactive instead (S:CORE-07)."""

    exclude_route_methods = {"delete", "action_post"}
    search_columns = ["username", "first_name", "last_name", "email", "active"]
    list_columns = ["username", "get_full_name", "email", "active", "roles", "last_login"]
    show_fieldsets = [
        (_("User info"), {"fields": ["username", "active", "roles", "groups", "login_count", "last_login"]}),
        (_("Personal Info"), {"fields": ["first_name", "last_name", "email"]}),
    ]

    @expose("/userinfo/")
    @login_required
    def userinfo(self) -> Response:
        """Lead everybody from FAB's link "Profile" to the own account."""
        return redirect(url_for("AccountView.index"))
