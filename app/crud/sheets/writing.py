"""Writing the sheet: what cannot be changed is locked, what identifies a row is hidden and sealed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from app.crud.fields import DayField, DecimalField, InstantField, LongTextField, WholeNumberField
from app.crud.listing import ListQuery
from app.crud.personal import is_own_reading
from app.crud.sheets.columns import SheetColumn, is_exact, reference_choices, sheet_columns, value_in
from app.crud.sheets.seal import seal_row
from app.i18n import _
from app.reports.sheet_cells import clean_text

if TYPE_CHECKING:
    from app.crud.view import CrudView

HIDDEN = ("id", "version", "seal")
HEAD_ROWS = 2  # The names of the columns, hidden, and their labels.
BLANK_ROWS = 100  # For new records.
_FORMULA_START = ("=", "+", "-", "@", "\t")
_ACCENT = "#E3F4F0"


class SheetWriter:
    """One workbook being written: the records, the words of its lists, and how to use it."""

    def __init__(self, view: "CrudView", actor: User, target: Path | IO[bytes]) -> None:
        self.view, self.actor = view, actor
        self.columns = sheet_columns(view, actor)
        self.count = 0
        self.clear: set[str] = set()  # The personal columns that it shows in clear.
        self._book = Workbook(str(target) if isinstance(target, Path) else target, {"constant_memory": True})
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._sheet = self._book.add_worksheet("Data")
        self._guide = self._book.add_worksheet(str(_("How to"))[:31])
        self._lists = self._book.add_worksheet("Lists")

    def write(self, query: ListQuery, *, progress: Any = None, expected: int = 0) -> int:
        """Write every record of the query; return how many there are."""
        lists = [self._choices(column) for column in self.columns]
        for records in query.chunks():
            for record in records:
                self._write_record(record)
                self.count += 1
            if progress:
                progress(self.count, expected)
        self._write_blanks()
        self._sheet.autofilter(1, len(HIDDEN), HEAD_ROWS + self.count, len(HIDDEN) + len(self.columns) - 1)
        self._write_lists(lists)
        self._write_guide()
        self._book.close()
        return self.count

    def begin(self, expected: int) -> None:
        """Write the two rows of the head; the hidden one says how many records leave."""
        names = ["id", "version", f"seal:{expected}", *(column.name for column in self.columns)]
        self._sheet.set_row(0, None, None, {"hidden": True})
        head = self._format(bold=True, bg_color=_ACCENT, bottom=1, bottom_color="#0B7A66")
        for place, name in enumerate(names):
            self._sheet.write_string(0, place, name)
        for place, label in enumerate([*HIDDEN, *map(self._label, self.columns)]):
            self._sheet.write_string(1, place, clean_text(label), head)
        self._sheet.set_column(0, len(HIDDEN) - 1, None, None, {"hidden": True})
        for place, column in enumerate(self.columns, start=len(HIDDEN)):
            wide = 34 if isinstance(column.field, LongTextField) else 12 if _is_short(column) else 20
            self._sheet.set_column(place, place, wide)
        self._sheet.freeze_panes(HEAD_ROWS, len(HIDDEN) + 1)
        self._sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})

    def _write_record(self, record: Any) -> None:
        row, texts, is_others = HEAD_ROWS + self.count, {}, not is_own_reading(record, self.actor)
        for place, column in enumerate(self.columns, start=len(HIDDEN)):
            value, is_masked = value_in(self.view, column, record, self.actor)
            if column.name in self.view.personal and value is not None and not is_masked and is_others:
                self.clear.add(column.name)
            texts[column.name] = column.text(value)
            self._write(row, place, value, column, is_open=column.changes and not is_masked)
        self._sheet.write_number(row, 0, record.id)
        self._sheet.write_number(row, 1, record.version)
        self._sheet.write_string(row, 2, seal_row(self.view.resource, record.id, record.version, texts))

    def _write_blanks(self) -> None:
        if not any(column.fills for column in self.columns):
            return
        for row in range(HEAD_ROWS + self.count, HEAD_ROWS + self.count + BLANK_ROWS):
            for place, column in enumerate(self.columns, start=len(HIDDEN)):
                self._write(row, place, None, column, is_open=column.fills)

    def _write(self, row: int, place: int, value: Any, column: SheetColumn, *, is_open: bool) -> None:
        if isinstance(value, int | Decimal) and not is_exact(value):
            value = f"{value:f}"
        style = self._style(column, value, is_open=is_open)
        if value is None:
            self._sheet.write_blank(row, place, None, style)
        elif isinstance(value, dt.date):
            self._sheet.write_datetime(row, place, value, style)
        elif isinstance(value, int | Decimal):
            self._sheet.write_number(row, place, value, style)
        else:
            self._sheet.write_string(row, place, value, style)

    def _style(self, column: SheetColumn, value: Any, *, is_open: bool) -> Any:
        style: dict[str, Any] = {"locked": not is_open}
        if not is_open:
            style["font_color"] = "#6B7280"
        if isinstance(column.field, DayField):
            style["num_format"] = "yyyy-mm-dd"
        elif isinstance(column.field, InstantField):
            style["num_format"] = "yyyy-mm-dd hh:mm"
        elif isinstance(column.field, DecimalField) and column.field.places == 2:
            style["num_format"] = "#,##0.00"
        elif not isinstance(column.field, DecimalField | WholeNumberField):
            style["num_format"] = "@"  # A number that is typed into a text, such as a phone's, stays as it is.
        if isinstance(value, str) and value.startswith(_FORMULA_START):
            style["quote_prefix"] = True
        return self._format(**style)

    def _format(self, **style: Any) -> Any:
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]

    def _label(self, column: SheetColumn) -> str:
        return f"{column.label}*" if column.field is not None and column.field.flags.required else column.label

    def _choices(self, column: SheetColumn) -> list[str]:
        return column.choices or reference_choices(column, self.actor)

    def _write_lists(self, lists: Sequence[list[str]]) -> None:
        """Put the words of the drop-down lists on a hidden sheet: Excel's own lists hold few, and no commas."""
        depth = max((len(words) for words in lists), default=0)
        for row in range(depth):
            for place, words in enumerate(lists):
                if row < len(words):
                    self._lists.write_string(row, place, clean_text(words[row]))
        last = HEAD_ROWS + self.count + BLANK_ROWS - 1
        for place, words in enumerate(lists):
            if words:
                first, end = (xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True) for row in (0, len(words) - 1))
                rule = {
                    "validate": "list",
                    "source": f"=Lists!{first}:{end}",
                    "error_title": str(_("Not on the list"))[:32],
                    "error_message": str(_("Choose one of the list, or leave the cell as it was."))[:255],
                }
                self._sheet.data_validation(HEAD_ROWS, place + len(HIDDEN), last, place + len(HIDDEN), rule)
        self._lists.hide()
        self._lists.protect()

    def _write_guide(self) -> None:
        bold, wrapped = self._format(bold=True, font_size=14), self._format(text_wrap=True, valign="top")
        self._guide.set_column(0, 0, 96)
        self._guide.write_string(0, 0, clean_text(str(self.view.title)), bold)
        for row, line in enumerate(self._instructions(), start=2):
            self._guide.write_string(row, 0, str(line), wrapped)
        self._guide.protect()

    def _instructions(self) -> Iterable[Any]:
        yield _("1. Change the cells in black. Grey cells are locked: you may not change them, or they are masked.")
        yield _("2. An empty cell clears the value. A heading with a star needs one.")
        if any(column.fills for column in self.columns):
            yield _("3. New records go into the empty rows below the last one.")
        yield _("4. A row that you delete here is left alone; the record stays.")
        yield _("5. Save the file as .xlsx and drop it on the list, or send it under 'Edit in Excel'.")
        yield _(
            "6. You see every change, old and new, before anything is saved. A record that somebody else has changed "
            "meanwhile is not overwritten: it is named, with who changed it and when."
        )
        yield _("7. The hidden columns say which record a row is. Do not change them, or the row is refused.")


def write_records(
    view: "CrudView", query: ListQuery, actor: User, target: Path | IO[bytes], *, progress: Any = None
) -> SheetWriter:
    """Write the sheet of a query; return its writer, which knows how many rows left and what they show in clear."""
    expected = query.count(cap=None)
    writer = SheetWriter(view, actor, target)
    writer.begin(expected)
    writer.write(query, progress=progress, expected=expected)
    return writer


def _is_short(column: SheetColumn) -> bool:
    return isinstance(column.field, DayField | DecimalField | WholeNumberField) or bool(column.choices)
