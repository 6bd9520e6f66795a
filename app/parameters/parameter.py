"""A typed policy value: asked for a day, answered with what was valid then."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.database.session import session
from app.errors import AppError, ConfigurationError, Conflict, Text, ValidationError
from app.i18n import _, humanize
from app.parameters.cache import stored_values
from app.parameters.conversion import TYPES, check_choices, check_limits, read, write
from app.parameters.models import ParameterValue
from app.parameters.standing import refuse_broken

T = TypeVar("T")


class ParameterUnset(AppError):
    """The company has not decided this value yet, and there is no default: the rule cannot run."""


@dataclass(frozen=True, eq=False)
class Parameter(Generic[T]):
    """Declared once, in the add-on's parameters.py (P:COR-03).

    `key` is '<addon>.<name>'; `requirement` is the rule it serves ('P:REC-01'). Without a `default` it must be
    filled before the rule can run. `minimum` and `maximum` bound numbers; `choices` lists the texts allowed, of
    which a list takes any number and shows a box to tick for each, in words; what depends on the company, such as
    its units, is a function that returns the texts with their words. A text
    with a `pattern` matches it as a whole, as its default does; `makes_sense` tells of what neither can say, such as
    whether numbers of a list rise. `spec_aliases` are the names that the rule books give
    the value where they differ from the key: ('S:rec.required', 'P:customer_required'); two names, one value.
    """

    key: str
    type: type[T]
    label: Text
    unit: Text = ""
    requirement: str = ""
    default: T | None = None
    help: Text = ""
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    choices: Sequence[str] | Callable[[], Mapping[str, Text]] | None = None
    pattern: str = ""
    makes_sense: Callable[[T], bool] | None = None
    spec_aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", self.key):
            raise ConfigurationError(f"parameter '{self.key}' must be named '<addon>.<name>'")
        if self.type not in TYPES:
            raise ConfigurationError(f"parameter '{self.key}' has a type that cannot be stored")
        if any(not re.fullmatch(r"[PS]:[a-z][a-z0-9_]*(\.[a-z0-9_]+)?", alias) for alias in self.spec_aliases):
            raise ConfigurationError(f"parameter '{self.key}' has an alias that no rule book could have")
        if self.default is not None:
            try:
                self.parse(self.default)
            except ValidationError as error:
                raise ConfigurationError(f"parameter '{self.key}': its default is refused ({error.code})") from error

    def value(self, on: dt.date) -> T:
        """Return the active company's value for that day. Raises ParameterUnset if nobody has decided it."""
        stored = self.stored(on)
        if stored is not None:
            return cast("T", read(stored[1], self.type))
        if self.default is None:
            raise ParameterUnset(
                "parameter.unset",
                _("The policy value “%(label)s” (%(key)s) is not set for %(day)s."),
                label=self.label,
                key=self.key,
                day=on.isoformat(),
            )
        return cast("T", read(self.default, self.type))  # A list is copied, so that nobody changes the default.

    def set(self, value: T, *, valid_from: dt.date, actor: User) -> ParameterValue:
        """Decide the value from this day on; earlier days keep theirs.

        Raises as `check` does.
        """
        value = self.check(value, valid_from=valid_from, actor=actor)
        row = ParameterValue(
            key=self.key, value=write(value), valid_from=valid_from, created_by_id=actor.id, updated_by_id=actor.id
        )
        session.add(row)
        session.flush()
        return row

    def check(self, raw: Any, *, valid_from: dt.date, actor: User) -> T:
        """Return the typed value if it can be decided from this day on.

        Raises ValidationError for a value out of its limits (R4); Conflict if a value begins on that day already, or
        where stored documents would break it.
        """
        value = self.parse(raw)
        if session.scalar(
            select(ParameterValue.id).where(ParameterValue.key == self.key, ParameterValue.valid_from == valid_from)
        ):
            raise Conflict(
                "parameter.same_day",
                _("“%(label)s” has a value from %(day)s on already."),
                field="valid_from",
                label=self.label,
                day=valid_from.isoformat(),
            )
        refuse_broken(self.key, self.label, value, valid_from=valid_from, actor=actor)
        return value

    def parse(self, raw: Any) -> T:
        """Return a typed value from what was typed or sent. Raises ValidationError naming the limit (R4)."""
        value = read(raw, self.type, label=self.label)
        check_limits(value, label=self.label, minimum=self.minimum, maximum=self.maximum)
        if self.choices and value:
            check_choices(value, label=self.label, choices=[*self.offered()])
        matches = not self.pattern or re.fullmatch(self.pattern, str(value))
        if not matches or (self.makes_sense is not None and not self.makes_sense(cast("T", value))):
            raise ValidationError(
                "parameter.pattern",
                _("“%(label)s” must be written like %(limit)s."),
                field="value",
                label=self.label,
                limit=", ".join(self.default) if isinstance(self.default, list) else self.default,
            )
        return cast("T", value)

    def offered(self) -> Mapping[str, Text]:
        """Return what may be chosen, each with its words; empty where anything may be typed."""
        if callable(self.choices):
            return self.choices()
        return {value: _(humanize(value)) for value in self.choices or ()}

    def words(self, value: T | None) -> str:
        """Return a value as people read it: yes, no and choices in words, not as they are stored."""
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, Decimal):
            return f"{value:f}"
        offered = self.offered() if self.choices and value else {}
        given = value if isinstance(value, list) else [] if value is None else [value]
        return ", ".join(str(offered.get(str(one), one)) for one in given)

    def stored(self, on: dt.date) -> tuple[dt.date, Any] | None:
        """Return the first day and the stored form of the company's value of that day; None without one."""
        return next(((start, value) for start, value in stored_values(self.key) if start <= on), None)
