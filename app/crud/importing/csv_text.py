"""CSV as it comes: in the codes that Excel and banks write, parted by commas, semicolons, tabs or strokes."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from itertools import islice

_SEPARATORS = ",;\t|"  # The first one wins where two make as many cells.
_SAMPLED_ROWS = 60
_AS_TEXT = re.compile('="([^"]*)"')  # How a program keeps Excel from shortening a long number.


def decode_csv(raw: bytes) -> str | None:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB18030; None for anything else."""
    is_utf16 = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "gb18030"):  # Excel in China saves CSV in the last.
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def csv_rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row. Raises csv.Error for text that is no table."""
    for row in csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_separator(text)):
        yield [found[1] if (found := _AS_TEXT.fullmatch(cell)) else cell for cell in row]


def _separator(text: str) -> str:
    """Return what makes the most filled cells of the first rows; a comma unless it parts more than half of them."""
    filled = {one: _first_rows(text, one) for one in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda one: sum(filled[one]))
    is_table = 2 * sum(1 for cells in filled[best] if cells > 1) > len(filled[best])
    return best if is_table else _SEPARATORS[0]


def _first_rows(text: str, separator: str) -> list[int]:
    """Return how many filled cells each of the first filled rows has, with this separator."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    counts = (sum(1 for cell in row if cell.strip()) for row in rows)
    return list(islice((count for count in counts if count), _SAMPLED_ROWS))
