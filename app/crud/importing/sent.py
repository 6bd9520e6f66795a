"""A sheet that was sent with the form of a page: read at once, and not kept."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import request

from app.crud.importing.reading import read_rows
from app.errors import ValidationError
from app.i18n import _

_LONGEST_NAME = 200


@dataclass(frozen=True)
class SentSheet:
    """The name of the file, and its filled rows, each with its number in the file."""

    name: str
    rows: list[tuple[int, list[str]]]


def sent_sheet(field: str, *, maximum_rows: int) -> SentSheet:
    """Return the Excel or CSV file that the present form sent in this field, as far as it is filled.

    Raises ValidationError where none was chosen, and for one that cannot be read or has too many rows.
    """
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise ValidationError("import.no_file", _("Choose a file first."), field=field)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{Path(sent.filename).suffix.lower()[:6]}"
        sent.save(path)
        return SentSheet(sent.filename[-_LONGEST_NAME:], read_rows(path, maximum_rows=maximum_rows))
