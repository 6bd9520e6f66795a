"""The lines of a record in its form: a table that is sent whole, and checked line by line."""

import re
from typing import Any

from wtforms import FieldList as BaseFieldList
from wtforms import Form
from wtforms.fields import FormField
from wtforms.utils import unset_value

from app.errors import Text
from app.i18n import _


class LinesField(BaseFieldList):
    """The lines of a record, edited in place: one form, one transaction."""

    def __init__(
        self, line_form: type[Form], label: Text = "", *, key: str, maximum: int = 500, **options: Any
    ) -> None:
        super().__init__(FormField(line_form), label, max_entries=None, **options)
        self.key, self.maximum = key, maximum
        self.entries: list[Any] = []

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the lines that were sent, or show those that are kept. A line is sent whole; its id says which it is."""
        super().process(formdata, unset_value if formdata else data, extra_filters)

    def _extract_indices(self, prefix: str, formdata: Any) -> list[int]:
        """Return the numbers of the lines sent; of more than the maximum only one, which is enough to refuse them."""
        heads = (name.removeprefix(f"{prefix}-") for name in formdata if name.startswith(f"{prefix}-"))
        numbers = {head.partition("-")[0] for head in heads}
        return sorted(int(number) for number in numbers if re.fullmatch("[0-9]{1,9}", number))[: self.maximum + 1]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The values of every line that is not blank; `id` is None for a new one."""
        return [self._row(entry) for entry in self.entries if not self._is_blank(entry)]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Drop blank lines, then check the others and how many there are."""
        self.entries = [entry for entry in self.entries if not self._is_blank(entry)]
        self.errors = []
        if len(self.entries) > self.maximum:
            self.errors = [str(_("At most %(limit)s lines.")) % {"limit": self.maximum}]
            return False
        for entry in self.entries:
            entry.validate(form)
        if any(entry.errors for entry in self.entries):
            self.errors = [entry.errors for entry in self.entries]
        return not self.errors

    def blank(self) -> Any:
        """Return an empty line for the page's template."""
        entry = self.append_entry()
        self.entries.remove(entry)
        return entry

    def _is_blank(self, entry: Any) -> bool:
        field = entry.form[self.key]
        return (
            field.data is None
            and not field.errors
            and not any(
                inner.raw_data and str(inner.raw_data[0]).strip() for inner in entry.form if inner.short_name != "id"
            )
        )

    def _row(self, entry: Any) -> dict[str, Any]:
        values = {inner.short_name: inner.data for inner in entry.form}
        identifier = str(values.get("id") or "")
        values["id"] = int(identifier) if re.fullmatch("[0-9]{1,18}", identifier) else None
        return values
