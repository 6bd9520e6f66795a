"""Cells as XlsxWriter's constant-memory mode keeps them: text, written a row at a time.

XlsxWriter checks and stores each cell before it writes it. A list export has one kind per column, so each column gets
one encoder, and a row is one write: about three times as fast. A test holds that both give the same sheet, byte for
byte.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import InvalidOperation
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from app.reports.cells import CellText, choice_words, local
from app.reports.definition import ReportColumn
from app.reports.words import bool_word

Encoder = Callable[[Any], str]
LONGEST_TEXT = 32_767  # UTF-16 units: what an Excel cell holds.
CUT_MARK = "…"
_EXACT = 10**15  # Excel keeps 15 digits; a longer whole number is written as text, so that it stays exact.
_NEVER_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PECULIAR = re.compile("[\x00-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^[\\s=+\\-@]|\\s$")
_LOOKS_ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)")
_FORMULA_START = ("=", "+", "-", "@", "\t")
_EPOCH = dt.datetime(1899, 12, 31)  # noqa: DTZ001  # Excel's first day, on the wall clock.
_LEAP_FAULT = 59  # Excel believes in 1900-02-29, the day after this one.
_SECONDS, _MINUTES = 86_400, 1_440  # Of a day.


class StreamedWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter carries no types.
    """A worksheet that also takes whole rows of encoded cells, in order, before anything is written cell by cell."""

    def append_row(self, row: int, values: Sequence[Any], encoders: Sequence[tuple[str, Encoder]]) -> None:
        """Write one row; `encoders` holds each column's letters and encoder."""
        if self.dim_rowmin is None:
            self._check_dimensions(row, 0)
            self._check_dimensions(row, len(encoders) - 1)
        number = row + 1
        cells = [
            f'<c r="{letters}{number}"{encode(value)}'
            for (letters, encode), value in zip(encoders, values, strict=True)
            if value is not None and value != ""
        ]
        if cells:
            self.row_data_fh.write(f'<row r="{number}">{"".join(cells)}</row>')
        self.previous_row = number
        self.dim_rowmax = row


def sheet_encoders(
    columns: Sequence[ReportColumn], formats: Sequence[Format | None], *, quoted: Format, zone: dt.tzinfo
) -> list[tuple[str, Encoder]]:
    """Return each column's letters and encoder. `quoted` is the format of a text that looks like a formula."""
    text = _text_encoder("", _style(quoted))
    return [
        (xl_col_to_name(index), _encoder(column, _style(cell_format), text, zone))
        for index, (column, cell_format) in enumerate(zip(columns, formats, strict=True))
    ]


def head_encoders(formats: Sequence[Format]) -> list[tuple[str, Encoder]]:
    """Return the letters and encoder of each cell of the head."""
    styles = [_style(cell_format) for cell_format in formats]
    return [(xl_col_to_name(index), _text_encoder(style, style)) for index, style in enumerate(styles)]


def _encoder(column: ReportColumn, style: str, text: Encoder, zone: dt.tzinfo) -> Encoder:
    match column.kind:
        case "integer" | "quantity" | "money" | "percent":
            return _number_encoder(style, text)
        case "duration":
            return _duration_encoder(column, style, text)
        case "date":
            return _date_encoder(style, text)
        case "datetime":
            return _instant_encoder(style, text, zone)
        case "choice":
            return _words_encoder(choice_words(column), text)
        case "bool":
            return _words_encoder(bool_word, text)
    return text


def _style(cell_format: Format | None) -> str:
    # XlsxWriter numbers a format when it is first used; only this private method asks for the number.
    return "" if cell_format is None else f' s="{cell_format._get_xf_index()}"'  # noqa: SLF001


def _text_encoder(style: str, formula_style: str) -> Encoder:
    search, unsurely_long = _PECULIAR.search, LONGEST_TEXT // 2

    def encode(value: Any) -> str:
        string = value if type(value) is str else str(value)
        if len(string) <= unsurely_long and search(string) is None:
            return f'{style} t="inlineStr"><is><t>{string}</t></is></c>'
        string = _shorten(clean_text(string))
        kept = ' xml:space="preserve"' if string != string.strip() else ""
        styled = formula_style if string.startswith(_FORMULA_START) else style
        string = _LOOKS_ESCAPED.sub(r"_x005F\1", string)
        string = string.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f'{styled} t="inlineStr"><is><t{kept}>{string}</t></is></c>'

    return encode


def clean_text(string: str) -> str:
    """Return the text without what no XML file may hold, and with plain line ends."""
    return _NEVER_IN_XML.sub("", string.replace("\r\n", "\n").replace("\r", "\n"))


def _shorten(string: str) -> str:
    """Cut a text to what a cell holds, and mark the cut."""
    encoded = string.encode("utf-16-le")
    if len(encoded) <= 2 * LONGEST_TEXT:
        return string
    return encoded[: 2 * (LONGEST_TEXT - len(CUT_MARK))].decode("utf-16-le", "ignore") + CUT_MARK


def _number_encoder(style: str, text: Encoder) -> Encoder:
    def encode(value: Any) -> str:
        try:
            if -_EXACT < value < _EXACT:
                return f"{style}><v>{value:.16G}</v></c>"
        except (TypeError, InvalidOperation):  # A masked value, or a Decimal that is no number.
            pass
        return text(value)

    return encode


def number_in_excel(column: ReportColumn, value: Any) -> Any:
    """Return a number as Excel keeps it: a duration, which is in minutes here, in days."""
    return value / _MINUTES if column.kind == "duration" else value


def _duration_encoder(column: ReportColumn, style: str, text: Encoder) -> Encoder:
    number = _number_encoder(style, text)

    def encode(value: Any) -> str:
        return number(number_in_excel(column, value)) if isinstance(value, int) else text(value)

    return encode


def _date_encoder(style: str, text: Encoder) -> Encoder:
    epoch = _EPOCH.toordinal()

    def encode(value: Any) -> str:
        if not isinstance(value, dt.date):
            return text(value)
        days = value.toordinal() - epoch
        if days < 1:  # Excel knows no day before 1900.
            return text(value)
        return f"{style}><v>{days + (days > _LEAP_FAULT)}</v></c>"

    return encode


def _instant_encoder(style: str, text: Encoder, zone: dt.tzinfo) -> Encoder:
    def encode(value: Any) -> str:
        if not isinstance(value, dt.datetime):
            return text(value)
        wall = local(value, zone)
        passed = wall - _EPOCH
        if passed.days < 1:
            return text(wall)
        days = passed.days + (float(passed.seconds) + passed.microseconds / 1e6) / _SECONDS
        return f"{style}><v>{days + (days > _LEAP_FAULT):.16G}</v></c>"

    return encode


def _words_encoder(word: CellText, text: Encoder) -> Encoder:
    """Return an encoder for few values: each is worded and encoded once."""
    known: dict[Any, str] = {}

    def encode(value: Any) -> str:
        try:
            return known[value]
        except KeyError:
            encoded = known[value] = text(word(value))
            return encoded

    return encode
