"""A record that another one points at, as a link to its page."""

from typing import Any

from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User
from markupsafe import Markup

from app.database.base import Model
from app.security.roles import may
from app.security.scope import resource_of


def linked(value: Any, actor: User) -> Any:
    """Return a record as a link where it has a page that the actor may open; any other value as it is."""
    if not isinstance(value, Model):
        return value
    view = current_app.extensions["crud_views"].get(resource_of(type(value)))
    if view is None or "show" not in view.verbs or not may(actor, "show", view.resource):
        return value
    return Markup('<a href="{}">{}</a>').format(url_for(f"{view.endpoint}.show", pk=value.id), str(value))
