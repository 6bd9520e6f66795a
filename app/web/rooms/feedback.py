"""Answering what users report (S:CORE-21, S:CORE-25)."""

import datetime as dt
import sys

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.feedback.models import FaultKind, FaultReport, FaultState
from app.feedback.reports import CLOSED, answer_report, report_fault
from app.i18n import _
from app.workflow.definition import Workflow
from app.workflow.transition import Transition

WORKFLOW = Workflow(
    FaultReport,
    Transition("handle", FaultState.OPEN, FaultState.HANDLED, _("Take it up"), icon="play", tone="primary"),
    Transition("close", (FaultState.OPEN, FaultState.HANDLED), FaultState.CLOSED, _("Close"), icon="check"),
)


@WORKFLOW.transition("handle")
def handle(report: FaultReport, *, actor: User) -> None:
    """Say that somebody looks after it."""


@WORKFLOW.transition("close")
def close(report: FaultReport, *, actor: User, now: dt.datetime, answer: str) -> None:
    """Answer it; the reporter is told. Raises ValidationError for a blank answer (R1)."""
    answer_report(report, answer=answer, now=now)


class FaultReportView(CrudView):
    """Faults and wishes of the company's users."""

    model = FaultReport
    title = _("Faults and wishes")
    verbs = ("list", "show", "add")
    workflow = WORKFLOW
    list_columns = ("id", "kind", "state", "text", "reporter", "reported_at")
    form_columns = ("kind", "text", "page")
    show_only = ("reporter", "reported_at", "answer", "closed_at")
    search_columns = ("kind", "state", "text", "reported_at")
    labels = {"id": _("Number"), "page": _("Page address")}

    @staticmethod
    def create_with(*, actor: User, kind: FaultKind, text: str, page: str | None) -> FaultReport:
        """Note what somebody reported by word of mouth."""
        return report_fault(actor=actor, kind=kind, text=text, page=page, now=utc_now())


def setup(addon: AddonSetup) -> None:
    """Record the screen."""
    addon.add_models(FaultReport)
    addon.add_workflow(WORKFLOW, sys.modules[__name__])
    addon.add_notice_kinds(CLOSED)
    addon.add_view(FaultReportView, menu="Organisation/Faults and wishes", icon="life-buoy")
