"""What an add-on may add to another's screen, or to its own; shown only where that add-on is on.

With `resource`, a slot is shown to those only who may list that resource.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.crud.columns import Kind
from app.errors import Text
from app.security.gate import is_open
from app.security.roles import may


@dataclass(frozen=True)
class Column:
    """A list column, as SQL: a scalar subquery over the extended model, so it sorts and exports."""

    name: str
    label: Text
    expression: Callable[[Any], sa.ScalarSelect[Any]]
    kind: Kind = Kind.TEXT
    resource: str = ""

    @property
    def tells(self) -> Sequence[str]:
        """The fields of the record that it tells: itself."""
        return (self.name,)


@dataclass(frozen=True)
class Tab:
    """A tab of the record page: a small table. `rows` gets the record's id.

    With `count`, a scalar subquery of how many rows there are, the rows are read only when the tab is opened. `tells`
    names fields of the record that it repeats, such as its owner: it is not shown where one of them is hidden.
    """

    name: str
    label: Text
    columns: Sequence[str]
    rows: Callable[[int], Sequence[Any]]
    labels: dict[str, Text] = field(default_factory=dict)
    view: str = ""  # "orders.OrderView": rows link to their record there.
    count: Callable[[int], sa.ScalarSelect[int]] | None = None
    resource: str = ""
    tells: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """A box of label and value pairs on the record page; without a pair it is left out.

    `values` gets the record's id; `tells` as of a tab.
    """

    name: str
    label: Text
    values: Callable[[int], Sequence[tuple[Text, Any]]]
    resource: str = ""
    tells: Sequence[str] = ()


@dataclass(frozen=True)
class Action:
    """A link beside the workflow buttons; `url` gets the record's id, None hides it."""

    name: str
    label: Text
    url: Callable[[int], str | None]
    icon: str = "arrow-up-right"
    resource: str = ""
    tells: Sequence[str] = ()


@dataclass(frozen=True)
class CreateMode:
    """A way to make a new record, offered by the button of the list where there are several.

    It opens the empty form of `target`, or what `url` answers; None hides it. Offered to those who may add to `target`.
    """

    name: str
    label: Text
    icon: str
    target: str  # "reception.CardScan"
    url: Callable[[], str | None] | None = None
    resource: str = ""
    tells: Sequence[str] = ()


@dataclass(frozen=True)
class Extension:
    """A slot filled by an add-on."""

    addon: str
    view: str  # "visits.VisitView"
    slot: Column | Tab | Section | Action | CreateMode


def open_slots(extensions: Sequence[Extension], kind: type, *, actor: User) -> list[Any]:
    """Return the slots of this kind whose add-on is on for the active company, and which the actor may see."""
    return [
        extension.slot
        for extension in extensions
        if isinstance(extension.slot, kind)
        and is_open(f"{extension.addon}.slot")  # A room of the platform is always open.
        and (not extension.slot.resource or may(actor, "list", extension.slot.resource))
    ]
