"""Answers of the many-to-one comboboxes: a few titles, found by what was typed."""

from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.archiving import only_live
from app.database.base import title_column, title_options
from app.database.session import session
from app.masterdata.normalise import clean_text
from app.search.query import is_searchable
from app.security.records import find_visible, only_visible, present_actor
from app.security.searching import found_by

LIMIT = 12


def find_titles(target: Any, text: str, *, actor: User) -> list[dict[str, Any]]:
    """Return id, text and a second line of the records whose title or search words match."""
    title = getattr(target, title_column(target))
    statement = only_visible(sa.select(target), target, actor).order_by(title).limit(LIMIT)
    statement = statement.options(*title_options(target))
    statement = statement.where(*only_live(target))
    if hasattr(target, "is_active"):
        statement = statement.where(target.is_active)
    text = (clean_text(text) or "")[:60]
    if text and is_searchable(target):
        statement = statement.where(found_by(target, text, actor=actor))
    elif text:
        statement = statement.where(title.icontains(text, autoescape=True))
    return [
        {"id": record.id, "text": str(record), "sub": str(getattr(record, "subtitle", "") or "")}
        for record in session.scalars(statement)
    ]


def is_offered(target: Any, key: int) -> bool:
    """Tell whether the acting user may choose this record: it is of this company and in his scope."""
    return find_visible(target, key, actor=present_actor()) is not None


def find_named(target: Any, text: str) -> int | None:
    """Return the id of the record with exactly this title, code, number or barcode; None if none or several have it.

    As in the combobox: of those that the acting user sees, and that are not in the archive.
    """
    usual = (title_column(target), "code", "number", "barcode")
    names = [name for name in dict.fromkeys(usual) if hasattr(target, name)]
    named = sa.select(target.id).where(sa.or_(*(getattr(target, name) == text for name in names)), *only_live(target))
    found = session.scalars(only_visible(named, target, present_actor()).limit(2)).all()
    return found[0] if len(found) == 1 else None
