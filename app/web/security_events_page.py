"""What happened at the doors: log-ins that failed, lock-outs, refusals, rights given, settings changed (S:CORE-04)."""

from collections.abc import Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, and_, or_, select

from app.audit import SecurityEvent
from app.companies.models import Membership
from app.crud.page import Page
from app.database.columns import read_id
from app.database.context import active_company
from app.database.session import session
from app.i18n import LazyString, _, humanize
from app.security.roles import may, subject_of

MOST = 200
KINDS: Mapping[str, LazyString] = {
    "login.failed": _("Log-in failed"),
    "login.locked": _("Account locked"),
    "login.succeeded": _("Logged in"),
    "logout": _("Logged out"),
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
    "data.cleaned": _("Data cleaned"),
    "data.put_back": _("Cleaned data put back"),
    "erasure.requested": _("Erasure requested"),
    "erasure.refused": _("Erasure refused"),
}
_WARNING = frozenset({"login.failed", "login.locked", "denied", "erasure.refused"})


class SecurityEventsPage(Page):
    """The security events of the active company, newest first."""

    resource = "audit.SecurityEvents"
    title = _("Security events")
    template = "audit/security_events.html"

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the events asked for, and where older ones begin."""
        kind, username, before = (
            arguments.get("kind", ""),
            arguments.get("user", "").strip()[:64],
            arguments.get("before", ""),
        )
        statement = select(SecurityEvent).where(_concerns(actor))
        if kind in KINDS:
            statement = statement.where(SecurityEvent.kind == kind)
        if username:
            meant = select(User.id).where(User.username == username)
            statement = statement.where(or_(SecurityEvent.username == username, SecurityEvent.user_id.in_(meant)))
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


def _names(events: list[SecurityEvent]) -> dict[int, str]:
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
    return _(subject_of(value)) if name == "resource" and isinstance(value, str) else str(value)
