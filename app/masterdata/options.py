"""Lists of values that a company edits without code (S:CORE-14)."""

import datetime as dt
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError

from app.database.base import CompanyModel
from app.database.remembering import Memory
from app.database.session import session
from app.errors import ConfigurationError, Conflict
from app.i18n import LazyString, _
from app.masterdata.models import Option, OptionList
from app.masterdata.normalise import required_text

_REGISTRY = "option_lists"
_NAMED = Memory("options_by_name", OptionList, Option)
NAME_LENGTH = 100


@dataclass(frozen=True)
class OptionListDefinition:
    """A list as its add-on declares it: 'reception.source', and the values that a new company starts with."""

    key: str
    title: str | LazyString
    defaults: tuple[str | LazyString, ...] = ()


def register_option_list(app: Flask, options: OptionListDefinition) -> None:
    """Let companies keep this list. Raises ConfigurationError for a key that is taken."""
    registry: dict[str, OptionListDefinition] = app.extensions.setdefault(_REGISTRY, {})
    if options.key in registry:
        raise ConfigurationError(f"option list {options.key!r} is registered twice")
    registry[options.key] = options


def definition_of(key: str) -> OptionListDefinition:
    """Return a declared list. Raises ConfigurationError for a key that nobody registered."""
    found: OptionListDefinition | None = current_app.extensions.get(_REGISTRY, {}).get(key)
    if found is None:
        raise ConfigurationError(f"no option list {key!r}")
    return found


def find_list(key: str) -> OptionList | None:
    """Return the company's list, or None before it was first opened."""
    return session.scalar(select(OptionList).where(OptionList.key == key))


def open_list(key: str) -> OptionList:
    """Return the company's list; the first time it is made, with the add-on's values in the language of the reader."""
    if (existing := find_list(key)) is not None:
        return existing
    definition = definition_of(key)
    try:
        with session.begin_nested():
            made = OptionList(key=key, name=str(definition.title))
            session.add(made)
            session.flush()
            session.add_all(
                Option(list_id=made.id, name=str(name), position=position)
                for position, name in enumerate(definition.defaults, start=1)
            )
    except IntegrityError:  # Somebody else opened it at the same moment.
        return session.scalars(select(OptionList).where(OptionList.key == key)).one()
    return made


def list_options(key: str) -> list[Option]:
    """Return the values that are offered, in their order."""
    statement = (
        select(Option)
        .join(OptionList, OptionList.id == Option.list_id)
        .where(OptionList.key == key, Option.archived_at.is_(None))
        .order_by(Option.position, Option.id)
    )
    return list(session.scalars(statement))


def offered_names(key: str) -> list[str]:
    """Return the names that are offered; before the list was first opened, those that it will begin with."""
    if find_list(key) is None:
        return [str(name) for name in definition_of(key).defaults]
    return [option.name for option in list_options(key)]


def find_option(key: str, name: str) -> Option | None:
    """Return a value by its name, archived or not; remembered for the rest of the transaction."""
    known = _NAMED.recall(session)
    if (key, name) not in known:
        known[key, name] = session.scalar(
            select(Option)
            .join(OptionList, OptionList.id == Option.list_id)
            .where(OptionList.key == key, Option.name == name)
        )
    found: Option | None = known[key, name]
    return found


def add_option(options: OptionList, *, name: str) -> Option:
    """Offer a further value at the end; an archived one of this name is offered again.

    Raises Conflict where the name is already offered (R5).
    """
    cleaned = required_text(name, field="name", maximum=NAME_LENGTH)
    if (existing := _named(options.id, cleaned)) is not None:
        if existing.archived_at is None:
            raise _taken(cleaned)
        existing.archived_at = None
        session.flush()
        return existing
    last = session.scalar(select(func.max(Option.position)).where(Option.list_id == options.id)) or 0
    made = Option(list_id=options.id, name=cleaned, position=last + 1)
    session.add(made)
    session.flush()
    return made


def rename_option(option: Option, *, name: str) -> None:
    """Change a value's name, for the records that use it too. Raises Conflict where the name is taken (R5)."""
    cleaned = required_text(name, field="name", maximum=NAME_LENGTH)
    if (other := _named(option.list_id, cleaned)) is not None and other is not option:
        raise _taken(cleaned)
    option.name = cleaned
    session.flush()


def archive_option(option: Option, *, now: dt.datetime) -> None:
    """Offer a value no longer; records that use it still show it."""
    option.archived_at = option.archived_at or now
    session.flush()


def delete_option(option: Option, *, now: dt.datetime) -> int:
    """Delete a value that nothing uses; a used one is archived. Returns how many records use it (S:CORE-14)."""
    if used := used_by(option):
        archive_option(option, now=now)
        return used
    session.delete(option)
    session.flush()
    return 0


def used_by(option: Option) -> int:
    """Return how many of the company's records point at a value, in whatever table."""
    total = 0
    for mapper in CompanyModel.registry.mappers:
        for column in mapper.local_table.columns if isinstance(mapper.local_table, Table) else ():
            if column.info.get("references") == Option.__tablename__:
                attribute = getattr(mapper.class_, mapper.get_property_by_column(column).key)
                count = select(func.count()).select_from(mapper.class_).where(attribute == option.id)
                total += session.scalar(count) or 0
    return total


def _named(list_id: int, name: str) -> Option | None:
    return session.scalar(select(Option).where(Option.list_id == list_id, Option.name == name))


def _taken(name: str) -> Conflict:
    return Conflict("option.taken", _("'%(name)s' is in this list already."), field="name", name=name)
