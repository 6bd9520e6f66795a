"""What a user may ask of a report: filters, their parsing, and the arguments that reach the statement."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal, get_args

from flask_appbuilder.security.sqla.models import User

from app.database.base import CompanyModel
from app.errors import ConfigurationError, Text, ValidationError
from app.i18n import _, humanize, member_words
from app.reports.words import bool_word
from app.security.records import find_visible, title_of

FilterKind = Literal["text", "integer", "money", "date", "period", "choice", "bool", "record"]
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_LONGEST_TEXT = 200
_LARGEST_INTEGER = 2**63 - 1
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on", "y"}), frozenset({"0", "false", "no", "off", "n"})


@dataclass(frozen=True)
class Period:
    """A span of local days, both ends included."""

    start: dt.date
    end: dt.date

    def instants(self, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
        """Return the UTC instants from which and before which the period lasts, for UtcDateTime columns."""
        first = dt.datetime.combine(self.start, dt.time(), zone)
        last = dt.datetime.combine(self.end + dt.timedelta(days=1), dt.time(), zone)
        return first.astimezone(dt.UTC), last.astimezone(dt.UTC)

    def __str__(self) -> str:
        return self.start.isoformat() if self.start == self.end else f"{self.start} – {self.end}"


@dataclass(frozen=True)
class ReportArguments:
    """What a report is run with: the parsed filters, who asks, and the company's day and time zone."""

    values: Mapping[str, Any]
    actor: User
    today: dt.date
    zone: dt.tzinfo
    verb: str = "list"  # What the rows are read for: the scope of this right holds.

    def __getitem__(self, name: str) -> Any:
        """Return the value of a filter: None where it was left open."""
        return self.values[name]


