"""Form fields: what a person types, read the same from a form, from REST and from an import.

Each field normalises its input (full-width digits, '2026年3月2日', blanks), keeps what was typed when it
refuses it, and says in words what it expected.
"""

import datetime as dt
import enum
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from wtforms import Field
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, DateInput, DateTimeLocalInput, Select, TextArea, TextInput, html_params

from app.companies.clock import active_zone
from app.crud.lookups import find_named, is_offered
from app.database.base import Model
from app.database.columns import read_id
from app.database.session import session
from app.errors import Text, ValidationError
from app.i18n import _, member_words
from app.masterdata import normalise

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
MAXIMUM_WHOLE = 2**31 - 1
MAXIMUM_AMOUNT = Decimal("999999999999.99")


class InputField(Field):
    """A field with one native input. Subclasses say how text becomes a value, and back."""

    input_type = "text"
    widget: Any = TextInput()
    longest = 400  # characters that are read at all

    def __init__(
        self,
        label: Text = "",
        *,
        required: bool = False,
        default: Any = None,
        hint: Text = "",
        attributes: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            label,
            default=default,
            description=hint,
            render_kw={"class": "form-control", **(attributes or {})},
            **options,
        )
        self.is_required = required
        if required:
            self.flags.required = True

    def clean(self, raw: str) -> str | None:
        """Return what was typed without invisible characters and needless blanks; refuse what is far too long."""
        return normalise.optional_text(raw, field=self.short_name, maximum=self.longest)

    def parse(self, text: str) -> Any:
        """Return the value of a cleaned, non-empty text; raises AppError or ValueError."""
        return text

    def show(self, value: Any) -> str:
        """Return the text of a value."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data and isinstance(self.raw_data[0], str):
            return self.raw_data[0]
        return "" if self.data is None else self.show(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raise ValueError, in words, for what cannot be read."""
        if not valuelist:
            return
        try:
            text = self.clean(str(valuelist[0]))
            self.data = None if text is None else self.parse(text)
        except ValidationError as error:
            self.data = None
            raise ValueError(str(error)) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse a blank where a value is required (R1)."""
        if self.is_required and self.data is None and not self.process_errors:
            raise StopValidation(str(_("This field is required.")))


class TextField(InputField):
    """One line of text, at most `maximum` characters."""

    def __init__(self, label: Text = "", *, maximum: int | None = None, **options: Any) -> None:
        attributes = {"maxlength": str(maximum)} if maximum else {}
        super().__init__(label, attributes=attributes, **options)
        self.longest = maximum or self.longest


class LongTextField(TextField):
    """Several lines of text."""

    widget = TextArea()
    longest = 4_000

    def clean(self, raw: str) -> str | None:
        """Keep the lines; refuse too many characters."""
        text = normalise.clean_text(raw)
        if text is not None and len(text) > self.longest:
            raise ValidationError(
                "text.too_long",
                _("At most %(limit)s characters; this has %(length)s."),
                limit=self.longest,
                length=len(text),
            )
        return text


class ParsedField(InputField):
    """Text with a form of its own (a phone number, an ID number): `parser(text, field=…)` normalises or refuses it."""

    def __init__(self, label: Text = "", *, parser: Callable[..., str], **options: Any) -> None:
        super().__init__(label, **options)
        self.parser = parser

    def parse(self, text: str) -> str:
        """Return the normalised text; what came back untouched, perhaps masked, is left as it is."""
        return text if text == self.object_data else self.parser(text, field=self.short_name)


class WholeNumberField(InputField):
    """A whole number between `minimum` and `maximum`."""

    def __init__(
        self, label: Text = "", *, minimum: int = -MAXIMUM_WHOLE, maximum: int = MAXIMUM_WHOLE, **options: Any
    ) -> None:
        super().__init__(label, attributes={"inputmode": "numeric", "class": "form-control num"}, **options)
        self.minimum, self.maximum = minimum, maximum

    def parse(self, text: str) -> int:
        """Return the number; raises ValidationError naming the limits."""
        digits = text.replace(",", "")
        number = int(digits) if _WHOLE.fullmatch(digits) else None
        if number is None or not self.minimum <= number <= self.maximum:
            raise ValidationError(
                "number.whole",
                _("A whole number from %(minimum)s to %(maximum)s, not '%(value)s'."),
                minimum=self.minimum,
                maximum=self.maximum,
                value=text,
            )
        return number


class DecimalField(InputField):
    """An exact number with at most `places` decimals."""

    def __init__(
        self,
        label: Text = "",
        *,
        places: int,
        minimum: Decimal = Decimal(0),
        maximum: Decimal = MAXIMUM_AMOUNT,
        **options: Any,
    ) -> None:
        super().__init__(label, attributes={"inputmode": "decimal", "class": "form-control num"}, **options)
        self.places, self.minimum, self.maximum = places, minimum, maximum

    def parse(self, text: str) -> Decimal:
        """Return the number; raises ValidationError naming the limit that was broken."""
        return normalise.parse_decimal(
            text, field=self.short_name, places=self.places, minimum=self.minimum, maximum=self.maximum
        )

    def show(self, value: Any) -> str:
        """Return the number without needless zeros: 2 decimals for money, as typed otherwise."""
        number = Decimal(value)
        return f"{number:.2f}" if self.places == 2 else f"{number.normalize():f}"


class DayField(InputField):
    """A calendar day."""

    widget = DateInput()

    def parse(self, text: str) -> dt.date:
        """Return the day; raises ValidationError for a day that does not exist."""
        return normalise.parse_date(text, field=self.short_name)

    def show(self, value: Any) -> str:
        """Return the form that a native date input needs."""
        return str(value.isoformat())


class InstantField(InputField):
    """A moment, typed on the company's wall clock, kept as an instant."""

    widget = DateTimeLocalInput()

    def parse(self, text: str) -> dt.datetime:
        """Return the instant; a text without an offset is local time."""
        day, _t, clock = text.replace("T", " ").partition(" ")
        try:
            moment = dt.datetime.fromisoformat(
                f"{normalise.parse_date(day, field=self.short_name).isoformat()}T{clock or '00:00'}"
            )
        except ValueError as error:
            raise ValidationError(
                "instant.unreadable", _("'%(value)s' is not a date and time such as 2026-03-02 10:00."), value=text
            ) from error
        return (moment if moment.tzinfo else moment.replace(tzinfo=active_zone())).astimezone(dt.UTC)

    def show(self, value: Any) -> str:
        """Return the local form that a native input needs."""
        return str(value.astimezone(active_zone()).strftime("%Y-%m-%dT%H:%M"))


