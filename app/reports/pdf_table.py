"""Drawing a laid-out table: heads, rows, totals, page numbers, lines to sign on."""

import datetime as dt
import io
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, cast

from flask_babel import gettext
from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from app.reports.cells import local
from app.reports.definition import ReportColumn
from app.reports.fonts import cjk_font_path
from app.reports.line_breaking import break_lines
from app.reports.page_head import PageHead
from app.reports.table_layout import MARGIN, PADDING, Slice, TableLayout, lay_out

Colour = tuple[int, int, int]
_INK, _GREY, _TINT, _RULE, _ACCENT = (29, 36, 48), (95, 105, 120), (227, 244, 240), (214, 219, 226), (11, 122, 102)
_FONT, _MISSING_GLYPH, _INVISIBLE = "cjk", "□", frozenset({"Cc", "Cf", "Cs", "Mn"})
_SMALL, _MIDDLE, _TITLE = 8.0, 9.0, 15.0
_BASELINE = 0.76  # Where a line's characters stand, as a share of its height.
_SIGNATURE_ROOM, _SIGNATURE_LENGTH = 20.0, 46.0
_FOOTER_LINE, _LOGO_WIDTH, _LOGO_HEIGHT, _SEAL = 4.5, 40.0, 14.0, 38.0  # A company chop measures 38 to 42 mm.


