"""The columns of a sheet: the fields of the view's forms, and how each value is written into a cell and compared."""

import datetime as dt
import enum
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.crud.fields import (
    ChoiceField,
    DayField,
    DecimalField,
    FlagField,
    InputField,
    InstantField,
    ReferenceField,
    WholeNumberField,
)
from app.crud.lookups import find_titles
from app.crud.personal import masked
from app.database.base import title_column
from app.database.session import session
from app.i18n import _
from app.reports.sheet_cells import clean_text
from app.reports.words import bool_word
from app.security.roles import may

if TYPE_CHECKING:
    from app.crud.view import CrudView

RECORD = "record"  # The column of the record's title, where no field shows it.
FEW = 10  # The combobox finds 12: a reference with fewer records than that is chosen from a list.
_YES = ("1", "y", "on", "yes", "true", "是")
_EXACT_DIGITS = 15  # What Excel keeps of a number.
_LONGEST_NUMBER = 30


@dataclass(frozen=True)
class SheetColumn:
    """One column. `field` is None for the record's title, which tells the rows apart and is never read back."""

    name: str
    label: str
    field: Any = None
    changes: bool = False  # Whether a record that exists can be changed in it,
    fills: bool = False  # and whether a new one takes it.

    def shown(self, value: Any) -> Any:
        """Return what the cell holds: a number, a day, a wall clock's time, or words."""
        if value is None or value == "":
            return None
        if isinstance(self.field, ReferenceField):
            record = session.get(self.field.target, value)
            return None if record is None else clean_text(str(record))
        if isinstance(self.field, FlagField):
            return bool_word(value)
        if isinstance(self.field, ChoiceField):
            key = self.field.show(value)
            return next((str(label) for each, label, *_more in self.field.iter_choices() if each == key), key)
        if isinstance(value, dt.datetime):
            return value.astimezone(active_zone()).replace(tzinfo=None, second=0, microsecond=0)
        if isinstance(value, Decimal | int | dt.date) and not isinstance(value, bool | enum.Enum):
            return value
        return clean_text(str(getattr(value, "value", value)))

    def text(self, cell: Any) -> str:
        """Return the one text that equal cells share, whatever program saved them: '2.50' and 2.5 are equal."""
        text = str(cell if cell is not None else "").strip()
        if isinstance(self.field, DecimalField | WholeNumberField):
            return _plain_number(text)
        if isinstance(self.field, DayField):
            return text.removesuffix(" 00:00:00")
        if isinstance(self.field, InstantField):
            return _to_the_minute(text)
        if isinstance(self.field, FlagField):
            return "1" if text.lower() in _YES else text if text.lower() not in ("", "0", "no", "false", "否") else "0"
        return "\n".join(" ".join(line.split()) for line in text.splitlines())

    def typed(self, cell: str) -> str:
        """Return what a person would type into the form for this cell."""
        kinds = (DecimalField, WholeNumberField, DayField, InstantField, FlagField)
        return self.text(cell) if isinstance(self.field, kinds) else cell

    @property
    def choices(self) -> list[str]:
        """The words to choose from, where they are few."""
        if isinstance(self.field, FlagField):
            return [bool_word(value=True), bool_word(value=False)]
        if isinstance(self.field, ChoiceField):
            return [str(label) for value, label, *_more in self.field.iter_choices() if value]
        return []


def sheet_columns(view: "CrudView", actor: User) -> list[SheetColumn]:
    """Return the columns of the sheet: what the form of a record changes or shows, and what only a new one takes."""
    shape, whole = view.shape, view.whole_shape
    adds = "add" in view.verbs and may(actor, "add", view.resource)
    edit, add = (kind(formdata=None, meta={"csrf": False}) for kind in (whole.edit_form, shape.add_form))
    shown = shape.shown_only(whole.edit_names)
    found = [
        SheetColumn(name, str(edit[name].label.text), edit[name], changes=name not in shown, fills=adds and name in add)
        for name in whole.edit_names
        if (name in shape.edit_names or name in shown) and _fits(view, edit[name])
    ]
    known = {column.name for column in found}
    found += [
        SheetColumn(name, str(add[name].label.text), add[name], fills=True)
        for name in shape.add_names
        if adds and name not in known and _fits(view, add[name])
    ]
    if title_column(view.model) not in {column.name for column in found}:
        found.insert(0, SheetColumn(RECORD, str(_("Record"))))
    return found


def reference_choices(column: SheetColumn, actor: User) -> list[str]:
    """Return the titles that a reference may take, where they are few; none where they are many."""
    if not isinstance(column.field, ReferenceField):
        return []
    titles = [clean_text(found["text"]) for found in find_titles(column.field.target, "", actor=actor)]
    return titles if len(titles) <= FEW else []


def value_in(view: "CrudView", column: SheetColumn, record: Any, actor: User) -> tuple[Any, bool]:
    """Return what this actor's cell of a record holds, and whether it is masked: unseen, unchanged."""
    if column.field is None:
        return clean_text(str(record)), False
    kept = getattr(record, column.name)
    seen = masked(record, column.name, kept, view.personal, actor)
    return (column.shown(kept), False) if seen == kept else (clean_text(str(seen)), True)


def _fits(view: "CrudView", field: Any) -> bool:
    return isinstance(field, InputField) and hasattr(view.model, field.short_name)


def _plain_number(text: str) -> str:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text
    fits = number.is_finite() and abs(number.adjusted()) < _LONGEST_NUMBER  # "1e999999999" would fill the memory.
    return f"{number.normalize():f}" if fits else text


def _to_the_minute(text: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        moment = (moment + dt.timedelta(seconds=1)).replace(second=0, microsecond=0)  # Programs keep 9:59:59.9999.
    return moment.isoformat(sep=" ", timespec="minutes")


def is_exact(number: Any) -> bool:
    """Tell whether Excel keeps every digit of a number."""
    return len(Decimal(number).normalize().as_tuple().digits) <= _EXACT_DIGITS
