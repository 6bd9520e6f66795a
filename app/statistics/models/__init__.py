"""Models of statistics, one noun per file."""

from app.statistics.models.comparison import Comparison, Outcome
from app.statistics.models.report_run import ReportRun

__all__ = ["Comparison", "Outcome", "ReportRun"]
