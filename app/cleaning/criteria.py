"""What is to be cleaned: a list, the state and the age of its records, and what a saved filter asks for besides."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.crud.archiving import shown_ones, shows_archived
from app.crud.columns import ScreenColumn
from app.crud.conditions import read_conditions
from app.crud.list_page import search_text
from app.crud.listing import ListQuery
from app.crud.saved_filters import offered_filters
from app.crud.view import CrudView
from app.database.columns import read_id
from app.database.session import session
from app.documents.document import Document
from app.errors import NotFound, ValidationError
from app.i18n import _
from app.security.gate import is_open, owner_of
from app.security.searching import found_by

MOST_RECORDS = 10_000  # Of one cleaning: its archive is put back in one request.
LONGEST_DAYS = 36_500
_LEFT_ALONE = ("companies.", "cleaning.", "audit.")  # The organisation, and the records of what was done.


@dataclass(frozen=True)
class Criteria:
    """What the page asks for. `days` counts since the last change; None: of any age."""

    resource: str
    state: str = ""
    days: int | None = None
    query: str = ""

    @property
    def view(self) -> CrudView:
        """The list that is cleaned. Raises NotFound where its add-on is off, or it is never cleaned."""
        return cleanable_view(self.resource)


def cleanable_views() -> list[CrudView]:
    """Return the lists that can be cleaned here, by title: documents, and what people may delete one by one."""
    views = current_app.extensions["crud_views"].values()
    found = [view for view in views if _is_cleanable(view) and is_open(view.resource)]
    return sorted(found, key=lambda view: (owner_of(view.resource) is None, str(view.title)))


def cleanable_view(resource: str) -> CrudView:
    """Return one of them. Raises NotFound for any other."""
    found = next((view for view in cleanable_views() if view.resource == resource), None)
    if found is None:
        raise NotFound("clean.list", _("This list cannot be cleaned."), field="resource")
    return found


def states_of(view: CrudView) -> list[str]:
    """Return the states that records of a list can be in; none where they have no state."""
    column = state_column(view)
    return [] if column is None else [member.value for member in column.type.enum_class]


def read_criteria(values: Mapping[str, str], *, actor: User) -> Criteria:
    """Return what a form asks for. Raises ValidationError and NotFound naming the field (R1, R4)."""
    view = cleanable_view(values.get("resource", ""))
    state = values.get("state", "")
    if state and state not in states_of(view):
        raise ValidationError("clean.state", _("There is no such state here."), field="state")
    query = ""
    if sent := values.get("filter", ""):
        key = read_id(sent)
        names = {one.id: one for one in offered_filters(view, actor)}
        if key not in names:
            raise NotFound("filter.missing", _("There is no such record."), field="filter")
        query = names[key].url.partition("?")[2]
    return Criteria(view.resource, state, _days(values.get("days", "")), query)


def hit_ids(criteria: Criteria, *, actor: User, now: dt.datetime) -> list[int]:
    """Return the ids of the records that are hit, the oldest first: all of the company, however far the actor sees.

    Raises ValidationError for a saved filter that asks for personal data, which would tell it bit by bit, and for
    more records than one cleaning takes.
    """
    view, arguments = criteria.view, MultiDict(parse_qsl(criteria.query, keep_blank_values=True))
    conditions, refused = read_conditions(_open_columns(view), arguments)
    for error in refused:  # More records than were asked for must not be touched.
        raise error
    extra: list[Any] = shown_ones(view.model, archived=shows_archived(arguments))
    if text := search_text(view, arguments.get("q", "")):
        extra.append(found_by(view.model, text, actor=actor, include_personal=False))
    if criteria.state:
        extra.append(state_column(view) == criteria.state)
    if criteria.days is not None:
        extra.append(view.model.updated_at < now - dt.timedelta(days=criteria.days))
    query = ListQuery(view.model, actor, view.columns, conditions, extra=extra)
    ids = list(session.scalars(query.ids_beyond_reach(MOST_RECORDS + 1)))
    if len(ids) > MOST_RECORDS:
        raise ValidationError(
            "clean.many",
            _("More than %(limit)s records: narrow it down by state, age or a saved filter."),
            field="resource",
            limit=f"{MOST_RECORDS:,}",
        )
    return ids


def _is_cleanable(view: CrudView) -> bool:
    may_go = "delete" in view.verbs or issubclass(view.model, Document)
    return may_go and not view.resource.startswith(_LEFT_ALONE)


def _open_columns(view: CrudView) -> list[ScreenColumn]:
    return [column for column in view.filter_columns if column.name not in view.personal]


def _days(sent: str) -> int | None:
    text = sent.strip()
    if not text:
        return None
    if not (text.isdecimal() and text.isascii() and len(text) <= 6 and int(text) <= LONGEST_DAYS):
        raise ValidationError(
            "clean.days", _("A whole number of days from 0 to %(limit)s."), field="days", limit=f"{LONGEST_DAYS:,}"
        )
    return int(text)


def state_column(view: CrudView) -> Any:
    """Return the mapped column of the state; None where records have none."""
    column = sa.inspect(view.model).columns.get("state")
    return getattr(view.model, "state") if column is not None and isinstance(column.type, sa.Enum) else None  # noqa: B009  # Not every model has it.
