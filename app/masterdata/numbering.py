"""Numbers of documents and files: as the company writes them, without gaps, safe under concurrency (S:REC-02)."""

import datetime as dt
import re
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.database.remembering import Memory
from app.database.session import session
from app.errors import ConfigurationError, ValidationError
from app.i18n import LazyString, _
from app.masterdata.choices import NumberReset
from app.masterdata.models import NumberCounter, NumberSeries

ENDED = "~"  # Begins the period of a counter that keeps what was drawn before counting was changed, by the day of it.
_REGISTRY = "number_series"
_FORMATS = Memory("number_formats", NumberSeries)
_PLACE = re.compile(r"\{([^{}]*)\}")
_DATE_PLACES = {"yyyy": "%Y", "yy": "%y", "mm": "%m", "dd": "%d"}
_NUMBER_PLACE = re.compile(r"number(?::0([1-9]))?")
# What the text must show, or two periods would write the same number.
_SHOWN = {
    NumberReset.NEVER: (frozenset[str](),),
    NumberReset.YEAR: (frozenset({"yyyy"}), frozenset({"yy"})),
    NumberReset.MONTH: (frozenset({"yyyy", "mm"}), frozenset({"yy", "mm"})),
}


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written: 'C{yyyy}{mm}{number:04}' and when they start again at one.

    Places are {yyyy}, {yy}, {mm}, {dd} and, exactly once, {number} or {number:04}. Raises ValidationError otherwise,
    or where the number would repeat because the text does not show the period.
    """

    template: str
    reset: NumberReset = NumberReset.YEAR

    def __post_init__(self) -> None:
        places = _PLACE.findall(self.template)
        numbers = [place for place in places if _NUMBER_PLACE.fullmatch(place)]
        unknown = [place for place in places if place not in _DATE_PLACES and place not in numbers]
        if unknown or len(numbers) != 1 or re.search(r"[{}]", _PLACE.sub("", self.template)):
            raise ValidationError(
                "numbering.template",
                _("Use {yyyy}, {yy}, {mm}, {dd} and once {number} or {number:04}."),
                field="template",
            )
        if not any(shown <= set(places) for shown in _SHOWN[self.reset]):
            raise ValidationError(
                "numbering.repeats",
                _("The format must show the year, and the month if it starts again each month."),
                field="template",
            )

    def period(self, on: dt.date) -> str:
        """Return the period whose numbers a day takes part in: '', '2025' or '2025-11'."""
        return {NumberReset.NEVER: "", NumberReset.YEAR: f"{on:%Y}", NumberReset.MONTH: f"{on:%Y-%m}"}[self.reset]

    def write(self, number: int, on: dt.date) -> str:
        """Return the number as text; one too long for its places just grows."""

        def fill(place: re.Match[str]) -> str:
            if shown := _DATE_PLACES.get(place[1]):
                return on.strftime(shown)
            width = _NUMBER_PLACE.fullmatch(place[1])
            return f"{number:0{(width and width[1]) or 1}d}"

        return _PLACE.sub(fill, self.template)


@dataclass(frozen=True)
class NumberSeriesDefinition:
    """A series as its add-on declares it: 'reception.customer'. A company may write it in its own format."""

    key: str
    title: str | LazyString
    format: NumberFormat


def register_series(app: Flask, series: NumberSeriesDefinition) -> None:
    """Let numbers be drawn in a series. Raises ConfigurationError for a key that is taken."""
    registry: dict[str, NumberSeriesDefinition] = app.extensions.setdefault(_REGISTRY, {})
    if series.key in registry:
        raise ConfigurationError(f"number series {series.key!r} is registered twice")
    registry[series.key] = series


def list_series() -> list[NumberSeriesDefinition]:
    """Return the registered series, by key."""
    registry: dict[str, NumberSeriesDefinition] = current_app.extensions.get(_REGISTRY, {})
    return [registry[key] for key in sorted(registry)]


def format_of(key: str, *, legal_entity_id: int | None) -> NumberFormat:
    """Return the format in force: the legal entity's, else the company's, else the add-on's.

    Raises ConfigurationError for a series that nobody registered.
    """
    definition: NumberSeriesDefinition | None = current_app.extensions.get(_REGISTRY, {}).get(key)
    if definition is None:
        raise ConfigurationError(f"no number series {key!r}")
    own = _FORMATS.recall(session)
    if not own:
        rows = session.scalars(select(NumberSeries).execution_options(populate_existing=True))
        own["rows"] = {(row.key, row.legal_entity_id): row for row in rows}
    row = own["rows"].get((key, legal_entity_id)) or own["rows"].get((key, None))
    return NumberFormat(row.template, row.reset) if row else definition.format


def draw_number(key: str, *, legal_entity_id: int | None, on: dt.date) -> str:
    """Return the next number of a series for a day; without a legal entity the whole company counts together.

    The counter's row stays locked until the transaction ends, and a roll-back gives the number back: so there are no
    gaps and no repeats. Draw it as the last write of a transition, because others wait meanwhile.
    """
    written = format_of(key, legal_entity_id=legal_entity_id)
    number = _count_up(key, written.period(on), legal_entity_id)
    if number is None:  # Whoever writes a series otherwise takes its counter away: perhaps while this waited for it.
        _FORMATS.recall(session).clear()
        written = format_of(key, legal_entity_id=legal_entity_id)
        number = _count_up(key, written.period(on), legal_entity_id)
    if number is None:
        _begin(key, written.period(on), legal_entity_id, on)
        number = _count_up(key, written.period(on), legal_entity_id)
    if number is None:
        raise RuntimeError(f"the counter of {key} {written.period(on)} vanished")
    return written.write(number, on)


def ended_on(day: dt.date) -> str:
    """Return the period of the counter that keeps what was drawn until this day; they are in the order of the days."""
    return f"{ENDED}{(day - dt.date(1900, 1, 1)).days:06}"


def _count_up(key: str, period: str, legal_entity_id: int | None) -> int | None:
    statement = (
        update(NumberCounter)
        .where(
            NumberCounter.key == key, NumberCounter.period == period, NumberCounter.legal_entity_id == legal_entity_id
        )
        .values(last_number=NumberCounter.last_number + 1)
        .returning(NumberCounter.last_number)
    )
    return session.scalar(statement, execution_options={"synchronize_session": False})


def _begin(key: str, period: str, legal_entity_id: int | None, on: dt.date) -> None:
    """Write the counter of a new period, unless somebody else does at the same moment: then wait for it.

    A day before counting was changed may have numbers of the former kind: they are not repeated.
    """
    last = session.scalar(
        select(func.max(NumberCounter.last_number)).where(
            NumberCounter.key == key,
            NumberCounter.legal_entity_id == legal_entity_id,
            NumberCounter.period.startswith(ENDED),
            NumberCounter.period >= ended_on(on),
        )
    )
    try:
        with session.begin_nested():
            session.add(NumberCounter(key=key, period=period, legal_entity_id=legal_entity_id, last_number=last or 0))
    except IntegrityError:
        pass  # It is there now: the unique key made us wait until the other transaction had committed.
