"""The form field of a company's own list of values."""

from typing import Any

from app.crud.fields import ChoiceField
from app.database.columns import read_id
from app.database.session import session
from app.errors import Text, ValidationError
from app.i18n import _
from app.masterdata.models import Option
from app.masterdata.options import find_option, offered_names, open_list


class OptionField(ChoiceField):
    """One value of the list `key`, as its id. A page, a file and REST name the value; REST may also send the id."""

    def __init__(self, label: Text = "", *, key: str, **options: Any) -> None:
        super().__init__(label, choices=self._names, **options)
        self.key = key

    def _names(self) -> list[tuple[str, Text]]:
        names = offered_names(self.key)
        kept = self.show(self.data) if self.data is not None else ""
        if kept and kept not in names:
            names.append(kept)  # A record keeps a value that is no longer offered.
        return [(name, name) for name in names]

    def show(self, value: Any) -> str:
        """Return the name of a value."""
        option = session.get(Option, value)
        return option.name if option is not None else ""

    def parse(self, text: str) -> int:
        """Return the id; raises ValidationError listing what is offered."""
        option = find_option(self.key, text)
        if option is None:  # It is named by its id, or the list was never opened.
            listed = open_list(self.key)
            option = find_option(self.key, text) or _by_id(text)
            option = option if option is not None and option.list_id == listed.id else None
        if option is None:
            raise ValidationError(
                "choice.unknown",
                _("'%(value)s' is not one of: %(choices)s."),
                value=text,
                choices=", ".join(str(name) for name, _label in self._names()),
            )
        return option.id


def _by_id(text: str) -> Option | None:
    key = read_id(text)
    return session.get(Option, key) if key is not None else None
