"""What waits for somebody on the to-do list."""

import datetime as dt
from collections.abc import Callable, Iterable

from addons.contracts import queries
from addons.contracts.models import Contract
from app.sdk.errors import Text
from app.sdk.i18n import _, humanize
from app.sdk.models import User
from app.sdk.workflow import Todo, TodoList

CONTRACT, REVIEW = "contracts.Contract", "contracts.Review"
OBLIGATION, INCIDENT = "contracts.Obligation", "contracts.Incident"


def reviews(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the reviews that the actor has to give."""
    return [
        Todo(title=str(one), resource=REVIEW, record_id=one.id, note=_(humanize(one.kind.value)))
        for one in queries.list_reviews_to_give(actor=actor)
    ]


def approvals(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the contracts that the leader has to approve."""
    return _contracts(queries.list_to_approve(actor=actor), lambda _one: None, _("Approve the contract"))


def duties(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the duties that are due soon, or overdue."""
    return [
        Todo(title=one.title, resource=OBLIGATION, record_id=one.id, due=one.due_on, note=str(one.contract))
        for one in queries.list_duties_due(actor=actor, today=queries.local_day(now))
    ]


def expiring(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the contracts whose end is near."""
    found = queries.list_expiring(actor=actor, today=queries.local_day(now))
    return _contracts(found, lambda one: one.ends_on, _("The contract ends: renew or complete it"))


def checks(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the contracts whose execution is to be gone through."""
    found = queries.list_to_check(actor=actor, today=queries.local_day(now))
    return _contracts(found, queries.check_due, _("Go through its execution"))


def archive(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the contracts whose papers are to be put away."""
    return _contracts(queries.list_to_archive(actor=actor), queries.archive_due, _("Archive the papers"))


def incidents(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the incidents that wait for a solution."""
    return [
        Todo(title=str(one), resource=INCIDENT, record_id=one.id, due=one.due_at, note=_("Find a solution"))
        for one in queries.list_open_incidents(actor=actor)
    ]


def _contracts(found: Iterable[Contract], due: Callable[[Contract], dt.date | None], note: Text) -> list[Todo]:
    return [Todo(title=str(one), resource=CONTRACT, record_id=one.id, due=due(one), note=note) for one in found]


TODO_LISTS = (
    TodoList("contracts.reviews", _("Contracts to review"), "clipboard-check", REVIEW, reviews),
    TodoList("contracts.approvals", _("Contracts to approve"), "check", CONTRACT, approvals),
    TodoList("contracts.duties", _("Contract duties due"), "clock", OBLIGATION, duties),
    TodoList("contracts.expiring", _("Contracts that end soon"), "calendar-days", CONTRACT, expiring),
    TodoList("contracts.checks", _("Contracts to go through"), "clipboard-list", CONTRACT, checks),
    TodoList("contracts.archive", _("Contracts to archive"), "archive", CONTRACT, archive),
    TodoList("contracts.incidents", _("Contract incidents to solve"), "circle-alert", INCIDENT, incidents),
)