class TablePdf:
    """One document: draw a table, then save it. The same arguments give the same bytes."""

    _layout: TableLayout

    def __init__(
        self, columns: Sequence[ReportColumn], head: PageHead, zone: dt.tzinfo, *, file: FPDF | None = None
    ) -> None:
        """Begin a `file`, or go on in one, on a page of its own."""
        self._columns, self._head, self._zone = columns, head, zone
        self._pdf = new_file(head) if file is None else file
        self._font = cast("TTFFont", self._pdf.fonts[_FONT])

    def draw(self, table: Sequence[Sequence[str]], total: Sequence[str] | None, signatures: Sequence[str]) -> None:
        """Draw all pages: the rows, the totals, and lines to sign on."""
        rows = [self._printable(row) for row in table]
        last = [self._printable(total)] if total else []
        labels = self._printable([str(column.label) for column in self._columns])
        look, width_of = self._head.look, cache(self._char_width)
        self._layout = lay_out(self._columns, labels, [*rows, *last], width_of, paper=look.size)
        slices = [self._layout.slice(row) for row in rows] + [self._layout.slice(row, is_total=True) for row in last]
        heads = self._layout.slice(labels)
        footer = self._broken(look.footer)
        pages = self._layout.paginate(
            heads, slices, (_SIGNATURE_ROOM if signatures or footer else 0.0) + len(footer) * _FOOTER_LINE
        )
        for number, page in enumerate(pages, 1):
            self._draw_page(heads, page, number, len(pages))
        if not rows:
            below = self._layout.top + self._layout.height(heads) + 6
            self._text(gettext("Nothing to show."), MARGIN + PADDING, below, _GREY, _MIDDLE)
        self._draw_footer(footer)
        self._draw_signatures(self._printable(signatures))

    def save(self, target: str | Path | IO[bytes]) -> None:
        """Write the file."""
        content = bytes(self._pdf.output())
        if isinstance(target, str | Path):
            Path(target).write_bytes(content)
        else:
            target.write(content)

    def _draw_page(self, heads: Slice, page: Sequence[Slice], number: int, count: int) -> None:
        layout, pdf = self._layout, self._pdf
        sides = (layout.page_width, layout.page_height)
        pdf.add_page(orientation=layout.orientation, format=(min(sides), max(sides)))
        self._draw_head()
        self._draw_foot(number, count)
        pdf.set_fill_color(*_TINT)
        pdf.rect(MARGIN, layout.top, layout.room, layout.height(heads), style="F")
        y = layout.top
        for row in (heads, *page):
            self._draw_row(row, y, bold=row is heads or row.is_total)
            y += layout.height(row)
            if not row.goes_on:
                self._rule(MARGIN, y, layout.room, _ACCENT if row is heads else _RULE)

    def _draw_head(self) -> None:
        head = self._head
        company, title, subtitle = self._printable([head.look.title or head.company, head.title, head.subtitle])
        if head.look.logo is not None:
            self._picture(
                head.look.logo, MARGIN + self._layout.room - _LOGO_WIDTH, MARGIN - 4, _LOGO_WIDTH, _LOGO_HEIGHT
            )
        self._text(company, MARGIN, MARGIN + 3, _GREY, _MIDDLE)
        self._text(title, MARGIN, MARGIN + 10, _INK, _TITLE, bold=True)
        self._text(subtitle, MARGIN, MARGIN + 16, _GREY, _MIDDLE)

    def _draw_foot(self, number: int, count: int) -> None:
        at = f"{local(self._head.printed_at, self._zone):%Y-%m-%d %H:%M}"
        printed, page = self._printable(
            [
                gettext("Printed %(at)s by %(by)s", at=at, by=self._head.printed_by),
                gettext("Page %(page)s of %(pages)s", page=number, pages=count),
            ]
        )
        y, right = self._layout.page_height - MARGIN, MARGIN + self._layout.room
        self._text(printed, MARGIN, y, _GREY, _SMALL)
        self._text(page, right - self._layout.text_width(page, _SMALL), y, _GREY, _SMALL)

    def _draw_row(self, row: Slice, y: float, *, bold: bool) -> None:
        layout, x = self._layout, MARGIN
        for column, lines, width in zip(self._columns, row.cells, layout.widths, strict=True):
            for index, line in enumerate(lines):
                indent = width - PADDING - layout.text_width(line) if column.is_number else PADDING
                baseline = y + PADDING + (index + _BASELINE) * layout.line_height
                self._text(line, x + indent, baseline, _INK, layout.size, bold=bold)
            x += width

    def _broken(self, text: str) -> list[str]:
        """Return the lines of a text across the page."""
        (words,) = self._printable([text])
        return break_lines(words, self._layout.room / _MIDDLE, self._layout.width_of) if words else []

    def _draw_footer(self, lines: Sequence[str]) -> None:
        y = self._layout.page_height - MARGIN - _SIGNATURE_ROOM
        for index, line in enumerate(reversed(lines)):
            self._text(line, MARGIN, y - index * _FOOTER_LINE, _GREY, _MIDDLE)

    def _picture(self, content: bytes, x: float, y: float, width: float, height: float) -> None:
        self._pdf.image(io.BytesIO(content), x=x, y=y, w=width, h=height, keep_aspect_ratio=True)

    def _draw_signatures(self, signatures: Sequence[str]) -> None:
        y = self._layout.page_height - MARGIN - 6
        for index, words in enumerate(signatures):
            step = self._layout.room / len(signatures)
            self._rule(MARGIN + step * index, y - 4.5, min(_SIGNATURE_LENGTH, step - 6), _INK)
            self._text(words, MARGIN + step * index, y, _GREY, _SMALL)
        if self._head.look.seal is not None:
            self._picture(self._head.look.seal, MARGIN + self._layout.room - _SEAL, y - _SEAL + 2, _SEAL, _SEAL)

    def _rule(self, x: float, y: float, length: float, colour: Colour) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.line(x, y, x + length, y)

    def _text(self, text: str, x: float, y: float, colour: Colour, size: float, *, bold: bool = False) -> None:
        if not text:
            return
        self._pdf.set_font(_FONT, size=size)
        self._pdf.set_text_color(*colour)
        if not bold:
            self._pdf.text(x, y, text)
            return
        # The font has one weight: bold is the same outline, inked along its edge.
        with self._pdf.local_context(text_mode=TextMode.FILL_STROKE, line_width=0.2, draw_color=colour):
            self._pdf.text(x, y, text)

    def _char_width(self, char: str) -> float:
        """Return a character's width at one point."""
        return self._font.get_text_width(char, 1, None)[1] / self._pdf.k

    def _printable(self, texts: Sequence[str]) -> list[str]:
        """Return what the font can show: plain line ends, no invisible characters, a box for a missing glyph."""
        return [
            "".join(map(self._glyph, text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")))
            for text in texts
        ]

    def _glyph(self, char: str) -> str:
        if char == "\n" or ord(char) in self._font.cmap:
            return char
        return "" if unicodedata.category(char) in _INVISIBLE else _MISSING_GLYPH


def new_file(head: PageHead) -> FPDF:
    """Return an empty file that says who made it, and when."""
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.add_font(_FONT, fname=cjk_font_path())
    pdf.set_creation_date(head.printed_at)
    pdf.set_title(head.title)
    pdf.set_author(head.company)
    pdf.set_producer("Zhanggui")
    pdf.set_line_width(0.2)
    return pdf