class ChoiceField(InputField, SelectFieldBase):
    """One of a closed set, or of (value, label) pairs made when the form is shown."""

    widget = Select()

    def __init__(
        self, label: Text = "", *, choices: type[enum.Enum] | Callable[[], Sequence[tuple[str, Text]]], **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.source: Any = choices

    @property
    def members(self) -> list[enum.Enum]:
        """The members of a closed set; nothing where the choices are made when the form is shown."""
        return list(self.source) if isinstance(self.source, enum.EnumMeta) else []

    def _pairs(self) -> list[tuple[str, Text]]:
        if self.members:
            return [(member.value, member_words(member)) for member in self.members]
        return list(self.source())

    def iter_choices(self) -> Any:
        """Yield what the select widget shows; a blank first unless a value is required and set."""
        if not (self.is_required and self.data is not None):
            yield "", "", self.data is None, {}
        for value, label in self._pairs():
            yield value, label, value == self._value(), {}

    def has_groups(self) -> bool:
        """Tell the widget that the choices are flat."""
        return False

    def show(self, value: Any) -> str:
        """Return the stored value."""
        return str(getattr(value, "value", value))

    def parse(self, text: str) -> Any:
        """Return the member; raises ValidationError listing what is possible."""
        for value, label in self._pairs():
            if text in (value, str(label)):  # An import may carry the word instead of the value.
                return self.source(value) if self.members else value
        raise ValidationError(
            "choice.unknown",
            _("'%(value)s' is not one of: %(choices)s."),
            value=text,
            choices=", ".join(str(label) for _value, label in self._pairs()),
        )


class FlagField(InputField):
    """Yes or no. An unticked box sends nothing: No. What REST or a file leaves out is the default (tick_defaults)."""

    widget = CheckboxInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read a ticked box, or a word for yes or no."""
        text = str(valuelist[0]).strip().lower() if valuelist else ""
        if text not in ("", "0", "1", "y", "n", "on", "yes", "no", "true", "false", "是", "否"):
            raise ValueError(str(_("Yes or no.")))
        self.data = text in ("1", "y", "on", "yes", "true", "是")

    def pre_validate(self, form: Any) -> None:
        """No is an answer too."""

    def _value(self) -> str:
        return "y"


class ReferenceWidget:
    """A hidden id and a box that searches on the server."""

    def __call__(self, field: "ReferenceField", **attributes: Any) -> Markup:
        """Return the markup that the combobox script drives."""
        attributes = {
            **field.render_kw,
            **attributes,
            "id": field.id,
            "role": "combobox",
            "aria-expanded": "false",
            "aria-autocomplete": "list",
            "autocomplete": "off",
            "value": field.title(),
            "placeholder": str(_("Type to search…")),
        }
        return Markup(
            '<span class="m2o" data-url="{}"><input type="hidden" name="{}" value="{}"><input {}></span>'
        ).format(field.url, field.name, field.data or "", Markup(html_params(**attributes)))  # noqa: S704  # html_params escapes.


class ReferenceField(InputField):
    """A record of this company, as its id."""

    widget = ReferenceWidget()

    def __init__(self, label: Text = "", *, target: type[Model], url: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.target, self.url = target, url

    def process_data(self, value: Any) -> None:
        """Take a record as well as its id."""
        self.data = value.id if isinstance(value, Model) else value

    def title(self) -> str:
        """Return the title of the chosen record."""
        record = session.get(self.target, self.data) if self.data is not None else None
        return "" if record is None else str(record)

    def parse(self, text: str) -> int:
        """Return the id; raises ValidationError for a record that the actor does not see, unless it stood there.

        A file names records by their titles or codes, a page and REST by their ids.
        """
        by_name = getattr(self.meta, "names_records", False)
        key = find_named(self.target, text) if by_name else read_id(text)
        if key is None or not (is_offered(self.target, key) or self._stood_there(key)):
            raise ValidationError("reference.unknown", _("There is no such record: '%(value)s'."), value=text)
        return key

    def _stood_there(self, key: int) -> bool:
        return key == self.object_data and session.get(self.target, key) is not None