@dataclass(frozen=True)
class ReportFilter:
    """One question asked before a report runs.

    `default` is a value or a function of today's date. `choices` is an enumeration or a mapping of values to words;
    `model` is what a record is chosen from; `longest` is the most days that a period may span.
    A period is given by two inputs, `<name>_from` and `<name>_to`.
    """

    name: str
    label: Text = ""
    kind: FilterKind = "text"
    default: Any | Callable[[dt.date], Any] = None
    required: bool = False
    choices: type[StrEnum] | Mapping[str, Text] | None = None
    model: type[CompanyModel] | None = None
    longest: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(FilterKind):
            raise ConfigurationError(f"report filter {self.name}: unknown kind {self.kind!r}")
        if (self.kind == "choice") != (self.choices is not None):
            raise ConfigurationError(f"report filter {self.name}: a choice needs choices, and nothing else has them")
        if (self.kind == "record") != (self.model is not None):
            raise ConfigurationError(f"report filter {self.name}: a record needs a model, and nothing else has one")
        if isinstance(self.label, str) and not self.label:  # A lazy text has no words before the app has languages.
            object.__setattr__(self, "label", _(humanize(self.name)))

    @property
    def input_names(self) -> tuple[str, ...]:
        """Return the names of the form's inputs and of the address's parameters."""
        return (f"{self.name}_from", f"{self.name}_to") if self.kind == "period" else (self.name,)

    @property
    def options(self) -> list[tuple[str, Text]]:
        """Return the values of a choice, each with its words."""
        if isinstance(self.choices, Mapping):
            return list(self.choices.items())
        return [(member.value, member_words(member)) for member in self.choices or ()]

    def word(self, value: Any, *, actor: User | None = None) -> str:
        """Return a parsed value as a reader knows it: a record that he may not see by its id alone."""
        if self.kind == "choice":
            return str(dict(self.options)[value])
        if self.kind == "bool":
            return bool_word(value)
        title = title_of(self.model, value, actor=actor) if self.model is not None else ""
        return title or str(value)

    def parse(self, raw: Mapping[str, str], *, today: dt.date, actor: User | None = None) -> Any:
        """Return the value typed, or the default where nothing was sent; ValidationError names the input.

        An input that is present and empty means "all", so that a default can be taken away. A record that the
        actor may not see is refused like one that is not there.
        """
        texts = [_clean(raw.get(name, "")) for name in self.input_names]
        if not any(texts):
            absent = not any(name in raw for name in self.input_names)
            value = self._default(today) if absent or self.required else None
            if value is None and self.required:
                raise self._refusal("required", _("%(label)s is needed."), self.input_names[0])
            return value
        return self._period(*texts) if self.kind == "period" else self._read(texts[0], actor)

    def _default(self, today: dt.date) -> Any:
        return self.default(today) if callable(self.default) else self.default

    def _read(self, text: str, actor: User | None) -> Any:
        match self.kind:
            case "date":
                return self._date(text, self.name)
            case "integer" | "record":
                number = self._integer(text)
                return number if self.model is None else self._record(number, actor)
            case "money":
                return self._money(text)
            case "choice":
                return self._choice(text)
            case "bool":
                return self._bool(text)
        if len(text) > _LONGEST_TEXT:
            raise self._refusal("too_long", _("%(label)s may have at most %(limit)s characters."), limit=_LONGEST_TEXT)
        return text

    def _date(self, text: str, input_name: str) -> dt.date:
        found = _DATE.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)
            return dt.date(*(int(part) for part in found.groups()))
        except ValueError:
            message = _("%(label)s: “%(value)s” is not a day of the calendar. Write it like %(limit)s.")
            raise self._refusal("date", message, input_name, limit="2026-03-02", value=text[:40]) from None

    def _period(self, start_text: str, end_text: str) -> Period:
        start_name, end_name = self.input_names
        if not start_text or not end_text:
            missing = end_name if start_text else start_name
            raise self._refusal("period", _("%(label)s needs both its first and its last day."), missing)
        period = Period(self._date(start_text, start_name), self._date(end_text, end_name))
        if period.end < period.start:
            message = _("%(label)s: the last day may not be before the first day, %(limit)s.")
            raise self._refusal("period_order", message, end_name, limit=period.start)
        if self.longest is not None and (period.end - period.start).days >= self.longest:
            message = _("%(label)s may span at most %(limit)s days.")
            raise self._refusal("period_length", message, end_name, limit=self.longest)
        return period

    def _integer(self, text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,19}", text) or abs(int(text)) > _LARGEST_INTEGER:
            message = _("%(label)s must be a whole number of at most %(limit)s digits.")
            raise self._refusal("integer", message, limit=18)
        return int(text)

    def _money(self, text: str) -> Decimal:
        try:
            amount = Decimal(text.replace(",", ""))
        except InvalidOperation:
            amount = Decimal("NaN")
        limit = Decimal(10) ** 13
        if not amount.is_finite() or abs(amount) >= limit or amount != round(amount, 2):
            message = _("%(label)s must be an amount below %(limit)s with at most two decimals.")
            raise self._refusal("money", message, limit=f"{limit:,}")
        return amount

    def _choice(self, text: str) -> str | StrEnum:
        values = [value for value, _words in self.options]
        if text not in values:
            message = _("%(label)s must be one of: %(limit)s.")
            raise self._refusal("choice", message, limit=", ".join(str(words) for _value, words in self.options))
        return text if self.choices is None or isinstance(self.choices, Mapping) else self.choices(text)

    def _bool(self, text: str) -> bool:
        if text.lower() not in _TRUE | _FALSE:
            raise self._refusal("bool", _("%(label)s must be %(limit)s."), limit="yes, no")
        return text.lower() in _TRUE

    def _record(self, identifier: int, actor: User | None) -> int:
        """Return the id: only of a record that the active company has and the actor may see."""
        if self.model is None or find_visible(self.model, identifier, actor=actor) is None:
            raise self._refusal("record", _("%(label)s: there is no such record."))
        return identifier

    def _refusal(self, code: str, message: Text, input_name: str | None = None, **data: Any) -> ValidationError:
        field = input_name or self.name
        return ValidationError(f"reports.filter.{code}", message, field=field, label=self.label, **data)


def today_as_period(today: dt.date) -> Period:
    """Serve as the default of a period: today alone."""
    return Period(today, today)


def this_month(today: dt.date) -> Period:
    """Serve as the default of a period: the month up to today."""
    return Period(today.replace(day=1), today)


def _clean(text: str) -> str:
    """Return the text with full-width forms made plain, and without control or zero-width characters."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if unicodedata.category(each) not in {"Cc", "Cf", "Cs"}).strip()
