"""The lists of hand-made pages that can be had as files, and what their rows are."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select

from app.announcements.board import list_announcements
from app.companies.clock import active_zone
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.extensions import appbuilder
from app.feedback.reports import list_own_reports
from app.i18n import _
from app.jobs import list_jobs
from app.notices.reading import list_notices, tell
from app.reports.definition import ReportColumn
from app.security.group_view import GroupView
from app.security.logins import live_logins
from app.security.role_view import CompanyRolesView, RolesScreen, RoleView
from app.security.user_view import UserView
from app.security.usernames import has_mail
from app.web.access_page import ACCESS_FILE
from app.web.apps_page import AppsView
from app.web.chains_page import CHAINS_FILE
from app.web.duplicates_page import DUPLICATES_FILE
from app.web.formatting import browser_name, job_title, label_of
from app.web.inbox_page import INBOX_FILE
from app.web.leaver_page import HELD_FILE
from app.web.list_files import ListFile, most_rows
from app.web.maintenance_page import PERMISSION, VERBS, tasks_shown
from app.web.members_list import MEMBERS_FILE
from app.web.numbering_page import NUMBERING_FILE
from app.web.packs_page import PACKS_FILE
from app.web.parameters_page import PARAMETERS_FILE, TRIAL_FILE
from app.web.security_events_page import EVENTS_FILE
from app.web.todo_page import shown_todos

Rows = Iterator[Sequence[Any]]
Arguments = Mapping[str, str]


def _text(name: str, label: Any, **options: Any) -> ReportColumn:
    return ReportColumn(name, label, **options)


def _when(name: str, label: Any) -> ReportColumn:
    return ReportColumn(name, label, "datetime")


def _announcements(actor: User, _arguments: Arguments) -> Rows:
    today = utc_now().astimezone(active_zone()).date()
    for one, is_read in list_announcements(actor, on=today):
        yield one.title, one.publish_on, is_read, one.body


def _own_reports(actor: User, _arguments: Arguments) -> Rows:
    for one in list_own_reports(actor, limit=most_rows()):
        yield one.id, label_of(one.kind), label_of(one.state), one.text, one.answer or ""


def _own_jobs(actor: User, _arguments: Arguments) -> Rows:
    for job in list_jobs(actor=actor, limit=most_rows()):
        yield job_title(job.name), label_of(job.state), job.percent, job.finished_at


def _own_notices(actor: User, _arguments: Arguments) -> Rows:
    for one in tell(list_notices(actor, limit=most_rows()), reader=actor):
        yield one.at, one.text, not one.is_unread


def _todos(actor: User, _arguments: Arguments) -> Rows:
    for one, entries in shown_todos(actor, now=utc_now()):
        for todo in entries:
            due = todo["due"]
            day = due.astimezone(active_zone()).date() if isinstance(due, dt.datetime) else due
            yield str(one.label), todo["title"], str(todo["note"]), day, todo["is_overdue"]


def _sessions(actor: User, _arguments: Arguments) -> Rows:
    for login in live_logins(actor.id, now=utc_now()):
        yield browser_name(login.agent), login.ip, login.created_at, login.last_seen_at


def _roles_of(screen: type[RolesScreen]) -> Any:
    def rows(_actor: User, _arguments: Arguments) -> Rows:
        view: RolesScreen = next(one for one in appbuilder().baseviews if isinstance(one, screen))
        for row in view.rows():
            yield (
                row["title"],
                gettext("Product") if row["shipped"] else gettext("Own role"),
                row["rights"],
                row["holders"],
            )

    return rows


def _users(_actor: User, _arguments: Arguments) -> Rows:
    for user in session.scalars(select(User).order_by(User.username)).unique():
        login = user.last_login.replace(tzinfo=dt.UTC) if user.last_login is not None else None
        roles = ", ".join(role.name for role in user.roles)
        yield (
            user.username,
            user.get_full_name().strip(),
            user.email if has_mail(user) else "",
            user.active,
            roles,
            login,
        )


def _groups(_actor: User, _arguments: Arguments) -> Rows:
    for group in session.scalars(select(GroupView.datamodel.obj)).unique():
        yield group.name, group.label, ", ".join(role.name for role in group.roles)


def _apps(_actor: User, _arguments: Arguments) -> Rows:
    for card in AppsView.cards(active_company() or 0):
        manifest = card["manifest"]
        yield gettext(manifest.title), gettext(manifest.category), manifest.version, card["is_on"]


def _tasks(_actor: User, _arguments: Arguments) -> Rows:
    for task in tasks_shown()["tasks"]:
        by = task.requested_by.get_full_name().strip() if task.requested_by else ""
        yield (
            f"{VERBS[task.kind]} {task.addon}",
            label_of(task.state),
            task.error or task.message,
            by,
            task.requested_at,
        )


_ROLE_COLUMNS = (
    _text("role", _("Role"), width=30),
    _text("origin", _("Origin")),
    ReportColumn("rights", _("Rights"), "integer"),
    ReportColumn("holders", _("Holders"), "integer"),
)
LIST_FILES: tuple[ListFile, ...] = (
    MEMBERS_FILE, EVENTS_FILE, ACCESS_FILE, DUPLICATES_FILE, NUMBERING_FILE, INBOX_FILE, HELD_FILE, PARAMETERS_FILE,
    TRIAL_FILE, CHAINS_FILE,
    PACKS_FILE,
    ListFile("roles", _("Roles"), _ROLE_COLUMNS, _roles_of(CompanyRolesView), ("list", "companies.Roles")),
    ListFile("platform-roles", _("Roles"), _ROLE_COLUMNS, _roles_of(RoleView), ("list", "RoleModelView")),
    ListFile(
        "users",
        _("Users"),
        (
            _text("username", _("User Name")), _text("name", _("Name")), _text("email", _("Email"), width=28),
            ReportColumn("active", _("Active"), "bool"), _text("roles", _("Roles"), width=40),
            _when("last_login", _("Last login")),
        ),
        _users,
        ("list", UserView.__name__),
    ),
    ListFile(
        "groups",
        _("Groups"),
        (_text("name", _("Name")), _text("label", _("Label")), _text("roles", _("Roles"), width=40)),
        _groups,
        ("list", GroupView.class_permission_name),
    ),
    ListFile(
        "apps",
        _("Apps"),
        (
            _text("app", _("Add-on")), _text("category", _("Category")), _text("version", _("Version")),
            ReportColumn("is_on", _("On"), "bool"),
        ),
        _apps,
        ("list", "Apps"),
    ),
    ListFile(
        "maintenance",
        _("Maintenance tasks"),
        (
            _text("task", _("Task")), _text("state", _("State")), _text("progress", _("Progress"), width=40),
            _text("by", _("By")), _when("requested_at", _("Requested at")),
        ),
        _tasks,
        ("manage", PERMISSION),
    ),
    ListFile(
        "announcements",
        _("Announcements"),
        (
            _text("title", _("Title"), width=40), ReportColumn("publish_on", _("Publish on"), "date"),
            ReportColumn("read", _("Read"), "bool"), _text("body", _("Text"), width=60),
        ),
        _announcements,
        None,
    ),
    ListFile(
        "my-reports",
        _("What I reported"),
        (
            ReportColumn("number", _("Number"), "integer"), _text("kind", _("Kind")), _text("state", _("State")),
            _text("text", _("Text"), width=60), _text("answer", _("Answer"), width=40),
        ),
        _own_reports,
        None,
    ),
    ListFile(
        "my-jobs",
        _("My jobs"),
        (
            _text("job", _("Job"), width=30), _text("state", _("State")),
            ReportColumn("percent", _("Progress (%)"), "integer"), _when("finished_at", _("Finished at")),
        ),
        _own_jobs,
        None,
    ),
    ListFile(
        "my-notices",
        _("Notices"),
        (_when("at", _("When")), _text("text", _("Text"), width=80), ReportColumn("read", _("Read"), "bool")),
        _own_notices,
        None,
    ),
    ListFile(
        "my-todos",
        _("To-do list"),
        (
            _text("list", _("List")), _text("title", _("Title"), width=40), _text("note", _("Details"), width=30),
            ReportColumn("due", _("Due at"), "date"), ReportColumn("overdue", _("Overdue"), "bool"),
        ),
        _todos,
        None,
    ),
    ListFile(
        "my-log-ins",
        _("Where you are logged in"),
        (
            _text("browser", _("Browser"), width=30), _text("address", _("Address")),
            _when("since", _("Since")), _when("seen", _("Last seen")),
        ),
        _sessions,
        None,
    ),
)  # fmt: skip
