"""Report definitions, and what comes of them: rows, totals, charts, spreadsheets and printed pages."""

from app.reports.arguments import describe_arguments, read_arguments
from app.reports.csv_file import write_csv
from app.reports.definition import DrillDown, Report, ReportChart, ReportColumn
from app.reports.drawing import chart_of
from app.reports.filters import Period, ReportArguments, ReportFilter, this_month, today_as_period
from app.reports.page_head import PageHead
from app.reports.pdf import print_table, write_pdf
from app.reports.runner import RowCount, count_rows, list_opening_rows, list_rows, seen_by, stream_rows, sum_columns
from app.reports.spreadsheet import write_sheet

__all__ = [
    "DrillDown",
    "PageHead",
    "Period",
    "Report",
    "ReportArguments",
    "ReportChart",
    "ReportColumn",
    "ReportFilter",
    "RowCount",
    "chart_of",
    "count_rows",
    "describe_arguments",
    "list_opening_rows",
    "list_rows",
    "print_table",
    "read_arguments",
    "seen_by",
    "stream_rows",
    "sum_columns",
    "this_month",
    "today_as_period",
    "write_csv",
    "write_pdf",
    "write_sheet",
]
