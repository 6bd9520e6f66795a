"""The related documents of a record: from the first of a deal to the last, each with its state, on a page and by REST.

What the reader may not open is left out, and so is an amount that he may not see.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.companies.clock import local_day
from app.database.base import CompanyModel
from app.database.session import session
from app.documents.document import Document
from app.documents.trail import Key, trail_of
from app.errors import Text
from app.security.field_limits import limits_of
from app.security.gate import is_open
from app.security.roles import acting_user, may
from app.security.scope import visible

if TYPE_CHECKING:
    from app.crud.view import CrudView

AMOUNTS = ("gross", "amount")  # What documents call what they come to.
Moment = tuple[dt.date, dt.datetime]  # Its day, and when it was made.


@dataclass(frozen=True)
class Related:
    """One document of a trail. `day` is its own day, or that on which the record was made; `amount` is in yuan."""

    resource: str
    record_id: int
    kind: Text
    title: str
    day: dt.date
    state: Any
    amount: Decimal | None
    owner: str | None
    url: str
    is_here: bool  # Whether it is the record that was asked about.


class TrailPages:
    """What every CrudView shows besides of a record: the documents that belong to it."""

    @expose("/trail/<pk>")
    @has_access
    def trail(self: Any, pk: str) -> Any:
        """Show the related documents of one record, the first of the deal on top."""
        if not has_trail(self):
            abort(404)
        record = self.record_or_404(pk)
        back = url_for(f"{self.endpoint}.show", pk=record.id)
        rows = related(self, record, acting_user())
        return self.render_template("crud/trail.html", title=str(record), subtitle=self.title, rows=rows, back=back)


def has_trail(view: "CrudView") -> bool:
    """Tell whether records of this view have related documents: as the view says, and otherwise documents do."""
    return issubclass(view.model, Document) if view.trails is None else view.trails


def related(view: "CrudView", record: CompanyModel, actor: User) -> list[Related]:
    """Return the related documents that the actor may open, as they came one after the other."""
    branches = [one for one in current_app.extensions["branches"] if is_open(one.name)]
    by_resource = defaultdict(list)
    for resource, record_id in trail_of(record, view.resource, branches, is_document=_is_document):
        by_resource[resource].append(record_id)
    here = (view.resource, record.id)
    found = [one for resource, ids in by_resource.items() for one in _rows(resource, ids, here, actor)]
    return [row for _when, row in sorted(found, key=lambda one: one[0])]


def _is_document(resource: str) -> bool:
    view = current_app.extensions["crud_views"].get(resource)
    return view is not None and issubclass(view.model, Document)


def _rows(resource: str, ids: Iterable[int], here: Key, actor: User) -> Iterator[tuple[Moment, Related]]:
    """Yield the documents of one resource that the actor may open, and when they came."""
    view = current_app.extensions["crud_views"].get(resource)
    if view is None or "show" not in view.verbs or not is_open(resource) or not may(actor, "show", resource):
        return
    within = visible(view.model, actor, verb="show")
    statement = select(view.model).where(view.model.id.in_(ids))
    hides = limits_of(actor, resource).hides
    for one in session.scalars(statement if within is None else statement.where(within)):
        amount = next((name for name in AMOUNTS if isinstance(getattr(one, name, None), Decimal)), None)
        day = getattr(one, "doc_date", None) or local_day(one.created_at)
        yield (
            (day, one.created_at),
            Related(
                resource=resource,
                record_id=one.id,
                kind=view.title,
                title=str(one),
                day=day,
                state=getattr(one, "state", None),
                amount=getattr(one, amount) if amount is not None and not hides(amount) else None,
                owner=str(one.owner) if getattr(one, "owner", None) and not hides("owner_id") else None,
                url=url_for(f"{view.endpoint}.show", pk=one.id),
                is_here=(resource, one.id) == here,
            ),
        )
