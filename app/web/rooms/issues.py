"""Issues of the business: reported by everybody, brought before the leader by the sales manager (P:COR-06)."""

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.companies.models import Employee
from app.crud.fields import InstantField
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.database.session import session
from app.i18n import _
from app.issues import handling
from app.issues.models import Issue, IssueState
from app.masterdata.holdings import Holding
from app.security.roles import Role
from app.security.scope import visible
from app.web.rooms.overdue import ISSUE_CLOCK
from app.workflow.definition import Workflow
from app.workflow.refusal import Refusal
from app.workflow.todo import MOST_TODOS, Todo, TodoList
from app.workflow.transition import Transition

ISSUE = "issues.Issue"
_LOOK = ("list", "show")
MANAGER = Role("issues_manager", _("Issue manager"), {ISSUE: (*_LOOK, "add", "edit", "escalate", "close", "export")})


def has_reached_the_leader(issue: Issue, *, actor: User) -> Refusal | None:
    """Refuse to close a major issue that was brought before nobody (R2)."""
    if not issue.is_major or issue.escalated_at is not None:
        return None
    return Refusal("issue.unescalated", _("A major issue has to be brought before the leader first."))


WORKFLOW = Workflow(
    Issue,
    Transition(
        "escalate", IssueState.OPEN, IssueState.ESCALATED, _("Bring before the leader"), icon="siren", tone="primary"
    ),
    Transition(
        "close",
        (IssueState.OPEN, IssueState.ESCALATED),
        IssueState.CLOSED,
        _("Close"),
        guard=has_reached_the_leader,
        icon="check",
    ),
    main_path=(IssueState.OPEN, IssueState.ESCALATED, IssueState.CLOSED),
)


@WORKFLOW.transition("escalate")
def escalate(issue: Issue, *, actor: User, now: dt.datetime, to: Employee | None = None) -> None:
    """Bring it before a leader; without a name, before one's own superior."""
    handling.escalate_issue(issue, actor=actor, to=to, now=now)


@WORKFLOW.transition("close")
def close(issue: Issue, *, actor: User, now: dt.datetime, resolution: str) -> None:
    """Say how it was solved. Raises ValidationError for a blank text (R1)."""
    handling.close_issue(issue, resolution=resolution, now=now)


class IssueView(CrudView):
    """Issues; major ones have to reach the leader in time."""

    model = Issue
    title = _("Issues")
    verbs = (*_LOOK, "add", "edit")
    workflow = WORKFLOW
    list_columns = ("title", "is_major", "state", "owner", "opened_at", "due_at", "escalated_at", "late_minutes")
    form_columns = ("title", "is_major", "opened_at", "text")
    edit_columns = ("title", "is_major", "text")
    show_only = ("owner", "due_at", "escalated_at", "escalated_to", "late", "closed_at", "resolution")
    fields = {"opened_at": InstantField(_("Noticed at"), hint=_("Left blank: now."))}
    search_columns = ("title", "is_major", "state", "owner_id", "org_unit_id", "opened_at", "due_at", "late_minutes")
    labels = {
        "is_major": _("Major"),
        "opened_at": _("Noticed at"),
        "due_at": _("To reach the leader by"),
        "escalated_at": _("Brought before the leader at"),
        "escalated_to": _("Leader"),
        "late": _("Late by"),
        "late_minutes": _("Late by minutes"),
        "to": _("Leader"),
    }

    @staticmethod
    def create_with(
        *, actor: User, title: str, is_major: bool, opened_at: dt.datetime | None, text: str | None
    ) -> Issue:
        """Record an issue; noticed now, unless a moment is given."""
        return handling.open_issue(
            actor=actor, title=title, text=text, is_major=is_major, opened_at=opened_at, now=utc_now()
        )

    @staticmethod
    def update_with(record: Issue, *, actor: User, **values: Any) -> None:
        """Word it anew, or weigh it anew."""
        handling.change_issue(record, **values)


def to_escalate(actor: User, _now: dt.datetime) -> Sequence[Todo]:
    """Return the major issues that the actor may bring before the leader, the most urgent first."""
    reached = visible(Issue, actor, verb="escalate")
    statement = handling.unreported().order_by(Issue.due_at, Issue.id).limit(MOST_TODOS)
    found = session.scalars(statement if reached is None else statement.where(reached))
    note = _("Bring before the leader")
    return [Todo(title=one.title, resource=ISSUE, record_id=one.id, due=one.due_at, note=note) for one in found]


def setup(addon: AddonSetup) -> None:
    """Record the screen."""
    addon.add_models(Issue)
    addon.add_roles(MANAGER)
    addon.add_workflow(WORKFLOW, sys.modules[__name__])
    addon.add_notice_kinds(handling.REMINDER, handling.ESCALATED)
    addon.add_holdings(Holding("issues.open", _("Open issues"), Issue, (Issue.state != IssueState.CLOSED,)))
    addon.add_view(IssueView, menu="Organisation/Issues", icon="siren")
    addon.add_clock(ISSUE_CLOCK)
    addon.add_todo_list(TodoList("issues.to_escalate", _("Major issues"), "siren", ISSUE, to_escalate))
