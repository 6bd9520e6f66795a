"""The numbers in the top bar: unread notices, and what waits for the reader's approval. One statement a page."""

from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_login import current_user

from app.approvals.models import ApprovalTask, waiting
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.notices.reading import COUNT_CAP, UNREAD
from app.parameters.platform_values import DELEGATION
from app.security.roles import acting_user

Badge = dict[str, Any]


def badges() -> dict[str, Badge]:
    """Return count, words and address of `bell` and `inbox`, counted once for a page."""
    if "badges" not in g:
        unread, tasks = _count()
        g.badges = {
            "bell": _badge(unread, url_for("NoticesView.list")),
            "inbox": _badge(tasks, url_for("approvals_ApprovalTaskView.list")),
        }
    found: dict[str, Badge] = g.badges
    return found


def _badge(count: int, url: str) -> Badge:
    return {"count": count, "shown": f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count), "url": url}


def _count() -> tuple[int, int]:
    if not current_user.is_authenticated or active_company() is None:
        return 0, 0
    today = utc_now().astimezone(active_zone()).date()
    unread, open_tasks = session.execute(
        _COUNTS[DELEGATION.value(today)], {"user_id": acting_user().id, "today": today}
    ).one()
    return unread, open_tasks


def _statement(*, by_deputies: bool) -> sa.Select[Any]:
    """Select both counts; each stops at the cap."""
    me = sa.select(Employee.id).where(Employee.user_id == sa.bindparam("user_id")).scalar_subquery()
    mine = waiting(me, sa.bindparam("today", type_=sa.Date), by_deputies=by_deputies)
    some = sa.select(ApprovalTask.id).where(mine).limit(COUNT_CAP).subquery()
    tasks = sa.select(sa.func.count()).select_from(some)
    return sa.select(UNREAD.scalar_subquery(), tasks.scalar_subquery())


# Built once: building one costs as much as running it.
_COUNTS = {by_deputies: _statement(by_deputies=by_deputies) for by_deputies in (True, False)}
