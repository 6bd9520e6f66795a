"""A figure on the home page."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask_appbuilder.security.sqla.models import User

from app.errors import Text


@dataclass(frozen=True)
class Figure:
    """What a card shows: a value, what it means today, and the trend behind it."""

    value: int
    note: Text = ""
    trend: Sequence[int] = ()
    tone: str = "c1"


@dataclass(frozen=True)
class HomeCard:
    """Declared by an add-on; shown to those who have the right `verb` on `resource`.

    `figure` gets the reader and today's local date.
    """

    name: str
    label: Text
    icon: str
    resource: str
    figure: Callable[[User, dt.date], Figure]
    query: dict[str, str] = field(default_factory=dict)  # Filters of the list that the card opens.
    verb: str = "list"  # The right on the resource that the card is for.
