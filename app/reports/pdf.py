"""Reports on paper: a table over as many A4 pages as it needs, in any script, made by a Python library alone."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext

from app.errors import ValidationError
from app.i18n import _
from app.reports.arguments import describe_arguments
from app.reports.cells import CellText, cell_text
from app.reports.definition import Report, ReportColumn
from app.reports.filters import ReportArguments
from app.reports.page_head import PageHead
from app.reports.totals import ColumnTotals

MOST_PRINTED_ROWS = 5_000


def write_pdf(
    report: Report,
    arguments: ReportArguments,
    rows: Iterable[Sequence[Any]],
    target: str | Path | IO[bytes],
    *,
    company: str,
    printed_at: dt.datetime,
    printed_by: str,
) -> int:
    """Write a report's rows as printable pages, and return how many there were. See `print_table`."""
    head = PageHead(company, str(report.title), printed_at, printed_by, describe_arguments(report, arguments))
    signatures = [str(words) for words in report.signatures]
    return print_table(report.columns, rows, target, head=head, zone=arguments.zone, signatures=signatures)


def print_table(
    columns: Sequence[ReportColumn],
    rows: Iterable[Sequence[Any]],
    target: str | Path | IO[bytes],
    *,
    head: PageHead,
    zone: dt.tzinfo,
    signatures: Sequence[str] = (),
) -> int:
    """Write rows, each with a value for each column, as a printable table; return how many there were.

    Raises ValidationError for more than 5,000 rows: nobody prints them. The same arguments give the same bytes.
    """
    from app.reports.pdf_table import TablePdf  # noqa: PLC0415  # 18 MB, paid by the first process that prints.

    totals = ColumnTotals(columns)
    words = [cell_text(column, zone) for column in columns]
    table = [
        [word(value) for word, value in zip(words, values, strict=True)]
        for values in islice(totals.watch(rows), MOST_PRINTED_ROWS + 1)
    ]
    if len(table) > MOST_PRINTED_ROWS:
        message = _("A printed report holds at most %(limit)s rows. Narrow the filters, or export to Excel.")
        raise ValidationError("reports.too_long_to_print", message, limit=MOST_PRINTED_ROWS)
    document = TablePdf(columns, head, zone)
    document.draw(table, _total_cells(columns, words, totals) if totals and table else None, signatures)
    document.save(target)
    return len(table)


def print_documents(
    documents: Sequence[tuple[PageHead, Sequence[tuple[str, str]]]],
    target: str | Path | IO[bytes],
    *,
    zone: dt.tzinfo,
    signatures: Sequence[str] = (),
) -> None:
    """Write documents one after the other, at least one: on pages of its own, its head, then (label, words) by line."""
    from app.reports.pdf_table import TablePdf, new_file  # noqa: PLC0415  # As above.

    columns = (ReportColumn("field", _("What"), width=18), ReportColumn("value", _("Content"), width=60))
    file = new_file(documents[0][0])
    for head, lines in documents:
        document = TablePdf(columns, head, zone, file=file)
        document.draw(lines, None, signatures)
    document.save(target)


def _total_cells(columns: Sequence[ReportColumn], words: Sequence[CellText], totals: ColumnTotals) -> list[str]:
    sums = totals.by_name()
    named = zip(columns, words, strict=True)
    cells = [word(sums[column.name]) if column.name in sums else "" for column, word in named]
    if "" in cells:
        cells[cells.index("")] = gettext("Total")
    return cells
