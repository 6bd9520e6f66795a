"""Excel files of any length in constant memory: exact values, real dates and numbers, nothing that runs."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from app.reports.definition import ColumnKind, ReportColumn
from app.reports.sheet_cells import StreamedWorksheet, clean_text, head_encoders, number_in_excel, sheet_encoders
from app.reports.totals import ColumnTotals

Progress = Callable[[int, int], None]
ROWS_PER_SHEET = 1_048_575  # Excel's rows, the head not counted.
ROWS_PER_PROGRESS = 2_000
_NUMBER_FORMATS: dict[ColumnKind, str] = {
    "integer": "#,##0",
    "money": "#,##0.00",
    "percent": "0.00%",
    "duration": "[h]:mm",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_WIDTHS: dict[ColumnKind, int] = {
    "text": 20,
    "integer": 10,
    "quantity": 12,
    "money": 14,
    "percent": 10,
    "duration": 12,
    "date": 12,
    "datetime": 17,
    "choice": 12,
    "bool": 8,
}
_HEAD = {"bold": True, "bg_color": "#E3F4F0", "bottom": 1, "bottom_color": "#0B7A66"}
_WIDEST_PAGE = 260  # Characters: printed on one page in width, what is wider could not be read.
_LONGEST_HEADER = 255  # Signs that Excel takes, with its codes.
_FORBIDDEN_IN_NAMES = re.compile(r"[\x00-\x1f\ud800-\udfff\[\]:*?/\\]")
_LONGEST_NAME = 31


def write_sheet(
    columns: Sequence[ReportColumn],
    rows: Iterable[Sequence[Any]],
    target: str | Path | IO[bytes],
    *,
    title: str,
    zone: dt.tzinfo,
    above: tuple[str, str] = ("", ""),
    progress: Progress | None = None,
    expected: int = 0,
) -> int:
    """Write rows, each with a value for each column, as an Excel file; return how many there were.

    Printed, every page has the title and its number, and what stands `above` it at the left and at the right. Instants
    are written on the wall clock of `zone`. Columns marked total are summed under the last row. `progress` is told
    (rows done, rows expected). Beyond Excel's limit the rows go on on another sheet with the same head.
    """
    with Workbook(str(target) if isinstance(target, Path) else target, {"constant_memory": True}) as workbook:
        workbook.set_properties({"title": clean_text(title)})
        book = _Book(workbook, columns, title, zone, _page_header(title, *above))
        totals, done = ColumnTotals(columns), 0
        for values in totals.watch(rows) if totals else rows:
            book.append(values)
            done += 1
            if progress and done % ROWS_PER_PROGRESS == 0:
                progress(done, max(done, expected))
        book.finish(totals)
    if progress:
        progress(done, done)
    return done


class _Book:
    """One file being written: its formats, and the sheet and row it has come to."""

    def __init__(
        self, workbook: Workbook, columns: Sequence[ReportColumn], title: str, zone: dt.tzinfo, header: str
    ) -> None:
        self._workbook, self._columns, self._title, self._header = workbook, columns, title, header
        head, right = (workbook.add_format({**_HEAD, "align": side}) for side in ("left", "right"))
        self._heads = [right if column.is_number else head for column in columns]
        self._quoted = workbook.add_format({"quote_prefix": True})
        formats = [self._format(column) for column in columns]
        self._encoders = sheet_encoders(columns, formats, quoted=self._quoted, zone=zone)
        self._number = 0
        self._open_sheet()

    def append(self, values: Sequence[Any]) -> None:
        """Write the next row."""
        if self._row == ROWS_PER_SHEET:
            self._close_sheet()
            self._open_sheet()
        self._row += 1
        self._sheet.append_row(self._row, values, self._encoders)

    def finish(self, totals: ColumnTotals) -> None:
        """Write the totals, if any, and close the last sheet."""
        self._close_sheet()
        if not totals:
            return
        if self._row == ROWS_PER_SHEET:
            self._open_sheet()
        sums, row = totals.by_name(), self._row + 1
        labels = iter([gettext("Total")])
        for index, column in enumerate(self._columns):
            bold = self._format(column, {"bold": True, "top": 1})
            if column.name in sums:
                self._sheet.write_number(row, index, number_in_excel(column, sums[column.name]), bold)
            elif label := next(labels, ""):
                self._sheet.write_string(row, index, label, bold)
            else:
                self._sheet.write_blank(row, index, None, bold)

    def _open_sheet(self) -> None:
        self._number += 1
        self._row = 0
        self._sheet = self._workbook.add_worksheet(_sheet_name(self._title, self._number), StreamedWorksheet)
        widths = [column.width or _WIDTHS[column.kind] for column in self._columns]
        for index, width in enumerate(widths):
            self._sheet.set_column(index, index, width)
        labels = [str(column.label) for column in self._columns]
        self._sheet.append_row(0, labels, head_encoders(self._heads))
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        if sum(widths) <= _WIDEST_PAGE:
            self._sheet.fit_to_pages(1, 0)
        self._sheet.set_header(self._header)
        self._sheet.set_footer("&R" + gettext("Page %(page)s of %(pages)s", page="&P", pages="&N"))

    def _close_sheet(self) -> None:
        last = len(self._columns) - 1
        self._sheet.autofilter(0, 0, self._row, last)
        # Phone numbers are text on purpose: no green corners.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._row + 1}"})

    def _format(self, column: ReportColumn, more: dict[str, Any] | None = None) -> Format | None:
        number = _NUMBER_FORMATS.get(column.kind)
        properties = {**({"num_format": number} if number else {}), **(more or {})}
        if number and not column.is_number:  # Excel sets days flush right, away from their heading.
            properties["align"] = "left"
        return self._workbook.add_format(properties) if properties else None


def _page_header(title: str, at_left: str, at_right: str) -> str:
    """Return what Excel prints above each page. Its codes begin with "&", so one of a text is doubled."""
    left, middle, right = (
        clean_text(text).replace("\n", " ").replace("&", "&&") for text in (at_left, title, at_right)
    )
    header = f"&L{left}&C&B{middle}&B&R{right}"
    return header if len(header) <= _LONGEST_HEADER else f"&C&B{middle[:200]}"


def _sheet_name(title: str, number: int) -> str:
    """Return a name that Excel accepts, different for each sheet."""
    ending = "" if number == 1 else f" ({number})"
    name = _FORBIDDEN_IN_NAMES.sub(" ", title).encode("utf-16-le")[: 2 * (_LONGEST_NAME - len(ending))]
    text = name.decode("utf-16-le", "ignore").strip().strip("'").strip()
    return (text if text and text.lower() != "history" else "Sheet") + ending
