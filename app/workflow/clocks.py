"""What was to be done by a moment, and was not: clocks that the platform and add-ons declare (P:RP-24)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.errors import Text

_ONE_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One step of one document that had to be done by `due`; `done` is None as long as it is not.

    `holder` is the employee whose turn it was, `org_unit_id` the unit of the document. Both moments are instants.
    """

    document: str
    resource: str
    record_id: int
    step: Text
    due: dt.datetime
    done: dt.datetime | None = None
    holder: Any = None
    org_unit_id: int | None = None

    def late_minutes(self, now: dt.datetime) -> int:
        """Return by how many whole minutes it was, or is by now, too late; 0 in time."""
        return max(((self.done or now) - self.due) // _ONE_MINUTE, 0)


@dataclass(frozen=True)
class Span:
    """What is asked of a clock: what falls due from `start` on and before `end`, as things are `now`.

    It answers for the records that the actor reaches by the verb: list, or export for a file.
    """

    actor: User
    verb: str
    start: dt.datetime
    end: dt.datetime
    now: dt.datetime


@dataclass(frozen=True)
class Clock:
    """A kind of deadline, asked of those who may list `resource`; `find` may answer what was kept in time as well."""

    name: str
    resource: str
    find: Callable[[Span], Iterable[Deadline]]
