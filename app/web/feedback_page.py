"""Reporting a fault or a wish, from the user menu of every page (S:CORE-21). Everybody has this page."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import AppError
from app.feedback.models import FaultKind
from app.feedback.reports import TEXT_LENGTH, list_own_reports, report_fault
from app.i18n import _
from app.security.roles import acting_user


class FeedbackView(BaseView):
    """The form, and what the user reported before."""

    route_base = "/report-fault"
    default_view = "list"

    @expose("/", methods=["GET", "POST"])
    @login_required
    def list(self) -> Any:
        """Show the form with the page that the user came from; keep what he reports."""
        if active_company() is None:
            abort(404)
        actor, typed = acting_user(), request.form if request.method == "POST" else request.args
        error: AppError | None = None
        if request.method == "POST":
            kind = FaultKind.WISH if typed.get("kind") == FaultKind.WISH else FaultKind.FAULT
            try:
                made = call_service(
                    report_fault,
                    actor=actor,
                    kind=kind,
                    text=typed.get("text", ""),
                    page=typed.get("page"),
                    now=utc_now(),
                )
                flash(str(_("Thank you. Your report has the number %(number)s.")) % {"number": made.id}, "success")
                return redirect(url_for("FeedbackView.list"))
            except AppError as refused:
                error = refused
        return self.render_template(
            "feedback/report.html",
            title=_("Report a fault or a wish"),
            typed=typed,
            error=error,
            limit=TEXT_LENGTH,
            reports=list_own_reports(actor),
        ), 422 if error else 200
