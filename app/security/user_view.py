"""The platform administrator's screen of users."""

from typing import Any

import sqlalchemy as sa
from flask import redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.security.views import UserDBModelView
from flask_login import login_required
from werkzeug.wrappers import Response
from wtforms import Field, Form, ValidationError

from app.database.session import session
from app.i18n import _
from app.security.administration import SavedByTheEdge
from app.security.usernames import free_username


class OffersFreeName:
    """Refuses a user name that is taken, in whatever case, and offers one that is free (S:CORE-01)."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise ValidationError, with which WTForms goes on, when somebody else has the name."""
        name = (field.data or "").strip()
        owner = session.scalar(sa.select(User.id).where(sa.func.lower(User.username) == name.lower()))
        if owner is not None and owner != getattr(form, "_id", None):
            text = str(_("The user name %(limit)s is taken; %(offer)s is free."))
            raise ValidationError(text % {"limit": name, "offer": free_username(name)})


class UserView(SavedByTheEdge, UserDBModelView):
    """FAB's screen, without deleting: what a user did stays his, so he is made inactive instead (S:CORE-07)."""

    file_name = "users"
    exclude_route_methods = {"delete", "action_post"}
    search_columns = ["username", "first_name", "last_name", "email", "active"]
    list_columns = ["username", "get_full_name", "email", "active", "roles", "last_login"]
    validators_columns = {"username": [OffersFreeName()]}
    show_fieldsets = [
        (_("User info"), {"fields": ["username", "active", "roles", "groups", "login_count", "last_login"]}),
        (_("Personal Info"), {"fields": ["first_name", "last_name", "email"]}),
    ]

    @expose("/userinfo/")
    @login_required
    def userinfo(self) -> Any:
        """Lead everybody from FAB's link "Profile" to the own account."""
        answer: Response = redirect(url_for("AccountView.index"))
        return answer
