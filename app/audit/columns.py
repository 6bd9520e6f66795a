"""Which columns of a model are audited, and how their values are written down."""

from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.database.base import CompanyModel
from app.database.personal import personal_columns, quoting_columns
from app.jobs.payload import encode

HIDDEN = "•••"
# Bookkeeping that the entry itself tells.
_STAMPS = {"id", "company_id", "version", "created_at", "created_by_id", "updated_at", "updated_by_id"}


class AuditedColumn(NamedTuple):
    """A column under the name that its class gives it."""

    attribute: str
    column: sa.Column[Any]
    secret: bool

    def show(self, value: object) -> Any:
        """Return the value as JSON; nothing of a secret."""
        return HIDDEN if self.secret and value is not None else _plain(value)


def is_audited(model: type) -> bool:
    """Tell whether changes of this class are recorded: every company table, unless it says `__audit__ = False`."""
    return issubclass(model, CompanyModel) and getattr(model, "__audit__", True)


def audited_columns(model: type[CompanyModel]) -> tuple[AuditedColumn, ...]:
    """Return the columns of a mapped class; those that are personal, or may quote somebody, are secret."""
    mapped: Any = model  # mypy mistakes the rows' __hash__ for that of the class.
    return _columns(mapped)


@cache
def _columns(model: Any) -> tuple[AuditedColumn, ...]:
    secrets = personal_columns(model) | set(quoting_columns(model))
    return tuple(
        AuditedColumn(attribute.key, column, attribute.key in secrets)
        for attribute in sa.inspect(model).column_attrs
        if isinstance(column := attribute.columns[0], sa.Column) and attribute.key not in _STAMPS
    )


def _plain(value: object) -> Any:
    try:
        return encode(value)
    except TypeError:
        return HIDDEN if isinstance(value, bytes) else str(value)
