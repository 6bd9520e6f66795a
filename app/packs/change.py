"""What the parts of a pack share: one change, and the moment at which it is made."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_appbuilder.security.sqla.models import User

from app.companies.clock import local_today
from app.companies.opening import get_company
from app.packs.reading import Pack


@dataclass(frozen=True)
class Moment:
    """Who applies a pack to the active company and when; values without a day of their own hold from `valid_from`."""

    company_id: int
    actor: User
    now: dt.datetime
    today: dt.date
    valid_from: dt.date


def moment_of(company_id: int, actor: User, now: dt.datetime, valid_from: dt.date | None = None) -> Moment:
    """Return the moment on the clock of the company; without a day of its own, values hold from today."""
    today = local_today(get_company(company_id), now)
    return Moment(company_id, actor, now, today, valid_from or today)


@dataclass(frozen=True)
class Change:
    """One difference between a pack and the company, in words, and as the part that found it makes it."""

    part: str
    section: str
    key: str
    label: str
    before: str
    after: str
    data: dict[str, Any] = field(compare=False)


class Part(Protocol):
    """One kind of thing that packs set. `right` is what its own screen asks of whoever sets it."""

    name: str
    right: tuple[str, str]

    def plan(self, pack: Pack, section: str, content: Any, moment: Moment) -> Iterator[Change]:
        """Yield what differs. Raises ValidationError naming file, section and key."""

    def make(self, change: Change, moment: Moment) -> dict[str, Any]:
        """Make a change; return, as JSON, what `take_back` needs."""

    def take_back(self, made: dict[str, Any], moment: Moment) -> None:
        """Bring back what was before, unless somebody has decided anew since."""

    def export(self, section: str, company_id: int) -> tuple[Any, list[str]]:
        """Return what the company has set, as `plan` reads it, and in words what a pack cannot carry."""
