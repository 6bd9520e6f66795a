"""Answers of the many-to-one comboboxes: a few titles, found by what was typed."""

from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.base import title_column
from app.database.session import session
from app.search.query import is_searchable, matching_ids
from app.security.scope import visible

LIMIT = 12


def find_titles(target: Any, text: str, *, actor: User) -> list[dict[str, Any]]:
    """Return id, text and a second line of the records whose title or search words match."""
    title = getattr(target, title_column(target))
    statement = sa.select(target).order_by(title).limit(LIMIT)
    within = visible(target, actor)
    if within is not None:
        statement = statement.where(within)
    if hasattr(target, "is_active"):
        statement = statement.where(target.is_active)
    text = text.strip()[:60]
    if text and is_searchable(target):
        statement = statement.where(target.id.in_(matching_ids(target, text, include_personal=False)))
    elif text:
        statement = statement.where(title.icontains(text, autoescape=True))
    return [
        {"id": record.id, "text": str(record), "sub": str(getattr(record, "subtitle", "") or "")}
        for record in session.scalars(statement)
    ]
