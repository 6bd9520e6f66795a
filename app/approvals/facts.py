"""What a chain may look at: declared facts of a document, and of what is asked for in the dialog."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.errors import Text
from app.i18n import _


class FactKind(StrEnum):
    """What values of a fact are, and hence how they are compared."""

    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    YES_NO = "yes_no"
    RECORD = "record"
    UNIT = "unit"  # A unit of the organisation; whatever lies under it counts as it.


@dataclass(frozen=True)
class Fact:
    """One thing that conditions name. `read` gets the document and the arguments of the transition."""

    name: str
    label: Text
    kind: FactKind
    read: Callable[[Any, Mapping[str, Any]], Any]
    choices: type[StrEnum] | None = None
    target: Any = None  # The model of a record.


class Operator(StrEnum):
    """How a fact is compared with what a condition names."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"
    BETWEEN = "between"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    IS_BLANK = "is_blank"
    IS_GIVEN = "is_given"


SIGNS: Mapping[Operator, Text] = {
    Operator.ABOVE: _("above"),
    Operator.AT_LEAST: _("at least"),
    Operator.AT_MOST: _("at most"),
    Operator.BELOW: _("below"),
    Operator.BETWEEN: _("from … to"),
    Operator.ONE_OF: _("is one of"),
    Operator.NONE_OF: _("is none of"),
    Operator.IS_BLANK: _("is blank"),
    Operator.IS_GIVEN: _("is filled in"),
}
_ORDERED = (Operator.ABOVE, Operator.AT_LEAST, Operator.AT_MOST, Operator.BELOW, Operator.BETWEEN)
_LISTED = (Operator.ONE_OF, Operator.NONE_OF)
_FILLED = (Operator.IS_BLANK, Operator.IS_GIVEN)
OPERATORS: Mapping[FactKind, Sequence[Operator]] = {
    FactKind.NUMBER: (*_ORDERED, *_FILLED),
    FactKind.DAY: (*_ORDERED, *_FILLED),
    FactKind.CHOICE: (*_LISTED, *_FILLED),
    FactKind.YES_NO: _LISTED,
    FactKind.RECORD: (*_LISTED, *_FILLED),
    FactKind.UNIT: (*_LISTED, *_FILLED),
}
VALUES_WANTED: Mapping[Operator, tuple[int, int]] = {
    **dict.fromkeys(_ORDERED, (1, 1)),
    Operator.BETWEEN: (2, 2),
    **dict.fromkeys(_LISTED, (1, 50)),
    **dict.fromkeys(_FILLED, (0, 0)),
}


def stored(value: Any) -> Any:
    """Return a fact's value as JSON keeps it, the same for equal values: 3 and 3.00 are one number."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal | int):
        return format(Decimal(value).normalize(), "f")
    if isinstance(value, dt.date):  # An instant is one too.
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [stored(item) for item in value]
    return value.id if hasattr(value, "id") else str(value)
