"""What happened at the doors: log-ins that failed, lock-outs, refusals, rights given, settings changed (S:CORE-04)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.audit import SecurityEvent
from app.companies.models import Membership
from app.crud.page import Page
from app.database.columns import read_id
from app.database.context import active_company
from app.database.session import session
from app.i18n import LazyString, _, humanize
from app.reports.definition import ReportColumn
from app.security.roles import may, subject_text
from app.web.list_files import ListFile

MOST = 200
KINDS: Mapping[str, LazyString] = {
    "login.failed": _("Log-in failed"),
    "login.locked": _("Account locked"),
    "login.succeeded": _("Logged in"),
    "login.refused": _("Company account not admitted"),
    "login.linked": _("Company account linked"),
    "login.unlinked": _("Company account unlinked"),
    "login.gone": _("Logged out: not in the company directory any more"),
    "login.created": _("User created at log-in"),
    "logout": _("Logged out"),
    "user.made": _("User made"),
    "invitation.sent": _("User invited"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "invitation.accepted": _("Invitation accepted"),
    "logins.ended": _("Other log-ins ended"),
    "password.changed": _("Password changed"),
    "password.reset": _("Password reset"),
    "second_factor.on": _("Second factor turned on"),
    "second_factor.off": _("Second factor turned off"),
    "second_factor.codes": _("Recovery codes renewed"),
    "second_factor.reset": _("Second factor reset"),
    "denied": _("Access refused"),
    "role.given": _("Role given"),
    "role.changed": _("Role changed"),
    "role.taken": _("Role taken"),
    "role.made": _("Role made"),
    "role.renamed": _("Role renamed"),
    "role.rights": _("Rights of a role changed"),
    "role.deleted": _("Role deleted"),
    "parameter.set": _("Policy value set"),
    "numbering.set": _("Number format set"),
    "addon.switched": _("App switched"),
    "list.exported": _("List exported"),
    "report.exported": _("Report exported"),
    "backup.requested": _("Backup requested"),
    "backup.check": _("Check of a backup requested"),
    "backup.made": _("Backup made"),
    "backup.checked": _("Backup checked"),
    "backup.downloaded": _("Backup downloaded"),
    "data.cleaned": _("Data cleaned"),
    "data.put_back": _("Cleaned data put back"),
    "erasure.requested": _("Erasure requested"),
    "erasure.refused": _("Erasure refused"),
}
_WARNING = frozenset({"login.failed", "login.locked", "login.refused", "denied", "erasure.refused"})


class SecurityEventsPage(Page):
    """The security events of the active company, newest first."""

    resource = "audit.SecurityEvents"
    title = _("Security events")
    template = "audit/security_events.html"
    verbs = ("export",)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the events asked for, and where older ones begin."""
        kind, username, before = (
            arguments.get("kind", ""),
            arguments.get("user", "").strip()[:64],
            arguments.get("before", ""),
        )
        statement = _asked(actor, kind, username)
        if (last := read_id(before)) is not None:
            statement = statement.where(SecurityEvent.id < last)
        events = list(session.scalars(statement.order_by(SecurityEvent.id.desc()).limit(MOST)))
        names = _names(events)
        return {
            "rows": [_row(event, names) for event in events],
            "kinds": [(value, label) for value, label in KINDS.items()],
            "kind": kind,
            "username": username,
            "older": events[-1].id if len(events) == MOST else None,
        }


def _asked(actor: User, kind: str, username: str) -> Select[SecurityEvent]:
    statement = select(SecurityEvent).where(_concerns(actor))
    if kind in KINDS:
        statement = statement.where(SecurityEvent.kind == kind)
    if username:
        meant = select(User.id).where(User.username == username)
        statement = statement.where(or_(SecurityEvent.username == username, SecurityEvent.user_id.in_(meant)))
    return statement


def _file_rows(actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    asked = _asked(actor, arguments.get("kind", ""), arguments.get("user", "").strip()[:64])
    events = session.scalars(asked.order_by(SecurityEvent.id.desc()), execution_options={"yield_per": MOST})
    for some in events.partitions():
        names = _names(some)
        for event in some:
            row = _row(event, names)
            details = "; ".join(f"{label}: {value}" for label, value in row["details"])
            yield row["at"], str(row["kind"]), row["user"], details, row["ip"]


def _concerns(actor: User) -> ColumnElement[bool]:
    """Return the condition of what this company may know: its own events, and its members' before they enter one.

    Names that nobody has are for whoever looks after all users.
    """
    company_id = active_company()
    members = select(Membership.user_id).where(Membership.company_id == company_id)
    outside: ColumnElement[bool] = SecurityEvent.company_id.is_(None)
    if not may(actor, "add", "UserView"):
        outside = and_(outside, SecurityEvent.user_id.in_(members))
    return or_(SecurityEvent.company_id == company_id, outside)


def _names(events: Sequence[SecurityEvent]) -> dict[int, str]:
    wanted = {event.user_id for event in events if event.user_id is not None}
    found = session.scalars(select(User).where(User.id.in_(wanted))) if wanted else ()
    return {user.id: user.get_full_name() or user.username for user in found}


def _row(event: SecurityEvent, names: dict[int, str]) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": KINDS.get(event.kind, event.kind),
        "tone": "red" if event.kind in _WARNING else "blue",
        "user": names.get(event.user_id or 0) or event.username or "",
        "details": [
            (_(humanize(name)), _word(name, value))
            for name, value in event.details.items()
            if value not in ("", [], None)
        ],
        "ip": event.ip or "",
    }


def _word(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return subject_text(value) if name == "resource" and isinstance(value, str) else str(value)


EVENTS_FILE = ListFile(
    "security-events",
    SecurityEventsPage.title,
    (
        ReportColumn("at", _("When"), "datetime"),
        ReportColumn("kind", _("What happened"), width=24),
        ReportColumn("user", _("User")),
        ReportColumn("details", _("Details"), width=60),
        ReportColumn("ip", _("Address")),
    ),
    _file_rows,
    ("export", SecurityEventsPage.resource),
)
