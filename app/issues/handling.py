"""Opening issues, taking them to the leader, closing them, and reminding whoever has to (P:COR-06)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.companies.models import Employee
from app.companies.org import employee_of, superior_of, units_of
from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _
from app.issues.models import LONGEST_RESOLUTION, LONGEST_TITLE, Issue, IssueState
from app.notices import NoticeKind, notify
from app.parameters.platform_values import ESCALATE_HOURS

TEXT_LENGTH = 4_000
REMINDER = NoticeKind("issues.reminder", _("A major issue has to reach the leader"), "siren", chats=True)
ESCALATED = NoticeKind("issues.escalated", _("A major issue was brought before me"), "siren", chats=True)
REMIND_EVERY = dt.timedelta(minutes=15)
_ONE_MINUTE = dt.timedelta(minutes=1)


def open_issue(
    *, actor: User, title: str, text: str | None, is_major: bool, opened_at: dt.datetime | None, now: dt.datetime
) -> Issue:
    """Record a problem of the business; who records it answers for it. `opened_at` is when it was noticed.

    Raises ValidationError for a blank or overlong text (R1, R4), and for a moment that has not come yet.
    """
    opened_at = opened_at or now
    if opened_at > now:
        raise ValidationError("issue.future", _("This moment has not come yet."), field="opened_at")
    employee = employee_of(actor.id)
    made = Issue(
        title=_text(title, "title", LONGEST_TITLE),
        text=_text(text, "text", TEXT_LENGTH) if text else None,
        is_major=is_major,
        opened_at=opened_at,
        due_at=due_of(opened_at) if is_major else None,
        owner_id=employee.id if employee is not None else None,
        org_unit_id=_unit_of(employee, opened_at),
    )
    session.add(made)
    session.flush()
    return made


def change_issue(issue: Issue, **values: Any) -> None:
    """Word an issue anew, or weigh it anew while it is open. Raises Conflict for a closed one (R2)."""
    if issue.state is IssueState.CLOSED:
        raise Conflict("issue.closed", _("A closed issue stays as it is."))
    if "title" in values:
        issue.title = _text(values["title"], "title", LONGEST_TITLE)
    if "text" in values:
        issue.text = _text(values["text"], "text", TEXT_LENGTH) if values["text"] else None
    if "is_major" in values and values["is_major"] != issue.is_major:
        if issue.state is not IssueState.OPEN:
            raise Conflict("issue.weighed", _("It has been brought before a leader already."), field="is_major")
        issue.is_major = values["is_major"]
        issue.due_at = due_of(issue.opened_at) if issue.is_major else None
        issue.reminded_at = None
    session.flush()


def escalate_issue(issue: Issue, *, actor: User, to: Employee | None, now: dt.datetime) -> None:
    """Bring an issue before a leader, by default the superior of whoever does it; he is told.

    Raises ValidationError where nobody is named and there is no superior, for oneself, and for somebody who left.
    """
    today, employee = now.astimezone(active_zone()).date(), employee_of(actor.id)
    leader = to or (superior_of(employee.id, on=today) if employee is not None else None)
    if leader is None:
        raise ValidationError("issue.leader", _("You have no superior here: name the leader."), field="to")
    if employee is not None and leader.id == employee.id:
        raise ValidationError("issue.oneself", _("Name somebody else than yourself."), field="to")
    if not leader.works_on(today):
        raise ValidationError("issue.left", _("%(name)s does not work here any more."), field="to", name=leader.name)
    issue.escalated_at, issue.escalated_to_id = now, leader.id
    if issue.due_at is not None:
        issue.late_minutes = late_minutes(issue.due_at, now)
    if leader.user_id is not None:
        text = _("%(who)s brings the issue “%(record)s” before you.")
        notify(
            [leader.user_id], kind=ESCALATED, text=text, values={"who": actor.get_full_name()}, about=issue, now=now,
            share_title=True,
        )  # fmt: skip


def close_issue(issue: Issue, *, resolution: str, now: dt.datetime) -> None:
    """Note how an issue was solved. Raises ValidationError for a blank or overlong text (R1, R4)."""
    issue.resolution, issue.closed_at = _text(resolution, "resolution", LONGEST_RESOLUTION), now


def due_of(opened_at: dt.datetime) -> dt.datetime:
    """Return by when a major issue has to reach the leader: so many hours of the clock after it was opened."""
    hours = ESCALATE_HOURS.value(opened_at.astimezone(active_zone()).date())
    return opened_at + dt.timedelta(hours=hours)


def late_minutes(due_at: dt.datetime, now: dt.datetime) -> int:
    """Return by how many whole minutes it is too late; 0 in time."""
    return max((now - due_at) // _ONE_MINUTE, 0)


def unreported() -> sa.Select[Issue]:
    """Select the major issues that have reached no leader."""
    return sa.select(Issue).where(Issue.is_major, Issue.state == IssueState.OPEN)


def remind_of_issues(now: dt.datetime) -> None:
    """Remind who answers for a major issue, and his superior, that it has to reach the leader.

    Twice at most: when a quarter of the time is left, and when it is over. A second run tells nobody again.
    """
    waiting = unreported().where(sa.or_(Issue.reminded_at.is_(None), Issue.reminded_at < Issue.due_at))
    for issue in session.scalars(waiting.order_by(Issue.due_at, Issue.id)).all():
        if issue.due_at is not None and _is_due(issue, issue.due_at, now):
            _remind(issue, issue.due_at, now)


def _is_due(issue: Issue, due_at: dt.datetime, now: dt.datetime) -> bool:
    return now >= (due_at - (due_at - issue.opened_at) / 4 if issue.reminded_at is None else due_at)


def _remind(issue: Issue, due_at: dt.datetime, now: dt.datetime) -> None:
    today = now.astimezone(active_zone()).date()
    superior = superior_of(issue.owner_id, on=today) if issue.owner_id is not None else None
    users = [one.user_id for one in (issue.owner, superior) if one is not None and one.user_id is not None]
    text = _("The major issue “%(record)s” has to reach the leader by %(due)s.")
    due = f"{due_at.astimezone(active_zone()):%Y-%m-%d %H:%M}"
    notify(users, kind=REMINDER, text=text, values={"due": due}, about=issue, now=now)
    issue.reminded_at = now
    session.flush()


def _unit_of(employee: Employee | None, at: dt.datetime) -> int | None:
    if employee is None:
        return None
    day = at.astimezone(active_zone()).date()
    found: int | None = session.scalar(units_of(employee.id, on=day).limit(1))
    return found


def _text(typed: str | None, field: str, limit: int) -> str:
    cleaned = (typed or "").replace("\r\n", "\n").replace("\0", "").strip()
    if not cleaned:
        raise ValidationError("issue.blank", _("Write something first."), field=field)
    if len(cleaned) > limit:
        raise ValidationError(
            "issue.long", _("At most %(limit)s characters."), field=field, limit=limit, length=len(cleaned)
        )
    return cleaned
