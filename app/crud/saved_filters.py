"""What a list is asked for, kept under a name: for oneself, or for everybody of the company (S:REC-15).

A saved filter is an address and no more: whoever opens it sees the rows and columns of his own rights.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.crud.conditions import PREFIX
from app.crud.default_filters import default_id, drop_defaults, find_filter, offered_to, set_default
from app.crud.models import LONGEST_FILTER, LONGEST_FILTER_NAME, SavedFilter
from app.crud.pivots.table import NAMES as PIVOT_NAMES
from app.crud.records import call_service
from app.database.columns import read_id
from app.database.session import session
from app.errors import AppError, Duplicate, NotAllowed, ValidationError
from app.i18n import _
from app.masterdata.normalise import clean_text, required_text
from app.security.gate import is_open
from app.security.roles import acting_user, may

if TYPE_CHECKING:
    from app.crud.view import CrudView

MOST = 50  # Filters that one user keeps of one list: more would be no menu.
TENDED = ("change", "companies.Members")  # Who changes roles also clears away what others shared.


@dataclass(frozen=True)
class OfferedFilter:
    """A saved filter as the menu of its list shows it; `sharer` is blank for one's own."""

    id: int
    name: str
    url: str
    is_shared: bool
    is_pivot: bool
    sharer: str
    may_delete: bool
    is_default: bool = False


def offered_filters(view: "CrudView", actor: User) -> list[OfferedFilter]:
    """Return the actor's own filters of a list, then those that others share."""
    mine = SavedFilter.user_id == actor.id
    rows = session.execute(
        sa.select(SavedFilter, User)
        .join(User, User.id == SavedFilter.user_id)
        .where(SavedFilter.resource == view.resource, offered_to(actor))
        .order_by(mine.desc(), SavedFilter.name, SavedFilter.id)
    ).all()
    tends, default = may(actor, *TENDED), default_id(view, actor)
    return [
        OfferedFilter(
            id=one.id,
            name=one.name,
            url=address_of(view, one.query),
            is_shared=one.is_shared,
            is_pivot=is_pivot(one.query),
            sharer="" if owner.id == actor.id else owner.get_full_name(),
            may_delete=owner.id == actor.id or tends,
            is_default=one.id == default,
        )
        for one, owner in rows
    ]


def save_filter(view: "CrudView", *, name: str | None, query: str, is_shared: bool, actor: User) -> SavedFilter:
    """Keep search, filters and order of an address under a name.

    Raises ValidationError where there is nothing to keep, or too much; Duplicate for a name that he uses already.
    """
    title = required_text(name, field="name", maximum=LONGEST_FILTER_NAME)
    kept = kept_part(view, query)
    if not kept:
        raise ValidationError("filter.empty", _("Search, filter or sort the list first."), field="name")
    if len(kept) > LONGEST_FILTER:
        raise ValidationError(
            "filter.long", _("At most %(limit)s characters can be kept."), field="name", limit=LONGEST_FILTER
        )
    names = session.scalars(sa.select(SavedFilter.name).filter_by(user_id=actor.id, resource=view.resource)).all()
    if title in names:
        raise Duplicate("filter.name", _("You have a filter of this name already."), match=title, field="name")
    if len(names) >= MOST:
        raise ValidationError("filter.most", _("At most %(limit)s filters of one list."), field="name", limit=MOST)
    made = SavedFilter(user_id=actor.id, resource=view.resource, name=title, query=kept, is_shared=is_shared)
    session.add(made)
    session.flush()
    return made


def delete_filter(view: "CrudView", key: int, *, actor: User) -> None:
    """Forget a filter. Raises NotFound for what the actor is not offered, NotAllowed for somebody else's."""
    found = find_filter(view, key, actor=actor)
    if found.user_id != actor.id and not may(actor, *TENDED):
        raise NotAllowed("filter.foreign", _("Only who saved it, or an administrator, deletes it."))
    drop_defaults(key)
    session.delete(found)
    session.flush()


