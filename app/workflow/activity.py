"""What happened to a record: comments, transitions and changes, in one list."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.audit.models import AuditAction, AuditEntry
from app.audit.queries import list_entries
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.base import CompanyModel
from app.database.session import session
from app.documents.attachments import list_attachments
from app.documents.changes import Change, describe_changes
from app.documents.comments import list_comments
from app.documents.models import Attachment
from app.i18n import _, humanize
from app.workflow.models import TransitionLog

Kind = Literal["comment", "transition", "created", "changed", "attached", "detached"]
_DERIVED = frozenset({"state"})  # Told by the transition that set it.
_TECHNICAL = frozenset({"terms_hash"})  # Says nothing to people.


@dataclass(frozen=True)
class ActivityItem:
    """One entry: a comment's or a reason's text in `body`, and what changed. `author` is empty for the system."""

    kind: Kind
    at: dt.datetime
    author: str
    body: str = ""
    changes: tuple[Change, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what REST answers."""
        changes = [{name: str(text) for name, text in asdict(change).items()} for change in self.changes]
        return {
            "kind": self.kind,
            "at": self.at.isoformat(),
            "author": self.author,
            "body": self.body,
            "changes": changes,
        }


def activity_of(
    resource: str, record: CompanyModel, *, hidden: Callable[[str], bool] = lambda _name: False, limit: int = 100
) -> list[ActivityItem]:
    """Return what happened to the record, newest first; `resource` is '<addon>.<Model>'.

    Secrets were masked when the audit log was written, so none can be shown here. Changes of fields that are `hidden`
    from the reader are left out.
    """
    comments = list_comments(resource, record.id, limit=limit)
    log = list_transitions(resource, record.id, limit=limit)
    entries = list_entries(record.__tablename__, record.id, limit=limit)
    files = list_attachments(resource, record.id, deleted=True)
    names = _names(
        {
            *(one.author_id for one in comments),
            *(one.actor_id for one in log),
            *(one.user_id for one in entries),
            *(user_id for one in files for user_id in (one.added_by_id, one.deleted_by_id)),
        }
    )
    found = [ActivityItem("comment", one.at, names.get(one.author_id, ""), one.body) for one in comments]
    found += [_transition(one, names) for one in log]
    untold = _TECHNICAL | (_DERIVED if log else frozenset())
    found += _changes(type(record), entries, names, hidden=lambda name: name in untold or hidden(name))
    found += [item for one in files for item in _files(one, names)]
    order = {"created": 0, "changed": 1, "transition": 2, "attached": 3, "detached": 4, "comment": 5}
    return sorted(found, key=lambda item: (item.at, order[item.kind]), reverse=True)[:limit]


def list_transitions(resource: str, record_id: int, *, limit: int = 100) -> list[TransitionLog]:
    """Return the latest transitions of a record, newest first."""
    return list(
        session.scalars(
            select(TransitionLog)
            .where(TransitionLog.resource == resource, TransitionLog.record_id == record_id)
            .order_by(TransitionLog.id.desc())
            .limit(limit)
        )
    )


def _files(one: Attachment, names: dict[int | None, str]) -> list[ActivityItem]:
    """Return that a file came, and that it went and why."""
    found = [ActivityItem("attached", one.added_at, names.get(one.added_by_id, ""), one.name)]
    if one.deleted_at is not None:
        told = f"{one.name}: {one.reason or ''}"
        found.append(ActivityItem("detached", one.deleted_at, names.get(one.deleted_by_id, ""), told))
    return found


def _transition(one: TransitionLog, names: dict[int | None, str]) -> ActivityItem:
    moved = Change(_("State"), str(_(humanize(one.source))), str(_(humanize(one.target))))
    changes = (moved,) if one.source != one.target else (Change(_("Step"), "", str(_(humanize(one.transition)))),)
    return ActivityItem("transition", one.at, names.get(one.actor_id, ""), one.reason or "", changes)


def _changes(
    model: type[CompanyModel],
    entries: Iterable[AuditEntry],
    names: dict[int | None, str],
    *,
    hidden: Callable[[str], bool],
) -> list[ActivityItem]:
    shown = [
        (
            entry,
            {}
            if entry.action == AuditAction.INSERT
            else {name: values for name, values in entry.changes.items() if not hidden(name)},
        )
        for entry in entries
    ]
    shown = [(entry, changes) for entry, changes in shown if changes or entry.action == AuditAction.INSERT]
    words = describe_changes(model, [changes for _entry, changes in shown], zone=active_zone())
    return [
        ActivityItem(
            "created" if entry.action == AuditAction.INSERT else "changed",
            entry.at,
            names.get(entry.user_id, ""),
            changes=tuple(changes),
        )
        for (entry, _raw), changes in zip(shown, words, strict=True)
    ]


def _names(user_ids: set[int | None]) -> dict[int | None, str]:
    """Return the name of each user: as an employee if he is one, else as he signed up."""
    if not user_ids - {None}:
        return {}
    rows = session.execute(
        select(User.id, User.first_name, User.last_name, Employee.name)
        .outerjoin(Employee, Employee.user_id == User.id)
        .where(User.id.in_(user_ids - {None}))
    )
    return {user_id: employee or f"{first} {last}" for user_id, first, last, employee in rows}
