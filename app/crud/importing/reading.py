"""Reading a file that a stranger may have made: its size is checked before its content is read."""

import csv
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from app.crud.importing.csv_text import csv_rows, decode_csv
from app.errors import ValidationError
from app.i18n import _

LARGEST_UNPACKED = 200 * 2**20  # bytes; a real workbook of 200,000 rows stays below
LARGEST_RATIO = 200  # unpacked to packed; Excel reaches about 20
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
_ESCAPED = re.compile("_x(005F|000D)_")  # How Excel keeps an underscore before 'x0041_', and the end of a line.


class Table:
    """The headings and the rows of one file; a row is (number in the file, texts)."""

    def __init__(self, headings: list[str], rows: list[tuple[int, list[str]]]) -> None:
        self.headings, self.rows = headings, rows


def read_table(path: Path, *, maximum_rows: int) -> Table:
    """Return the first sheet of an xlsx, or a CSV as Excel or a bank writes it; its first filled row has the headings.

    Raises ValidationError as `read_rows` does.
    """
    first, *rows = read_rows(path, maximum_rows=maximum_rows, headings=1)
    headings = [heading.rstrip("*＊ ") for heading in first[1]]
    while headings and not headings[-1]:
        headings.pop()
    return Table(headings, rows)


def read_rows(path: Path, *, maximum_rows: int, headings: int = 0) -> list[tuple[int, list[str]]]:
    """Return the filled rows of a file, each with its number in it; there is at least one.

    So many rows of `headings` do not count. Raises ValidationError for another kind of file, a damaged one, one with
    more rows than allowed, or one that unpacks to far more than it weighs.
    """
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415  # Loaded by whoever reads a file.

    if path.suffix.lower() == ".xlsx":
        _check_archive(path)
        lines = _read_workbook(path)
    elif path.suffix.lower() == ".csv":
        lines = _read_csv(path)
    elif path.suffix.lower() == ".xls":
        message = _("This is a file of an old Excel. Open it there, and save it as .xlsx.")
        raise ValidationError("import.old_excel", message, field="file")
    else:
        raise ValidationError("import.kind", _("Send an .xlsx or a .csv file."), field="file")
    try:
        return _filled(lines, maximum_rows, headings)
    except (
        KeyError,
        ValueError,
        ParseError,
        DefusedXmlException,
        InvalidFileException,
        zipfile.BadZipFile,
        csv.Error,
        EOFError,
        OSError,
    ) as error:
        raise _damaged() from error


def _filled(lines: Iterator[list[Any]], maximum_rows: int, headings: int) -> list[tuple[int, list[str]]]:
    numbered = ((number, [_text(cell) for cell in line[:MOST_COLUMNS]]) for number, line in enumerate(lines, start=1))
    rows = list(itertools.islice((line for line in numbered if any(line[1])), headings + maximum_rows + 1))
    if not rows:
        raise ValidationError("import.empty", _("The file has no rows."), field="file")
    if len(rows) > headings + maximum_rows:
        raise ValidationError(
            "import.too_many", _("The file has more than %(limit)s rows. Split it."), field="file", limit=maximum_rows
        )
    return rows


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _damaged() from error
    if "[Content_Types].xml" not in names:
        raise _damaged()
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(path.stat().st_size, 1):
        raise ValidationError(
            "import.bomb",
            _("The file unpacks to more than %(limit)s MB. It was not read."),
            field="file",
            limit=LARGEST_UNPACKED // 2**20,
        )


def _read_workbook(path: Path) -> Iterator[list[Any]]:
    import openpyxl  # noqa: PLC0415  # As above.

    with path.open("rb") as file:  # Given a path, openpyxl leaves the file open where it fails.
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for row in workbook.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS):
            yield [_unescaped(cell) if isinstance(cell, str) else cell for cell in row]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "_" if found[1] == "005F" else "", text)


def _read_csv(path: Path) -> Iterator[list[Any]]:
    text = decode_csv(path.read_bytes())
    if text is None:
        raise _damaged()
    yield from csv_rows(text)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # A phone number typed as a number.
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat(sep=" ") if hasattr(cell, "hour") and hasattr(cell, "year") else cell.isoformat())
    return str(cell)[:LONGEST_CELL].strip()


def _damaged() -> ValidationError:
    return ValidationError(
        "import.damaged", _("The file cannot be read. Save it again as .xlsx or .csv."), field="file"
    )
