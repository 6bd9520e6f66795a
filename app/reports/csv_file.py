"""The same rows as a CSV file, for programs that want no Excel."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import IO, Any

from app.reports.cells import cell_text
from app.reports.definition import ReportColumn

# A spreadsheet program runs a cell that begins so; the full-width forms too, in Chinese versions.
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_csv(
    columns: Sequence[ReportColumn], rows: Iterable[Sequence[Any]], target: IO[bytes], *, zone: dt.tzinfo
) -> int:
    """Write rows as UTF-8 with a byte order mark, so that Excel sees Chinese; return how many there were.

    A text that would run as a formula gets an apostrophe before it; a number keeps its minus.
    """
    text = TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(str(column.label)) for column in columns])
    words = [(cell_text(column, zone), column.is_number) for column in columns]
    count = 0
    for values in rows:
        count += 1
        writer.writerow(
            [
                _plain_number(word(value)) if is_number else _harmless(word(value))
                for (word, is_number), value in zip(words, values, strict=True)
            ]
        )
    text.flush()
    text.detach()
    return count


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA_START) else text


def _plain_number(text: str) -> str:
    """Return a number without separators; what is no number, such as a masked value, is made harmless."""
    plain = text.replace(",", "")
    return plain if plain.lstrip("-").replace(".", "").removesuffix("%").isdigit() else _harmless(text)
