"""Erasing a person from rows that are about him or quote him, in the caller's transaction (P:CRM-22).

Which rows and columns, each model declares (`app.database.personal`); nothing here knows a table.
"""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.database.base import CompanyModel, Model
from app.database.personal import Attached, clear_personal, quoting_columns
from app.database.session import session

STARS = "***"
SHORTEST_WORD = 2  # Characters: a single one would be starred out of every text.
_PHONE = re.compile(r"[0-9]{11}")
_ESCAPE = "/"
_erasing: ContextVar[bool] = ContextVar("erasing", default=False)


@contextmanager
def erasing() -> Iterator[None]:
    """Let even a log that is never changed lose what it says of a person."""
    token = _erasing.set(True)
    try:
        yield
        session.flush()
    finally:
        _erasing.reset(token)


def is_erasing() -> bool:
    """Tell whether a person is being erased."""
    return _erasing.get()


def clear_attached(resource: str, record_id: int) -> None:
    """Blank what others wrote about a record: comments, reasons, its title in the registry."""
    with erasing():
        for model in _models("__attached__"):
            about = _about(model, resource, record_id)
            for row in session.scalars(sa.select(model).where(about)):
                clear_personal(row)


def star_out(words: Collection[str], *, table: str, record_id: int) -> None:
    """Replace these words (names, numbers, addresses) with stars wherever a declared column quotes them.

    `table` and `record_id` say whose words they are: rows that name somebody of this table are looked at only if they
    name this one. A phone number is found with blanks and marks in it too.
    """
    known = sorted({word for word in words if len(word) >= SHORTEST_WORD}, key=len, reverse=True)
    if not known:
        return
    with erasing():
        for model in _models("__quotes__"):
            names = quoting_columns(model)
            quoting = sa.or_(*(_may_quote(getattr(model, name), word) for name in names for word in known))
            for row in session.scalars(sa.select(model).where(quoting, *_of(model, table, record_id))):
                for name in names:
                    found = getattr(row, name)
                    if (starred := _starred(found, known)) != found:
                        setattr(row, name, starred)


def _models(declaration: str) -> list[type[CompanyModel]]:
    """Return the models of the platform and of installed add-ons with this declaration, by table."""
    installed = {model for setup in current_app.extensions.get("setups", ()) for model in setup.models}
    found = [
        mapper.class_
        for mapper in Model.registry.mappers
        if hasattr(mapper.class_, declaration)
        and (mapper.class_ in installed or mapper.class_.__module__.startswith("app."))
    ]
    return sorted(found, key=lambda model: model.__tablename__)


def _about(model: type[CompanyModel], resource: str, record_id: int) -> sa.ColumnElement[bool]:
    attached: Attached = model.__attached__
    if attached.through is None:
        found: sa.ColumnElement[bool] = sa.and_(
            getattr(model, attached.resource) == resource, getattr(model, attached.record_id) == record_id
        )
        return found
    column = getattr(model, attached.through)
    target = _model_of(sa.inspect(model).columns[attached.through].info["references"])
    inside: sa.ColumnElement[bool] = column.in_(sa.select(target.id).where(_about(target, resource, record_id)))
    return inside


def _model_of(table: str) -> type[CompanyModel]:
    model: type[CompanyModel] = next(
        mapper.class_ for mapper in Model.registry.mappers if mapper.class_.__tablename__ == table
    )
    return model


def _of(model: type[CompanyModel], table: str, record_id: int) -> list[sa.ColumnElement[bool]]:
    return [
        getattr(model, name) == record_id
        for name, column in sa.inspect(model).columns.items()
        if column.info.get("references") == table
    ][:1]


def _may_quote(column: Any, word: str) -> sa.ColumnElement[bool]:
    """Return a condition that no row with this word fails; JSON may keep it escaped."""
    text = sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column
    escaped = json.dumps(word)[1:-1]
    return sa.or_(*(text.like(_pattern(one), escape=_ESCAPE) for one in {word, escaped}))


def _pattern(word: str) -> str:
    parts = (word[:3], word[3:7], word[7:]) if _PHONE.fullmatch(word) else (word,)
    literal = [re.sub(r"([/%_])", rf"{_ESCAPE}\1", part) for part in parts]
    return f"%{'%'.join(literal)}%"


def _starred(value: Any, words: Collection[str]) -> Any:
    if isinstance(value, str):
        for word in words:
            value = _expression(word).sub(STARS, value)
        return value
    if isinstance(value, dict):
        return {key: _starred(inner, words) for key, inner in value.items()}
    return [_starred(inner, words) for inner in value] if isinstance(value, list) else value


def _expression(word: str) -> re.Pattern[str]:
    """Return what finds the word, but not inside a longer number or a longer Latin word."""
    if _PHONE.fullmatch(word):
        body = r"(?:(?:\+?86|0086)[\s-]*)?" + r"[\s.-]*".join((word[:3], word[3:7], word[7:]))
    else:
        body = re.escape(word)
    before = r"(?<![0-9A-Za-z])" if word[0].isascii() else ""
    after = r"(?![0-9A-Za-z])" if word[-1].isascii() else ""
    return re.compile(f"{before}{body}{after}")
