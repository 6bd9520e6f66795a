"""Kanban: a column for each state, or each value of another closed set, with the first cards of each."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.crud.columns import NUMBERS, Kind, ScreenColumn, screen_columns
from app.crud.list_page import is_clear, shown_value
from app.crud.listing import ListQuery
from app.crud.personal import note_list
from app.database.session import session
from app.errors import ConfigurationError, Conflict, Text
from app.i18n import _, member_words
from app.security.roles import may
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.crud.view import CrudView

CARDS = 8  # Of each column; the list shows the rest.


@dataclass(frozen=True)
class Kanban:
    """Declares the board of a list: which column groups it, and what stands on a card.

    `group` is a column of a closed set and of `search_columns`; `state` is moved by the workflow, any other by the
    view's service for changes. The first of `card` is the link to the record; `sum` is a number column that is added
    up in the head of each column. `columns` are the values that have one, if not all.
    """

    group: str
    card: Sequence[str]
    sum: str = ""
    columns: Sequence[enum.StrEnum] = ()


class Board:
    """The board of one view: its declaration, checked, and what it means on the model."""

    def __init__(self, view: "CrudView", kanban: Kanban) -> None:
        self.view = view
        labels = dict(view.labels)
        self.group, *self._cards = screen_columns(view.model, (kanban.group, *kanban.card), labels)
        self.total = screen_columns(view.model, (kanban.sum,), labels)[0] if kanban.sum else None
        self.moves_by_workflow = view.workflow is not None and kanban.group == "state"
        self._check(kanban)
        self.values: tuple[enum.StrEnum | None, ...] = tuple(kanban.columns or self.group.choices)
        if view.model.__mapper__.columns[kanban.group].nullable:
            self.values = (None, *self.values)

    def _check(self, kanban: Kanban) -> None:
        view = self.view
        if (
            self.group.kind is not Kind.CHOICE
            or kanban.group not in view.search_columns
            or kanban.group in view.personal
        ):
            raise ConfigurationError(
                f"{view.resource}: a kanban groups by a closed set of search_columns, in the clear"
            )
        if not self.moves_by_workflow and kanban.group not in (view.edit_columns or view.form_columns):
            raise ConfigurationError(f"{view.resource}: cards cannot be moved, '{kanban.group}' is not in the form")
        if self.total is not None and self.total.kind not in NUMBERS:
            raise ConfigurationError(f"{view.resource}: '{kanban.sum}' cannot be added up")

    @property
    def is_shown(self) -> bool:
        """Tell whether the actor sees by what the board is grouped."""
        return not self.view.shape.limits.hides(self.group.name)

    @property
    def cards(self) -> list[ScreenColumn]:
        """What stands on a card, of the fields that the actor sees."""
        return [column for column in self._cards if not self.view.shape.limits.hides(column.name)]

    @property
    def keys(self) -> list[str]:
        """The columns, as addresses and forms name them."""
        return [key_of(value) for value in self.values]

    def value_of(self, key: str) -> enum.StrEnum | None:
        """Return the value of a column by its key. Raises Conflict for one that the board does not show."""
        for value in self.values:
            if key_of(value) == key:
                return value
        raise Conflict("kanban.column", _("There is no such column."))

    def step_to(self, key: str, record: Any, actor: User) -> Transition:
        """Return the transition that moves a record to a column. Raises Conflict where none leads there."""
        target, step = self.value_of(key), self.steps_of(record.state, actor).get(key)
        if step is None:
            raise Conflict(
                "kanban.step",
                _("No step leads from “%(source)s” to “%(target)s”."),
                source=label_of(record.state),
                target=label_of(target),
            )
        return step

    def steps_of(self, source: Any, actor: User) -> dict[str, Transition]:
        """Return by column the transition that leads there from a state; the first that the actor has the right to."""
        found: dict[str, Transition] = {}
        for step in self.view.workflow.transitions.values() if self.view.workflow else ():
            if source in step.sources and step.target not in (None, source) and not step.automatic:
                kept = found.get(key_of(step.target))
                if kept is None or (not self._may(actor, kept) and self._may(actor, step)):
                    found[key_of(step.target)] = step
        return found

    def _may(self, actor: User, step: Transition) -> bool:
        return may(actor, step.name, self.view.resource)

    def targets(self, actor: User) -> dict[str, list[tuple[str, Text]]]:
        """Return, for the cards of each column, the columns that the actor has the right to move them to."""
        if self.moves_by_workflow:
            reached = {
                key_of(value): {key for key, step in self.steps_of(value, actor).items() if self._may(actor, step)}
                for value in self.values
            }
        else:
            moves = may(actor, "edit", self.view.resource) and not self.view.shape.limits.locks(self.group.name)
            every = {key_of(value) for value in self.values} if moves else set()
            reached = {key_of(value): every - {key_of(value)} for value in self.values}
        return {
            source: [(key_of(value), label_of(value)) for value in self.values if key_of(value) in keys]
            for source, keys in reached.items()
        }

    def read(self, query: ListQuery, actor: User) -> list[dict[str, Any]]:
        """Return the columns with count, sum and first cards, in three statements whatever their number."""
        query = replace(query, columns=(*self.cards, self.group))
        attribute: Any = self.group.attribute
        sums = query.sums_by(attribute, self._added_up(actor))
        records = query.records(list(session.scalars(query.first_ids_by(attribute, self.values, CARDS))))
        note_list(records, self.cards, self.view.shown_personal, actor)
        targets = self.targets(actor)
        return [
            {
                "key": key_of(value),
                "value": value,
                "label": label_of(value),
                "count": sums.get(value, (0, None))[0],
                "sum": sums.get(value, (0, None))[1],
                "targets": targets[key_of(value)],
                "cards": [self._card(one, actor) for one in records if getattr(one, self.group.name) is value],
            }
            for value in self.values
        ]

    def _added_up(self, actor: User) -> Any:
        """Return the column whose sum the actor may know."""
        if self.total is None or self.view.shape.limits.hides(self.total.name):
            return None
        return self.total.attribute if is_clear(self.view, self.total, actor) else None

    def _card(self, record: Any, actor: User) -> dict[str, Any]:
        shown = [(column.label, shown_value(self.view, column, record, actor)) for column in self.cards]
        if self.cards[:1] != self._cards[:1]:
            shown.insert(0, ("", str(record)))  # What it is called by is hidden.
        return {
            "id": record.id,
            "version": record.version,
            "title": shown[0][1] or str(record),
            "values": [(label, value) for label, value in shown[1:] if value not in (None, "")],
        }


def key_of(value: enum.StrEnum | None) -> str:
    """Return what a column is called in addresses and forms."""
    return "" if value is None else value.value


def label_of(value: enum.StrEnum | None) -> Text:
    """Return the head of a column."""
    return _("Not set") if value is None else member_words(value)
