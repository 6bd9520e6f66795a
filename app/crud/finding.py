"""Finding records of every kind by what was typed: one statement over all searchable resources, then their titles."""

from collections import defaultdict

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.crud.listing import ListQuery
from app.crud.recent import FoundRecord, found_record, has_page
from app.database.session import session
from app.masterdata.normalise import clean_text
from app.search.query import is_searchable
from app.security.records import visible_titles
from app.security.roles import may

PER_RESOURCE = 5
RESOURCES = 4  # So many have their titles read: one statement each.
LONGEST = 60


def find_records(text: str, *, actor: User) -> list[tuple[str, list[FoundRecord]]]:
    """Return per resource the newest records that match all typed words, of those that the actor may list and open.

    At most RESOURCES + 1 statements, however many resources there are.
    """
    text = (clean_text(text) or "")[:LONGEST]
    views = [view for view in current_app.extensions["crud_views"].values() if is_searchable(view.model)]
    names = [view.resource for view in views if has_page(view.resource, actor) and may(actor, "list", view.resource)]
    if not text or not names:
        return []
    hits: dict[str, list[int]] = defaultdict(list)
    for number, record_id in session.execute(_matches(names, text, actor)):
        hits[names[number]].append(record_id)
    chosen = {resource: hits[resource] for resource in names if resource in hits}
    chosen = dict(list(chosen.items())[:RESOURCES])
    titles = visible_titles(chosen, actor=actor)
    found = [
        (resource, [found_record(resource, key, titles[resource, key]) for key in keys if (resource, key) in titles])
        for resource, keys in chosen.items()
    ]
    return [(resource, records) for resource, records in found if records]


def _matches(names: list[str], text: str, actor: User) -> sa.Select[int, int]:
    """Select (number of the resource, id) of the newest matches of each resource, within what the actor may list."""
    parts = []
    for number, resource in enumerate(names):
        model = current_app.extensions["crud_views"][resource].model
        ids = ListQuery(model, actor, columns=(), text=text).newest_ids(PER_RESOURCE).subquery()
        parts.append(sa.select(sa.literal(number).label("number"), ids.c.id.label("record_id")))
    every = sa.union_all(*parts).subquery()
    return sa.select(every.c.number, every.c.record_id).order_by(every.c.number, every.c.record_id.desc())
