"""How a company writes its numbers: what is in force, what comes next, and changing it for numbers to come."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from app.companies.models import LegalEntity
from app.database.session import session
from app.errors import NotFound, ValidationError
from app.i18n import _
from app.masterdata.choices import NumberReset
from app.masterdata.models import NumberCounter, NumberSeries
from app.masterdata.numbering import NumberFormat, NumberSeriesDefinition, ended_on, format_of, list_series

TEMPLATE_LENGTH = 60
LONGEST_NUMBER = 40  # The documents' own column.


@dataclass(frozen=True)
class SeriesInForce:
    """A series as one legal entity, or the company as a whole (None), counts it today."""

    series: NumberSeriesDefinition
    entity: LegalEntity | None
    format: NumberFormat
    period: str
    last_number: int
    next_number: str


def list_in_force(addons: frozenset[str], *, on: dt.date) -> list[SeriesInForce]:
    """Return each series of these add-ons for the company, and for each legal entity that counts or writes its own."""
    entities = {entity.id: entity for entity in session.scalars(select(LegalEntity))}
    found = []
    for series in list_series():
        if series.key.partition(".")[0] not in addons:
            continue
        own = {*session.scalars(select(NumberCounter.legal_entity_id).where(NumberCounter.key == series.key))}
        own |= {*session.scalars(select(NumberSeries.legal_entity_id).where(NumberSeries.key == series.key))}
        found += [_in_force(series, entities.get(key or 0), on) for key in (None, *sorted(own - {None}, key=int))]
    return found


def _in_force(series: NumberSeriesDefinition, entity: LegalEntity | None, on: dt.date) -> SeriesInForce:
    entity_id = entity.id if entity is not None else None
    written = format_of(series.key, legal_entity_id=entity_id)
    period = written.period(on)
    last = _last_number(series.key, entity_id, period) or 0
    return SeriesInForce(series, entity, written, period, last, written.write(last + 1, on))


def set_format(
    key: str, *, legal_entity_id: int | None, template: str, reset: NumberReset, on: dt.date
) -> NumberSeries:
    """Write the numbers to come in another format; those that are drawn stay, and counting goes on where it stands.

    Raises NotFound for an unknown series, ValidationError for a format that cannot be read, repeats or is too long.
    """
    if key not in {series.key for series in list_series()}:
        raise NotFound("numbering.unknown", _("There is no such number series."))
    if legal_entity_id is not None and session.get(LegalEntity, legal_entity_id) is None:
        raise NotFound("numbering.entity", _("There is no such legal entity."))
    cleaned = template.strip()
    wanted = NumberFormat(cleaned, reset)
    if len(cleaned) > TEMPLATE_LENGTH or len(wanted.write(10**9, on)) > LONGEST_NUMBER:
        raise ValidationError(
            "numbering.long", _("A number has at most %(limit)s characters."), field="template", limit=LONGEST_NUMBER
        )
    if format_of(key, legal_entity_id=legal_entity_id).reset is not reset:
        _carry_on(key, legal_entity_id, wanted, on)
    row = session.scalar(
        select(NumberSeries).where(NumberSeries.key == key, NumberSeries.legal_entity_id == legal_entity_id)
    )
    if row is None:
        row = NumberSeries(key=key, legal_entity_id=legal_entity_id, template=cleaned, reset=reset)
        session.add(row)
    row.template, row.reset = cleaned, reset
    session.flush()
    return row


def _carry_on(key: str, legal_entity_id: int | None, wanted: NumberFormat, on: dt.date) -> None:
    """Let a period that begins in its middle count on from the numbers drawn: back to one would repeat some.

    The counters that it takes the place of are taken away: whoever waits for one of them asks for the format anew. What
    they had drawn is kept under the day, for numbers that are drawn for days gone by.
    """
    counters = session.scalars(
        select(NumberCounter)
        .where(NumberCounter.key == key)
        .order_by(NumberCounter.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    entities = {legal_entity_id}
    if legal_entity_id is None:  # The company's format also serves the legal entities that count apart.
        entities |= {one.legal_entity_id for one in counters}
    period = wanted.period(on)
    for entity_id in entities:
        mine = {one.period: one for one in counters if one.legal_entity_id == entity_id}
        ended = {one for name, one in mine.items() if name in ("", f"{on:%Y}") or name.startswith(f"{on:%Y}-")}
        drawn = max((one.last_number for one in (ended if period else mine.values())), default=0)
        counter = mine.get(period)
        for one in ended - {counter}:
            session.delete(one)
        kept = mine.get(ended_on(on))
        if kept is not None:
            kept.last_number = max(kept.last_number, drawn)
        elif drawn:
            session.add(NumberCounter(key=key, legal_entity_id=entity_id, period=ended_on(on), last_number=drawn))
        if counter is not None:
            counter.last_number = max(counter.last_number, drawn)
        elif drawn:
            session.add(NumberCounter(key=key, legal_entity_id=entity_id, period=period, last_number=drawn))
    session.flush()


def _last_number(key: str, legal_entity_id: int | None, period: str) -> int | None:
    return session.scalar(
        select(NumberCounter.last_number).where(
            NumberCounter.key == key, NumberCounter.legal_entity_id == legal_entity_id, NumberCounter.period == period
        )
    )
