"""What was not done in time: approval steps, major issues, change requests, and clocks of add-ons (P:RP-24)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.approvals.models import ApprovalFile, ApprovalTask, TaskState
from app.changes.models import ChangeRequest, ChangeState
from app.companies.models import Employee, OrgUnit
from app.companies.org import unit_subtree
from app.database.columns import utc_now
from app.database.session import session
from app.i18n import _
from app.issues.models import Issue
from app.reports import Report, ReportArguments, ReportColumn, ReportFilter
from app.reports.filters import Period
from app.security.gate import is_open
from app.security.roles import may
from app.security.scope import visible
from app.workflow.clocks import Clock, Deadline, Span

OPEN, DONE = "open", "done"
STATES = {OPEN: _("Still open"), DONE: _("Done late")}


def _last_three_months(today: dt.date) -> Period:
    return Period(today - dt.timedelta(days=90), today)


def overdue_rows(arguments: ReportArguments) -> Iterable[Mapping[str, Any]]:
    """Return what fell due in the period and was, or is, late: of the clocks whose records the reader may list."""
    actor, now = arguments.actor, utc_now()
    period: Period = arguments["period"]
    start, end = period.instants(arguments.zone)
    units = _units(arguments)
    rows: list[dict[str, Any]] = []
    for clock in current_app.extensions["clocks"]:
        if not is_open(clock.resource) or not may(actor, arguments.verb, clock.resource):
            continue
        found = clock.find(Span(actor, arguments.verb, start, min(end, now), now))
        asked = (one for one in found if start <= one.due < end and _is_asked(one, arguments, units))
        rows += [_row(one, late) for one in asked if (late := one.late_minutes(now))]
    return sorted(rows, key=lambda row: (row["due"], row["document"]))


def _units(arguments: ReportArguments) -> frozenset[int] | None:
    if arguments["team"] is None:
        return None
    return frozenset(session.scalars(unit_subtree(arguments["team"], on=arguments.today)))


def _is_asked(one: Deadline, arguments: ReportArguments, units: frozenset[int] | None) -> bool:
    holder_id = one.holder.id if one.holder is not None else None
    state = DONE if one.done is not None else OPEN
    return (
        arguments["person"] in (None, holder_id)
        and arguments["state"] in (None, state)
        and (units is None or one.org_unit_id in units)
    )


def _row(one: Deadline, late: int) -> dict[str, Any]:
    return {
        "document": one.document,
        "resource": one.resource,
        "record_id": one.record_id,
        "step": str(one.step),
        "holder": one.holder.name if one.holder is not None else None,
        "due": one.due,
        "done": one.done,
        "state": DONE if one.done is not None else OPEN,
        "late": late,
    }


OVERDUE = Report(
    "approvals.overdue",
    _("Overdue steps"),
    ApprovalFile,
    None,
    columns=(
        ReportColumn("document", _("Document"), width=34),
        ReportColumn("step", _("Step"), width=24),
        ReportColumn("holder", _("Holder")),
        ReportColumn("due", _("Due at"), "datetime"),
        ReportColumn("done", _("Done"), "datetime"),
        ReportColumn("state", _("State"), "choice", choices=STATES),
        ReportColumn("late", _("Late by"), "duration", total=True),
    ),
    filters=(
        ReportFilter("period", _("Due between"), "period", default=_last_three_months, required=True, longest=731),
        ReportFilter("team", _("Unit"), "record", model=OrgUnit),
        ReportFilter("person", _("Holder"), "record", model=Employee),
        ReportFilter("state", _("State"), "choice", choices=STATES),
    ),
    rows=overdue_rows,
    opens="record_id",
    opens_in="resource",
)


def approval_steps(asked: Span) -> Iterator[Deadline]:
    """Yield the signatures that were due; one that others made needless counts if its time was up before (P:COR-02).

    A task is not touched once it is closed, so its last change is when it was.
    """
    within = visible(ApprovalFile, asked.actor, verb=asked.verb)
    statement = (
        sa.select(ApprovalTask)
        .join(ApprovalFile, ApprovalFile.id == ApprovalTask.file_id)
        .where(
            ApprovalTask.due_at >= asked.start, ApprovalTask.due_at < asked.end, *([] if within is None else [within])
        )
        .where(sa.or_(ApprovalTask.state != TaskState.CLOSED, ApprovalTask.overdue_at.is_not(None)))
    )
    for task in session.scalars(statement):
        file, due = task.file, task.due_at
        name = next((step["name"] for step in file.route if step["key"] == task.step), task.step)
        if due is not None:
            yield Deadline(
                document=file.title,
                resource=file.resource,
                record_id=file.record_id,
                step=f"{file.action} · {name}",
                holder=task.employee,
                org_unit_id=file.org_unit_id,
                due=due,
                done=None if task.state is TaskState.OPEN else task.updated_at,
            )


def major_issues(asked: Span) -> Iterator[Deadline]:
    """Yield the major issues that had to reach the leader (P:COR-06)."""
    within = visible(Issue, asked.actor, verb=asked.verb)
    statement = sa.select(Issue).where(Issue.due_at >= asked.start, Issue.due_at < asked.end, Issue.is_major)
    for one in session.scalars(statement if within is None else statement.where(within)):
        if one.due_at is not None:
            yield Deadline(
                document=one.title,
                resource="issues.Issue",
                record_id=one.id,
                step=_("Bring before the leader"),
                holder=one.owner,
                org_unit_id=one.org_unit_id,
                due=one.due_at,
                done=one.escalated_at,
            )


def change_requests(asked: Span) -> Iterator[Deadline]:
    """Yield the change requests that were to be decided; withdrawn ones need no decision (S:CORE-10)."""
    within = visible(ChangeRequest, asked.actor, verb=asked.verb)
    statement = sa.select(ChangeRequest).where(
        ChangeRequest.due_at >= asked.start,
        ChangeRequest.due_at < asked.end,
        ChangeRequest.state != ChangeState.WITHDRAWN,
    )
    for one in session.scalars(statement if within is None else statement.where(within)):
        if one.due_at is not None:
            yield Deadline(
                document=str(one),
                resource="changes.ChangeRequest",
                record_id=one.id,
                step=_("Decide on the change"),
                holder=one.submitted_to,
                org_unit_id=one.org_unit_id,
                due=one.due_at,
                done=one.decided_at,
            )


APPROVAL_CLOCK = Clock("approvals.steps", "approvals.ApprovalFile", approval_steps)
ISSUE_CLOCK = Clock("issues.major", "issues.Issue", major_issues)
CHANGE_CLOCK = Clock("changes.requests", "changes.ChangeRequest", change_requests)
