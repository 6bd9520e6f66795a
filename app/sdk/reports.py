"""Reports: a statement, and no session; the platform runs it."""

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from app.reports.definition import DrillDown, Report, ReportChart, ReportColumn, Statement, Wording
from app.reports.filters import Period, ReportArguments, ReportFilter, this_month, today_as_period

__all__ = [
    "DrillDown",
    "Period",
    "Report",
    "ReportArguments",
    "ReportChart",
    "ReportColumn",
    "ReportFilter",
    "Select",
    "Statement",
    "Wording",
    "aliased",
    "case",
    "func",
    "select",
    "this_month",
    "today_as_period",
]
