"""The dual track: kept report runs, the figures beside them, and report R-36 (S:CORE-23, S:R-36)."""

from decimal import Decimal
from typing import Any

from flask import current_app, flash, url_for
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.addon_loader.contributions import AddonSetup
from app.companies.clock import active_zone
from app.crud.slots import Action
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.database.session import session
from app.i18n import _
from app.reports import Report, ReportArguments, ReportColumn, ReportFilter
from app.reports.definition import Statement
from app.security.roles import acting_user, may
from app.statistics.comparing import record_manual
from app.statistics.models import Comparison, Outcome, ReportRun

COMPARISON = "statistics.Comparison"


class ComparisonView(CrudView):
    """Automatic and manual figures side by side; manual ones are typed, or come back in an edited Excel sheet."""

    model = Comparison
    title = _("Dual track")
    verbs = ("list", "show", "edit")
    list_columns = ("item", "figure", "automatic", "manual", "difference", "percent", "outcome", "run")
    form_columns = ("manual", "note")
    show_only = ("run", "item", "figure", "automatic", "difference", "percent", "outcome")
    order = ("id", "asc")
    search_columns = ("run_id", "item", "figure", "outcome", "automatic", "manual", "difference")
    labels = {
        "run": _("Report run"),
        "run_id": _("Report run"),
        "automatic": _("Automatic figure"),
        "manual": _("Manual figure"),
        "percent": _("Deviation"),
        "outcome": _("Result"),
        "note": _("Why they differ"),
    }

    @staticmethod
    def update_with(record: Comparison, *, actor: User, **values: Any) -> None:
        """Set the manual figure beside the automatic one; what is not given stays."""
        manual: Decimal | None = values.get("manual", record.manual)
        today = utc_now().astimezone(active_zone()).date()
        record_manual(record, on=today, manual=manual, note=values.get("note", record.note))

    def _saved(self, key: int) -> Any:
        """Say it as well where the figures differ."""
        record = session.get(Comparison, key)
        if record is not None and record.outcome is Outcome.DIFFERENT:
            said = {"difference": f"{record.difference:,.6f}".rstrip("0").rstrip("."), "percent": record.percent or "–"}
            flash(str(_("The figures differ by %(difference)s (%(percent)s).")) % said, "warning")
        return super()._saved(key)


class ReportRunView(CrudView):
    """Report runs that were kept, to be explained later."""

    model = ReportRun
    title = _("Report runs")
    verbs = ("list", "show")
    list_columns = ("title", "period", "asked", "ran_at", "is_latest")
    form_columns = ("title", "period", "asked", "ran_at", "is_latest")
    search_columns = ("title", "period", "ran_at", "is_latest")
    labels = {"asked": _("Filters"), "ran_at": _("Run at"), "is_latest": _("Latest run")}


def _compared(arguments: ReportArguments) -> Statement:
    statement = (
        select(
            Comparison.id,
            ReportRun.period,
            ReportRun.title.label("report"),
            Comparison.item,
            Comparison.figure,
            Comparison.automatic,
            Comparison.manual,
            Comparison.difference,
            Comparison.share,
        )
        .join(ReportRun, ReportRun.id == Comparison.run_id)
        .where(ReportRun.is_latest.is_(True), Comparison.outcome != Outcome.WAITING)
        .order_by(ReportRun.period, ReportRun.title, ReportRun.id, Comparison.position)
    )
    if arguments["run"] is not None:
        statement = statement.where(Comparison.run_id == arguments["run"])
    if arguments["period"] is not None:
        statement = statement.where(ReportRun.period == arguments["period"])
    if arguments["different"]:
        statement = statement.where(Comparison.outcome == Outcome.DIFFERENT)
    return statement


DUAL_TRACK_REPORT = Report(
    "statistics.dual_track",
    _("Dual-track comparison"),
    Comparison,
    _compared,
    columns=(
        ReportColumn("period", _("Period")),
        ReportColumn("report", _("Report")),
        ReportColumn("item", _("Item")),
        ReportColumn("figure", _("Figure")),
        ReportColumn("automatic", _("Automatic figure"), "quantity"),
        ReportColumn("manual", _("Manual figure"), "quantity"),
        ReportColumn("difference", _("Difference"), "quantity"),
        ReportColumn("share", _("Deviation"), "percent"),
    ),
    filters=(
        ReportFilter("run", _("Report run"), "record", model=ReportRun),
        ReportFilter("period", _("Period")),
        ReportFilter("different", _("Different"), "bool"),
    ),
    opens="id",
)


def report_address(run_id: int) -> str | None:
    """Return the report itself with the filters of a run, for whoever may see it."""
    run = session.get(ReportRun, run_id)
    report = current_app.extensions["reports"].get(run.report) if run is not None else None
    if run is None or report is None or not may(acting_user(), "list", report.resource):
        return None
    address = url_for("ReportView.show", name=run.report)
    return f"{address}?{run.query}" if run.query else address


def figures_address(run_id: int) -> str:
    """Return the list of the figures of a run."""
    return f"{url_for('statistics_ComparisonView.list')}?_flt_0_run_id={run_id}"


def setup(addon: AddonSetup) -> None:
    """Record the screens and the report."""
    addon.add_models(ReportRun, Comparison)
    addon.add_view(ComparisonView, menu="Statistics/Dual track", icon="git-compare")
    addon.add_view(ReportRunView, menu="Statistics/Report runs", icon="history")
    addon.add_report(DUAL_TRACK_REPORT, menu="Statistics/Dual-track comparison", icon="scale")
    figures = Action("figures", _("Compare the figures"), figures_address, "git-compare", COMPARISON)
    addon.extend_view("statistics.ReportRunView", figures)
    anew = Action("report", _("The report today"), report_address, "chart-column")
    addon.extend_view("statistics.ReportRunView", anew)
