"""A record that another one points at, as a link to its page."""

from typing import Any

from flask import current_app, g, url_for
from flask_appbuilder.security.sqla.models import User
from markupsafe import Markup, escape

from app.database.base import Model
from app.database.context import active_company
from app.security.roles import may
from app.security.scope import resource_of


def linked(value: Any, actor: User) -> Any:
    """Return a record as a link where it has a page that the actor may open; any other value as it is."""
    if not isinstance(value, Model):
        return value
    address = _address_before_key(type(value), actor)
    if address is None:
        return value
    return Markup(f'<a href="{escape(address)}{value.id}">{escape(str(value))}</a>')  # noqa: S704  # All escaped.


def _address_before_key(model: type[Model], actor: User) -> str | None:
    """Return what comes before the key in the addresses of these records; a list asks it for every row."""
    known: dict[Any, str | None] = g.setdefault("addresses_before_key", {})
    asked = (model, actor.id, active_company())
    if asked not in known:
        view = current_app.extensions["crud_views"].get(resource_of(model))
        opens = view is not None and "show" in view.verbs and may(actor, "show", view.resource)
        known[asked] = url_for(f"{view.endpoint}.show", pk=0).removesuffix("0") if opens else None
    return known[asked]
