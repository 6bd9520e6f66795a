"""The calendar of a list: what it declares, which records stand on a day, and moving one to another day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.crud.calendars.leaf import ONE_DAY
from app.crud.columns import Kind, ScreenColumn, screen_columns
from app.crud.list_page import shown_value
from app.crud.listing import ListQuery, happening
from app.crud.personal import note_list
from app.database.session import session
from app.errors import ConfigurationError
from app.security.roles import may
from app.security.scope import reaches

if TYPE_CHECKING:
    from app.crud.view import CrudView

MORNING = dt.time(9)  # When a new record begins that is made by choosing a day.


@dataclass(frozen=True)
class Calendar:
    """Declares the calendar of a list: on which days its records happen, and what stands there.

    `start`, and `end` if there is one, are days or instants; an instant stands on the company's day. `title` names the
    column that an entry is called by, otherwise it is the record's own title; `colour` a column of a closed set whose
    value colours it; `details` are told besides where a single day is shown.
    """

    start: str
    end: str = ""
    title: str = ""
    colour: str = ""
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Day:
    """One day of a calendar: its first entries, and how many it has in all."""

    day: dt.date
    entries: list[dict[str, Any]]
    count: int


class Diary:
    """The calendar of one view: its declaration, checked, and what it means on the model."""

    def __init__(self, view: "CrudView", calendar: Calendar) -> None:
        self.view = view
        labels = dict(view.labels)
        self.start, *more = screen_columns(view.model, [calendar.start, *filter(None, [calendar.end])], labels)
        self._end = more[0] if more else None
        self._title, self._colour = (
            screen_columns(view.model, [name], labels)[0] if name else None
            for name in (calendar.title, calendar.colour)
        )
        self._details = screen_columns(view.model, calendar.details, labels)
        self._check()

    def _check(self) -> None:
        view, names = self.view, [*(self.view.edit_columns or self.view.form_columns)]
        if self.start.kind not in (Kind.DATE, Kind.DATETIME) or self.start.relation is not None:
            raise ConfigurationError(f"{view.resource}: a calendar starts on a day or an instant of the model itself")
        if self.start.name in view.personal:
            raise ConfigurationError(f"{view.resource}: a calendar would tell '{self.start.name}', which is masked")
        if self._end is not None and (
            self._end.kind is not self.start.kind or (self.start.name in names) is not (self._end.name in names)
        ):
            raise ConfigurationError(f"{view.resource}: '{self._end.name}' is not of the kind of '{self.start.name}'")
        if self._colour is not None and (self._colour.kind is not Kind.CHOICE or self._colour.name in view.personal):
            raise ConfigurationError(f"{view.resource}: a closed set colours a calendar, in the clear")

    @property
    def is_shown(self) -> bool:
        """Tell whether the actor sees on which day something happens."""
        return not self.view.shape.limits.hides(self.start.name)

    @property
    def end(self) -> ScreenColumn | None:
        """Until when something takes; nothing where there is no such column, or the actor does not see it."""
        return self._seen(self._end)

    def happens_on(self, day: dt.date) -> Any:
        """Return the condition of what happens on a day."""
        return happening(self._start, self._until, *self._bounds(day))

    def read(self, days: Sequence[dt.date], query: ListQuery, actor: User, *, most: int) -> list[Day]:
        """Return the days with their count and the first `most` entries, in two statements whatever their number."""
        shown = [column for column in (self._seen(self._title), *map(self._seen, self._details)) if column is not None]
        query = replace(query, columns=tuple(shown))
        bounds = [self._bounds(day) for day in days]
        found = session.execute(query.first_ids_on(bounds, self._start, self._until, most)).all()
        records = {one.id: one for one in query.records(list(dict.fromkeys(row.id for row in found)))}
        note_list(list(records.values()), shown, self.view.shown_personal, actor)
        counts = {row.place: row.many for row in found}
        return [
            Day(
                day,
                [self._entry(records[row.id], day, actor) for row in found if row.place == place and row.id in records],
                counts.get(place, 0),
            )
            for place, day in enumerate(days)
        ]

    def may_move(self, record: Any, actor: User) -> bool:
        """Tell whether the actor may give this record another day."""
        limits, names = self.view.shape.limits, self.view.edit_names
        moved = [column.name for column in (self.start, self._end) if column is not None]
        return (
            "edit" in self.view.verbs
            and all(name in names and not limits.locks(name) for name in moved)
            and may(actor, "edit", self.view.resource)
            and reaches(actor, record, verb="edit")
        )

    def moved(self, record: Any, to: dt.date) -> dict[str, str]:
        """Return the fields of a record that begins on another day, as they are typed: at the same time, as long."""
        shift = to - self.day_of(record)
        columns = [column for column in (self.start, self._end) if column is not None]
        values = {column.name: column.value_of(record) for column in columns}
        return {name: _typed(value, shift) for name, value in values.items() if value is not None}

    def day_of(self, record: Any) -> dt.date:
        """Return the company's day on which a record begins."""
        return _local_day(self.start.value_of(record))

    def new_values(self, day: dt.date) -> dict[str, str] | None:
        """Return what the form of a new record on this day begins with; None where it has no such field."""
        if self.start.name not in self.view.add_names:
            return None
        return {
            self.start.name: day.isoformat()
            if self.start.kind is Kind.DATE
            else dt.datetime.combine(day, MORNING).isoformat(timespec="minutes")
        }

    def title_of(self, record: Any, actor: User) -> str:
        """Return what an entry is called, as this actor may see it."""
        column = self._seen(self._title)
        return str((column and shown_value(self.view, column, record, actor)) or record)

    @property
    def _start(self) -> Any:
        return self.start.attribute

    @property
    def _until(self) -> Any:
        return self.end.attribute if self.end is not None else None

    def _seen(self, column: ScreenColumn | None) -> ScreenColumn | None:
        return None if column is None or self.view.shape.limits.hides(column.name) else column

    def _bounds(self, day: dt.date) -> tuple[Any, Any]:
        """Return where a day begins and where the next one does."""
        if self.start.kind is Kind.DATE:
            return day, day + ONE_DAY
        zone = active_zone()
        return dt.datetime.combine(day, dt.time(), zone), dt.datetime.combine(day + ONE_DAY, dt.time(), zone)

    def _entry(self, record: Any, day: dt.date, actor: User) -> dict[str, Any]:
        colour = self._seen(self._colour)
        begins = self.day_of(record) == day
        values = [(column.label, shown_value(self.view, column, record, actor)) for column in self._details_seen]
        return {
            "id": record.id,
            "version": record.version,
            "title": self.title_of(record, actor),
            "time": self._time(record, day),
            "state": colour.value_of(record) if colour is not None else None,
            "begins": begins,
            "may_move": self.may_move(record, actor),
            "values": [(label, value) for label, value in values if value not in (None, "")],
        }

    @property
    def _details_seen(self) -> list[ScreenColumn]:
        return [column for column in map(self._seen, self._details) if column is not None]

    def _time(self, record: Any, day: dt.date) -> Mapping[str, str]:
        """Return from when and until when on this day; blank where it goes on from, or to, another day."""
        if self.start.kind is Kind.DATE:
            return {"begin": "", "until": ""}
        ends = self.end.value_of(record) if self.end is not None else None
        told = {"begin": self.start.value_of(record), "until": ends}
        return {
            name: f"{value.astimezone(active_zone()):%H:%M}" if value is not None and _local_day(value) == day else ""
            for name, value in told.items()
        }


def _local_day(value: Any) -> dt.date:
    return value.astimezone(active_zone()).date() if isinstance(value, dt.datetime) else value


def _typed(value: Any, shift: dt.timedelta) -> str:
    """Return a value some days later as a form takes it; the clock on the wall shows the same."""
    if not isinstance(value, dt.datetime):
        return str((value + shift).isoformat())
    return (value.astimezone(active_zone()).replace(tzinfo=None) + shift).isoformat()
