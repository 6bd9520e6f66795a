"""The declared parameters of this app, and what can be asked about them."""

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.database.session import session
from app.errors import ConfigurationError, NotFound
from app.i18n import _
from app.parameters.cache import stored_values
from app.parameters.conversion import read
from app.parameters.models import ParameterValue
from app.parameters.parameter import Parameter

_KEY = "parameters"


class Source(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    COMPANY = "company"
    UNSET = "unset"


@dataclass(frozen=True)
class Explanation:
    """Why a parameter has the value it has on a day; `valid_from` is None for a default."""

    key: str
    label: str
    value: Any
    valid_from: dt.date | None
    source: Source
    unit: str
    requirement: str

    def to_dict(self) -> dict[str, Any]:
        """Return what REST answers."""
        plain = asdict(self)
        plain["value"] = self.value if isinstance(self.value, int | list | None) else str(self.value)
        plain["valid_from"] = self.valid_from and self.valid_from.isoformat()
        return plain


def register_parameters(app: Flask, *parameters: Parameter[Any]) -> None:
    """Make parameters known to the app.

    Raises ConfigurationError for a key declared twice, or for one value of a rule book that is two parameters.
    """
    registry: dict[str, Parameter[Any]] = app.extensions.setdefault(_KEY, {})
    for parameter in parameters:
        if registry.get(parameter.key, parameter) is not parameter:
            raise ConfigurationError(f"parameter '{parameter.key}' is declared twice")
        for other in registry.values():
            if other is not parameter and set(other.spec_aliases) & set(parameter.spec_aliases):
                raise ConfigurationError(f"parameters '{other.key}' and '{parameter.key}' are one in a rule book")
        registry[parameter.key] = parameter


def list_parameters(addon: str | None = None) -> list[Parameter[Any]]:
    """Return the declared parameters, of one add-on or of all, by key."""
    registry: dict[str, Parameter[Any]] = current_app.extensions.get(_KEY, {})
    return [registry[key] for key in sorted(registry) if addon is None or key.startswith(f"{addon}.")]


def get_parameter(key: str) -> Parameter[Any]:
    """Return a declared parameter. Raises NotFound."""
    found: Parameter[Any] | None = current_app.extensions.get(_KEY, {}).get(key)
    if found is None:
        raise NotFound("parameter.unknown", _("There is no policy value “%(key)s”."), key=key)
    return found


def explain(parameter: Parameter[Any], on: dt.date) -> Explanation:
    """Return the value of a day with where it comes from. An unset one is explained, not refused."""
    start, value, source = None, parameter.default, Source.DEFAULT
    if parameter.default is None:
        source = Source.UNSET
    if stored := parameter.stored(on):
        start, value, source = stored[0], read(stored[1], parameter.type), Source.COMPANY
    return Explanation(
        parameter.key, str(parameter.label), value, start, source, str(parameter.unit), parameter.requirement
    )


@dataclass(frozen=True)
class Decision:
    """One value of a parameter: from which day it holds, and who decided it when; None where the system did."""

    valid_from: dt.date
    value: Any
    decided_by: str | None
    decided_at: dt.datetime


def list_decisions() -> dict[str, list[Decision]]:
    """Return by key what the company has decided of all parameters, the last day first, in one statement."""
    known: dict[str, Parameter[Any]] = current_app.extensions.get(_KEY, {})
    rows = session.execute(
        select(ParameterValue, User)
        .outerjoin(User, User.id == ParameterValue.created_by_id)
        .order_by(ParameterValue.valid_from.desc())
    )
    found: dict[str, list[Decision]] = {}
    for row, user in rows:
        if row.key in known:
            name = f"{user.first_name} {user.last_name}".strip() if user is not None else None
            value = read(row.value, known[row.key].type)
            found.setdefault(row.key, []).append(Decision(row.valid_from, value, name, row.created_at))
    return found


def list_values(parameter: Parameter[Any]) -> list[tuple[dt.date, Any]]:
    """Return the company's values with the day each begins, newest first."""
    return [(start, read(stored, parameter.type)) for start, stored in stored_values(parameter.key)]