def list_filters(text: str, *, actor: User, limit: int) -> list[tuple["CrudView", SavedFilter]]:
    """Return the filters whose name has this text, of the lists that the actor may open: his own first.

    One statement, however many lists there are.
    """
    views = {
        view.resource: view
        for view in current_app.extensions["crud_views"].values()
        if is_open(view.resource) and may(actor, "list", view.resource)
    }
    mine = SavedFilter.user_id == actor.id
    query = sa.select(SavedFilter).where(SavedFilter.resource.in_(views), offered_to(actor))
    wanted = clean_text(text)  # PostgreSQL takes no NUL.
    if text and wanted is None:
        return []
    if wanted:
        query = query.where(SavedFilter.name.icontains(wanted, autoescape=True))
    found = session.scalars(query.order_by(mine.desc(), SavedFilter.name, SavedFilter.id).limit(limit))
    return [(views[one.resource], one) for one in found]


def kept_part(view: "CrudView", query: str) -> str:
    """Return what of an address says which rows, and in which order: not the page, nor what others may have added."""
    names = {"q", "archived", "on", f"_oc_{view.endpoint}", f"_od_{view.endpoint}", *PIVOT_NAMES}
    asked = parse_qsl(query.removeprefix("?"))
    return urlencode([(name, value) for name, value in asked if name in names or name.startswith(PREFIX)])


def is_pivot(query: str) -> bool:
    """Tell whether an address asks for other statistics of the list, and not for its rows."""
    return any(name in PIVOT_NAMES for name, _value in parse_qsl(query))


def address_of(view: "CrudView", query: str) -> str:
    """Return the page that an address is about: the list, or its statistics."""
    method = "pivot" if is_pivot(query) else "list"
    return f"{url_for(f'{view.endpoint}.{method}')}?{query}"


class SavedFilterPages:
    """The menu of saved filters, and what is done in it, as routes of a generated view."""

    @expose("/filters/")
    @has_access
    def saved_filters(self) -> Any:
        """Show the filters: as the content of the menu, or as a page where there is no script."""
        return self._show_filters(request.query_string.decode("utf-8", "replace"))

    @expose("/filters/save", methods=["POST"])
    @has_access
    def save_filter(self) -> Any:
        """Keep what the list is asked for, and go back to it. A refusal keeps what was typed."""
        view: Any = self
        query = request.form.get("query", "")
        values = {"name": request.form.get("name"), "query": query, "is_shared": "is_shared" in request.form}
        try:
            made = call_service(save_filter, view, actor=acting_user(), **values)
        except AppError as error:
            return self._show_filters(query, error), error.http_status
        flash(str(_("Saved.")), "success")
        return redirect(address_of(view, made.query))

    @expose("/filters/<pk>/delete", methods=["POST"])
    @has_access
    def delete_filter(self, pk: str) -> Any:
        """Forget a filter. POST only."""
        view: Any = self
        key = read_id(pk)
        if key is None:
            abort(404)
        call_service(delete_filter, view, key, actor=acting_user())
        flash(str(_("Deleted.")), "success")
        return redirect(url_for(f"{view.endpoint}.list"))

    @expose("/filters/<pk>/default", methods=["POST"])
    @has_access
    def default_filter(self, pk: str) -> Any:
        """Open the list with a filter from now on, or, without `on`, with this one no longer. POST only."""
        view: Any = self
        on = request.form.get("on") == "1"
        call_service(set_default, view, read_id(pk), on=on, actor=acting_user())
        flash(str(_("This list opens with it now.") if on else _("This list opens without it now.")), "success")
        return redirect(url_for(f"{view.endpoint}.list"))

    def _show_filters(self, query: str, error: AppError | None = None) -> Any:
        view: Any = self
        template = "menu" if "HX-Request" in request.headers else "page"
        return view.render_template(
            f"crud/saved_filters_{template}.html",
            view=view,
            title=view.title,
            filters=offered_filters(view, acting_user()),
            query=query,
            back_url=address_of(view, query),
            can_save=bool(kept_part(view, query)),
            longest=LONGEST_FILTER_NAME,
            error=error,
        )
