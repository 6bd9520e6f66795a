"""What waits for somebody: lists of things to do that the platform and add-ons contribute (S:CORE-11)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User

from app.errors import Text

MOST_TODOS = 100  # Entries that one list answers with; whoever has more begins with the most urgent.


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing that one person has to do: the record to open, and until when.

    `due` is a local day, in time until it ends, or an instant, in time up to it; None never becomes overdue.
    """

    title: str
    resource: str  # "reception.Customer": the entry links to this record's page.
    record_id: int
    due: dt.date | dt.datetime | None = None
    note: Text = ""

    def is_overdue(self, *, now: dt.datetime, today: dt.date) -> bool:
        """Tell whether it is too late; `today` is the company's local day."""
        if isinstance(self.due, dt.datetime):
            return self.due < now
        return self.due is not None and self.due < today


@dataclass(frozen=True)
class TodoList:
    """Things to do of one kind; asked of those who may list `resource`.

    `find` gets the reader and the instant, and returns at most MOST_TODOS entries of his own, the most urgent first:
    what waits for others stays hidden.
    """

    name: str
    label: Text
    icon: str
    resource: str
    find: Callable[[User, dt.datetime], Sequence[Todo]]
