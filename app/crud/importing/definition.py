"""What a view takes from a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.errors import Text


@dataclass(frozen=True)
class ImportColumn:
    """One column of the file: the name of the form field it fills, and what its heading may be called.

    The headings are the field's label in every language, its name, and `aliases`.
    """

    name: str
    aliases: Sequence[str] = ()
    example: str = ""


@dataclass(frozen=True)
class Importer:
    """Rows go through the view's own add form and create service, so a file obeys the rules of the screen.

    With `lines`, columns of the view's lines, a row is a line: it belongs to the record of the row above while what
    stands under `groups_by` is the same, or nothing does.
    """

    columns: Sequence[ImportColumn]
    hint: Text = ""
    lines: Sequence[ImportColumn] = ()
    groups_by: str = ""
    fixed: dict[str, str] = field(default_factory=dict)  # Form values that every row gets, such as the source.
    warn: Callable[[Any], Text | None] | None = None  # What to say of a record that is saved all the same.
