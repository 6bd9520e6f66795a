"""What somebody holds, and hands on: with a customer, or all of it on his last day (S:REC-17)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app

from app.companies.enablement import is_enabled
from app.companies.models import Employee
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.session import session
from app.errors import ConfigurationError, Text
from app.security.gate import owner_of

_REGISTRY = "holdings"
Conditions = Sequence[sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Holding:
    """Records of one kind that are in somebody's hands; what is closed stays in the history of whoever had it.

    `name` is '<addon>.<what>'. `holder` is the column that names the employee, `open` the conditions under which a
    record is still in his hands. A kind with a `partner` column goes along when that customer is transferred.
    """

    name: str
    label: Text
    model: type[CompanyModel]
    open: Conditions = ()
    holder: str = "owner_id"
    partner: str = ""

    def held_by(self, employee_id: int | None) -> Conditions:
        """Return the conditions of what an employee holds; None: what nobody holds."""
        return [getattr(self.model, self.holder) == employee_id, *self.open]

    def of_partners(self, ids: Collection[int]) -> Conditions:
        """Return the condition of what goes along with these partners."""
        return [getattr(self.model, self.partner).in_(ids)]

    def count(self, conditions: Conditions) -> int:
        """Return how many records there are."""
        return session.scalar(sa.select(sa.func.count(self.model.id)).where(*conditions)) or 0

    def first(self, conditions: Conditions, *, limit: int) -> list[Any]:
        """Return the first of these records."""
        return list(session.scalars(sa.select(self.model).where(*conditions).order_by(self.model.id).limit(limit)))

    def hand_on(self, conditions: Conditions, *, receiver: Employee, org_unit_id: int | None) -> int:
        """Put these records into somebody's hands; return how many. Their versions grow, so that editors are told."""
        model: Any = self.model
        count = self.count(conditions)
        if count:
            values = {self.holder: receiver.id, "version": model.version + 1}
            if issubclass(model, Owned) and self.holder == "owner_id":
                values["org_unit_id"] = org_unit_id
            statement = sa.update(model).where(*conditions).values(values)
            session.execute(statement, execution_options={"synchronize_session": "fetch"})
            self._forget_holders(set(values))
        return count

    def _forget_holders(self, columns: set[str]) -> None:
        """Look up anew whom the records at hand point at: the session has changed their ids alone."""
        relations = sa.inspect(self.model).relationships
        changed = [one.key for one in relations if {column.name for column in one.local_columns} & columns]
        for row in list(session.identity_map.values()):
            if isinstance(row, self.model):
                session.expire(row, changed)


def register_holding(app: Flask, holding: Holding) -> None:
    """Let records be handed on. Raises ConfigurationError for a name that is taken, and a column that is not there."""
    registry: dict[str, Holding] = app.extensions.setdefault(_REGISTRY, {})
    columns = [holding.holder, *([holding.partner] if holding.partner else [])]
    if holding.name in registry or not all(hasattr(holding.model, column) for column in columns):
        raise ConfigurationError(f"holding {holding.name!r} is registered twice, or names a column that is not there")
    registry[holding.name] = holding


def open_holdings() -> Iterator[Holding]:
    """Yield the kinds of the platform and of the add-ons that are on, by name."""
    registry = cast("dict[str, Holding]", current_app.extensions.get(_REGISTRY, {}))
    for name in sorted(registry):
        addon = owner_of(name)
        if addon is None or is_enabled(addon, active_company()):
            yield registry[name]
