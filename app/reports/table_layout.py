"""Laying a table out on pages: which way round, how large, how wide each column, which rows on which page.

Lengths are millimetres, font sizes points. Nothing is drawn here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.reports.definition import ReportColumn
from app.reports.line_breaking import break_lines

MARGIN, PADDING = 12.0, 1.3
_SIDES = {"a4": (("P", 210.0, 297.0), ("L", 297.0, 210.0)), "a5": (("L", 210.0, 148.0),)}
_SIZES = (9.0, 8.0, 7.0, 6.0)
_LINE = 0.50  # Line height for each point of font size.
_WIDEST, _NARROWEST = 62.0, 14.0
_HEAD_ROOM, _FOOT_ROOM = 20.0, 6.0

Widths = Callable[[str], float]


@dataclass(frozen=True)
class Slice:
    """A row, or as much of it as fits on a page: the lines of each cell."""

    cells: list[list[str]]
    is_total: bool = False
    goes_on: bool = False

    @property
    def depth(self) -> int:
        """The number of lines of the longest cell."""
        return max(len(lines) for lines in self.cells)

    def cut(self, depth: int) -> tuple["Slice", "Slice"]:
        """Return the first lines and the rest."""
        first = Slice([lines[:depth] for lines in self.cells], self.is_total, goes_on=True)
        return first, Slice([lines[depth:] for lines in self.cells], self.is_total)


@dataclass(frozen=True)
class TableLayout:
    """A page's measures and the columns' widths, chosen so that the table fits."""

    orientation: str
    size: float
    widths: list[float]
    page_width: float
    page_height: float
    width_of: Widths  # A character's width at one point.

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.page_width - 2 * MARGIN

    @property
    def top(self) -> float:
        """Where the table begins."""
        return MARGIN + _HEAD_ROOM

    @property
    def line_height(self) -> float:
        """The distance from line to line."""
        return self.size * _LINE

    def height(self, row: Slice) -> float:
        """Return the height of a row."""
        return row.depth * self.line_height + 2 * PADDING

    def text_width(self, text: str, size: float | None = None) -> float:
        """Return the width of a line."""
        return sum(map(self.width_of, text)) * (size or self.size)

    def slice(self, cells: Sequence[str], *, is_total: bool = False) -> Slice:
        """Return a row with its cells broken into lines."""
        rooms = [(width - 2 * PADDING) / self.size + 1e-6 for width in self.widths]
        lines = [break_lines(cell, room, self.width_of) for cell, room in zip(cells, rooms, strict=True)]
        return Slice(lines, is_total)

    def paginate(self, labels: Slice, rows: Sequence[Slice], last_room: float) -> list[list[Slice]]:
        """Share the rows out to pages, below the labels; `last_room` is kept free at the end of the last page.

        A row taller than a page goes on overleaf. Neither totals nor the last room stand alone on a page.
        """
        capacity = self.page_height - MARGIN - _FOOT_ROOM - self.top - self.height(labels)
        pages: list[list[Slice]] = [[]]
        left, waiting = capacity, list(reversed(rows))
        while waiting:
            row = waiting.pop()
            kept = 0.0 if waiting else last_room
            fitting = int((left - kept - 2 * PADDING) / self.line_height + 1e-6)
            if row.depth <= fitting:
                pages[-1].append(row)
                left -= self.height(row)
                continue
            if self.height(row) > capacity - kept and fitting > 0:
                first, row = row.cut(min(fitting, row.depth - 1))
                pages[-1].append(first)
            elif row.is_total and len(pages[-1]) > 1:
                waiting.append(row)
                row = pages[-1].pop()
            waiting.append(row)
            pages.append([])
            left = capacity
        return pages


def lay_out(
    columns: Sequence[ReportColumn],
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    width_of: Widths,
    *,
    paper: str = "a4",
) -> TableLayout:
    """Choose the largest font size, and then portrait before landscape, at which the columns fit unbroken.

    Text wider than 62 mm wraps. Where nothing fits, text columns give way, in landscape, at the size that allows it.
    """
    natural = [_widest(label, [row[index] for row in rows], width_of) for index, label in enumerate(labels)]
    for size in _SIZES:
        wanted = [width * size + 2 * PADDING for width in natural]
        wishes = [min(width, _WIDEST) for width in wanted]
        least = [
            min(wish, _NARROWEST) if column.kind in {"text", "choice"} else wish
            for column, wish in zip(columns, wishes, strict=True)
        ]
        for orientation, page_width, page_height in _SIDES[paper]:
            room = page_width - 2 * MARGIN
            if sum(wishes) <= room:
                return TableLayout(orientation, size, _share(wishes, wishes, room), page_width, page_height, width_of)
        if sum(least) <= room:
            break
    return TableLayout(orientation, size, _share(least, wishes, room), page_width, page_height, width_of)


def _widest(label: str, cells: Sequence[str], width_of: Widths) -> float:
    lines = {line for cell in cells for line in cell.split("\n")} | {label}
    return max(sum(map(width_of, line)) for line in lines)


def _share(least: Sequence[float], wishes: Sequence[float], room: float) -> list[float]:
    """Give each column its least, what is left to those that wish for more, and fill the page in proportion."""
    wanting = sum(wishes) - sum(least)
    granted = min(1.0, max(room - sum(least), 0.0) / wanting) if wanting else 0.0
    widths = [floor + (wish - floor) * granted for floor, wish in zip(least, wishes, strict=True)]
    return [width * room / sum(widths) for width in widths]
