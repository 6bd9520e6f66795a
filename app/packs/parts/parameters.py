"""Policy values in packs (P:COR-03)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.database.session import session
from app.errors import AppError
from app.i18n import _
from app.packs.change import Change, Moment
from app.packs.reading import Pack, is_table, read_day
from app.parameters.conversion import read, write
from app.parameters.models import ParameterValue
from app.parameters.parameter import Parameter
from app.parameters.registry import list_parameters, list_values
from app.parameters.standing import refuse_broken

_DATED = frozenset({"value", "valid_from"})


class Parameters:
    """`name = value`, `name = {value = …, valid_from = 2026-01-01}`, or a list of the latter."""

    name = "parameters"
    right = ("set", "parameters.Values")

    def plan(self, pack: Pack, section: str, content: Any, moment: Moment) -> Iterator[Change]:
        """Yield the values that the company does not have."""
        known = {one.key: one for one in list_parameters(section)}
        for key, given in content.items():
            parameter = known.get(f"{section}.{key}")
            if parameter is None:
                raise pack.wrong(f"{section}.{self.name}", key, _("No policy value is called so."))
            try:
                yield from _differences(section, parameter, given, moment)
            except AppError as error:
                raise pack.wrong(f"{section}.{self.name}", key, error) from error

    def make(self, change: Change, moment: Moment) -> dict[str, Any]:
        """Decide the value."""
        parameter: Parameter[Any] = change.data["parameter"]
        start, value = change.data["valid_from"], change.data["value"]
        parameter.set(value, valid_from=start, actor=moment.actor)
        return {"key": parameter.key, "valid_from": start.isoformat(), "value": write(value)}

    def take_back(self, made: dict[str, Any], moment: Moment) -> None:
        """Strike a value that does not hold yet, or began today; one that held goes on until today, as it was used."""
        parameter = next((one for one in list_parameters() if one.key == made["key"]), None)
        start = dt.date.fromisoformat(made["valid_from"])
        row = session.scalar(
            sa.select(ParameterValue).where(ParameterValue.key == made["key"], ParameterValue.valid_from == start)
        )
        if parameter is None or row is None or row.value != made["value"]:
            return
        earlier = next((value for day, value in list_values(parameter) if day < start), parameter.default)
        if start >= moment.today or earlier is None:
            session.delete(row)
            session.flush()
            return
        in_force = parameter.stored(moment.today)
        if in_force is not None and in_force[0] == start:
            parameter.set(earlier, valid_from=moment.today, actor=moment.actor)

    def export(self, section: str, company_id: int) -> tuple[Any, list[str]]:
        """Return the values that the company has decided, with their days."""
        found: dict[str, Any] = {}
        for parameter in list_parameters(section):
            values = [{"value": value, "valid_from": day} for day, value in reversed(list_values(parameter))]
            if values:
                found[parameter.key.partition(".")[2]] = values[0] if len(values) == 1 else values
        return found, []


def _differences(section: str, parameter: Parameter[Any], given: Any, moment: Moment) -> Iterator[Change]:
    there = dict(list_values(parameter))
    for raw, day in _dated(given):
        value, start = parameter.parse(_typed(raw, parameter)), day or moment.valid_from
        holds = parameter.stored(start)
        before = parameter.default if holds is None else read(holds[1], parameter.type)
        if there.get(start) == value or (day is None and before == value):
            continue
        if start in there:
            raise AppError(
                "packs.same_day",
                _("The company has decided another value from %(day)s on. Choose another day."),
                day=start.isoformat(),
            )
        refuse_broken(parameter.key, parameter.label, value, valid_from=start, actor=moment.actor)
        yield Change(
            Parameters.name,
            section,
            parameter.key,
            str(parameter.label),
            parameter.words(before),
            f"{parameter.words(value)} ({start.isoformat()})",
            {"parameter": parameter, "value": value, "valid_from": start},
        )


def _dated(given: Any) -> Iterator[tuple[Any, dt.date | None]]:
    several = given if isinstance(given, list) and given and all(is_table(one) for one in given) else [given]
    for one in several:
        if not is_table(one):
            yield one, None
            continue
        start = read_day(one.get("valid_from"))
        if set(one) != _DATED or start is None:
            raise AppError("packs.dated", _("Write value and valid_from, a day such as 2026-01-01."))
        yield one["value"], start


def _typed(raw: Any, parameter: Parameter[Any]) -> Any:
    """Return a value whose kind TOML says: a text is no number here, though a form would read it as one."""
    if isinstance(raw, str) and parameter.type is not str:
        raise AppError("packs.text", _("This must not be a text."))
    return raw
