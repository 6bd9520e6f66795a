"""The saved filter with which a list opens: one for each user and list, put into the address where nothing is asked.

A link with conditions of its own is never touched, and whoever leaves the default is not sent back to it: the address
says `default`, the number of the filter that was applied, or 0.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request, url_for
from flask_appbuilder.security.sqla.models import User

from app.crud.models import DefaultFilter, SavedFilter
from app.database.columns import read_id
from app.database.session import session
from app.errors import NotFound
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

NAME = "default"


def offered_to(actor: User) -> sa.ColumnElement[bool]:
    """Return the condition of the filters that somebody may use: his own, and those that are shared."""
    return (SavedFilter.user_id == actor.id) | SavedFilter.is_shared


def find_filter(view: "CrudView", key: int | None, *, actor: User) -> SavedFilter:
    """Return a filter of a list that the actor is offered. Raises NotFound."""
    query = sa.select(SavedFilter).where(SavedFilter.id == key, SavedFilter.resource == view.resource)
    found = session.scalar(query.where(offered_to(actor)))
    if found is None:
        raise NotFound("filter.missing", _("There is no such record."))
    return found


def set_default(view: "CrudView", key: int | None, *, on: bool, actor: User) -> None:
    """Open the list with a filter from now on, or with this one no longer. Raises NotFound for one not offered."""
    chosen = find_filter(view, key, actor=actor)
    present = session.scalar(_of(view, actor))
    if on:
        present = present or DefaultFilter(user_id=actor.id, resource=view.resource)
        present.filter_id = chosen.id
        session.add(present)
    elif present is not None and present.filter_id == chosen.id:
        session.delete(present)
    session.flush()


def drop_defaults(key: int) -> None:
    """Let nobody's list open with a filter that goes."""
    session.execute(sa.delete(DefaultFilter).where(DefaultFilter.filter_id == key))


def default_id(view: "CrudView", actor: User) -> int | None:
    """Return the filter with which a list opens."""
    return session.scalar(_of(view, actor).with_only_columns(DefaultFilter.filter_id))


def default_address(view: "CrudView", actor: User) -> str | None:
    """Return where a list opens that is asked for without anything; None where it stays as it is."""
    if request.args:
        return None
    query = _of(view, actor).join(SavedFilter, SavedFilter.id == DefaultFilter.filter_id).where(offered_to(actor))
    row = session.execute(query.with_only_columns(SavedFilter.id, SavedFilter.query)).first()
    return f"{url_for(f'{view.endpoint}.list')}?{row.query}&{urlencode({NAME: row.id})}" if row is not None else None


def applied_default(view: "CrudView", kept: str) -> str | None:
    """Return the name of the default filter if it is all that is asked for; `kept` is what the address asks for."""
    key = read_id(request.args.get(NAME, ""))
    if key is None:
        return None
    name: str | None = session.scalar(sa.select(SavedFilter.name).filter_by(id=key, resource=view.resource, query=kept))
    return name


def _of(view: "CrudView", actor: User) -> sa.Select[Any]:
    return sa.select(DefaultFilter).filter_by(user_id=actor.id, resource=view.resource)
