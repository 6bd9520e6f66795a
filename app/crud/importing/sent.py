"""A sheet that was sent with the form of a page: as a file, or as cells that were copied in a spreadsheet."""

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import request
from werkzeug.datastructures import FileStorage

from app.crud.importing.reading import read_rows
from app.errors import ValidationError
from app.i18n import _

_LONGEST_NAME = 200
PASTED = "pasted.csv"


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


def sent_or_pasted() -> FileStorage | None:
    """Return the file that the present form sent, else the cells that were pasted into it, as a file.

    Raises ValidationError for text that is no table.
    """
    sent, pasted = request.files.get("file"), request.form.get("pasted", "")
    if (sent is not None and sent.filename) or not pasted.strip():
        return sent
    target = io.StringIO(newline="")
    try:
        csv.writer(target).writerows(csv.reader(io.StringIO(pasted, newline=""), delimiter="\t"))
    except csv.Error as error:
        raise ValidationError("import.pasted", _("What was pasted is no table."), field="pasted") from error
    return FileStorage(io.BytesIO(target.getvalue().encode()), filename=PASTED)
