"""Who is told of what happens to a contract."""

import datetime as dt
from collections.abc import Iterable

from addons.contracts.choices import ReviewState
from addons.contracts.models import Contract, Incident
from addons.contracts.queries import local_day
from app.sdk.i18n import LazyString, _, humanize
from app.sdk.models import Employee
from app.sdk.notices import NoticeKind, notify
from app.sdk.security import employees_holding

REVIEW = NoticeKind("contracts.review", _("Contracts that I have to review or approve"), icon="clipboard-check")
PROGRESS = NoticeKind("contracts.progress", _("What becomes of my contracts"), icon="file-text")
BREACH = NoticeKind("contracts.breach", _("Breaches and incidents of contracts"), icon="circle-alert")
KINDS = (REVIEW, PROGRESS, BREACH)
MANAGER, FINANCE, LEADER = "contracts_manager", "contracts_finance", "contracts_leader"


def tell_reviewers(contract: Contract, *, now: dt.datetime) -> None:
    """Tell those who hold the roles of the open reviews, and the leader where there is none (S:CON-02)."""
    open_kinds = [one.kind for one in contract.reviews if one.state is ReviewState.PENDING]
    for kind in open_kinds:
        _tell(
            _holders([f"contracts_{kind.value}"], contract, now),
            REVIEW,
            _("“%(record)s” waits for a review: %(kind)s."),
            contract,
            now,
            {"kind": _(humanize(kind.value))},
        )
    if not open_kinds:
        tell_leader(contract, now=now)


def tell_leader(contract: Contract, *, now: dt.datetime) -> None:
    """Tell the leader that a contract waits for him (P:CON-06)."""
    _tell(_holders([LEADER], contract, now), REVIEW, _("“%(record)s” waits for your approval."), contract, now)


def tell_owner(contract: Contract, text: LazyString, *, now: dt.datetime) -> None:
    """Tell whoever answers for the contract."""
    _tell([contract.owner] if contract.owner else [], PROGRESS, text, contract, now)


def tell_breach(contract: Contract, *, title: str, now: dt.datetime) -> None:
    """Tell the owner, the finance reviewers and the manager that a duty was missed (S:CON-06)."""
    people = [*([contract.owner] if contract.owner else []), *_holders([FINANCE, MANAGER], contract, now)]
    _tell(people, BREACH, _("“%(record)s”: missed: %(title)s."), contract, now, {"title": title})


def tell_manager(incident: Incident, *, now: dt.datetime) -> None:
    """Tell the manager of an incident (P:CON-09)."""
    contract = incident.contract
    _tell(_holders([MANAGER], contract, now), BREACH, _("An incident was reported: “%(record)s”."), contract, now)


def _holders(roles: Iterable[str], contract: Contract, now: dt.datetime) -> list[Employee]:
    day = local_day(now)
    return [one for role in roles for one in employees_holding(role, on=day)]


def _tell(
    people: Iterable[Employee],
    kind: NoticeKind,
    text: LazyString,
    contract: Contract,
    now: dt.datetime,
    values: dict[str, object] | None = None,
) -> None:
    users = {one.user_id for one in people if one.user_id is not None}
    if users:
        notify(sorted(users), kind=kind, text=text, about=contract, values=values, now=now)
