"""The to-do list of whoever is logged in, on a page of its own and on the home page (S:CORE-11)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_login import login_required

from app.companies.clock import active_zone
from app.crud.view import view_of
from app.database.columns import utc_now
from app.database.context import active_company
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import acting_user, may
from app.workflow.todo import Todo, TodoList

ON_HOME = 8


class TodoView(BaseView):
    """Shows everything that waits for the reader, by kind."""

    route_base = "/todo"
    default_view = "list"

    @expose("/")
    @login_required
    def list(self) -> Any:
        """Show the lists; each begins with the most urgent entry."""
        groups = [
            {"label": one.label, "icon": one.icon, "entries": entries}
            for one, entries in shown_todos(acting_user(), now=utc_now())
        ]
        return self.render_template("todo/list.html", title=_("To-do list"), groups=groups)

    @expose("/urgent")
    @login_required
    def urgent(self) -> Any:
        """Answer the few most urgent entries, which the home page asks for once it is shown."""
        return self.render_template("todo/urgent.html", todos=most_urgent(acting_user(), now=utc_now()))


def shown_todos(actor: User, *, now: dt.datetime) -> Sequence[tuple[TodoList, list[dict[str, Any]]]]:
    """Return what waits for the actor in the active company, list by list; lists without an entry are left out."""
    if active_company() is None:
        return []
    today = now.astimezone(active_zone()).date()
    found = [
        (one, [_shown(one, todo, now, today) for todo in one.find(actor, now)])
        for one in current_app.extensions["todo_lists"]
        if is_open(one.resource) and may(actor, "list", one.resource)
    ]
    return [(one, entries) for one, entries in found if entries]


def most_urgent(actor: User, *, now: dt.datetime) -> Sequence[dict[str, Any]]:
    """Return the few entries of all lists that the home page shows: what is overdue, then what is due next."""
    entries = [entry for _list, entries in shown_todos(actor, now=now) for entry in entries]
    return sorted(entries, key=lambda entry: (not entry["is_overdue"], entry["order"]))[:ON_HOME]


def _shown(one: TodoList, todo: Todo, now: dt.datetime, today: dt.date) -> dict[str, Any]:
    view, is_overdue = view_of(todo.resource), todo.is_overdue(now=now, today=today)
    return {
        "title": todo.title,
        "note": todo.note or one.label,
        "icon": one.icon,
        "tone": "red" if is_overdue else "blue",
        "due": todo.due,
        "is_overdue": is_overdue,
        "order": str(todo.due or "9999"),
        "url": url_for(f"{view.endpoint}.show", pk=todo.record_id) if view is not None else None,
    }
