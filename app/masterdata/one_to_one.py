"""Tables with one row per partner: what an add-on says so that two of its rows can become one (S:REC-16)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import select

from app.database.base import CompanyModel
from app.database.session import session
from app.errors import ConfigurationError, Text
from app.masterdata.models import Partner

_REGISTRY = "one_to_one_tables"


def _nothing(_kept: Any, _other: Any) -> None:
    return None


@dataclass(frozen=True)
class OneToOne:
    """A model with a unique `partner_id`.

    `fields` are the columns that a merge shows side by side and lets choose. `conflict` gets the row that is kept and
    the other one, and says why they cannot become one; `unite` does what choosing columns cannot.
    """

    model: type[CompanyModel]
    fields: Sequence[str] = ()
    conflict: Callable[[Any, Any], Text | None] = _nothing
    unite: Callable[[Any, Any], None] = _nothing

    @property
    def name(self) -> str:
        """What its fields are named after: 'reception_customer.budget'."""
        return str(self.model.__tablename__)

    def row_of(self, partner: Partner) -> Any | None:
        """Return the partner's row."""
        model: Any = self.model
        return session.scalar(select(model).where(model.partner_id == partner.id))


def register_one_to_one(app: Flask, table: OneToOne) -> None:
    """Let two rows of a table become one. Raises ConfigurationError for a table that is registered twice."""
    registry: dict[str, OneToOne] = app.extensions.setdefault(_REGISTRY, {})
    if table.name in registry:
        raise ConfigurationError(f"{table.name} says twice how its rows are merged")
    registry[table.name] = table


def one_to_one_tables() -> Iterator[OneToOne]:
    """Yield every registered table, by name."""
    registry = cast("dict[str, OneToOne]", current_app.extensions.get(_REGISTRY, {}))
    yield from (registry[name] for name in sorted(registry))
