"""The numbers in the top bar: unread notices, and what waits for the reader's approval. One statement a page."""

from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_login import current_user

from app.approvals.models import ApprovalTask, waits_for
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.notices.reading import COUNT_CAP, UNREAD
from app.security.roles import acting_user

Badge = dict[str, Any]


def badges() -> dict[str, Badge]:
    """Return count, words and address of `bell` and `inbox`, counted once for a page."""
    if "badges" not in g:
        unread, waiting = _count()
        g.badges = {
            "bell": _badge(unread, url_for("NoticesView.list")),
            "inbox": _badge(waiting, url_for("approvals_ApprovalTaskView.list")),
        }
    found: dict[str, Badge] = g.badges
    return found


def _badge(count: int, url: str) -> Badge:
    return {"count": count, "shown": f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count), "url": url}


def _count() -> tuple[int, int]:
    if not current_user.is_authenticated or active_company() is None:
        return 0, 0
    today = utc_now().astimezone(active_zone()).date()
    unread, waiting = session.execute(_COUNTS, {"user_id": acting_user().id, "today": today}).one()
    return unread, waiting


def _statement() -> sa.Select[Any]:
    """Select both counts; each stops at the cap."""
    me = sa.select(Employee.id).where(Employee.user_id == sa.bindparam("user_id")).scalar_subquery()
    mine = waits_for(0, me, sa.bindparam("today", type_=sa.Date))
    some = sa.select(ApprovalTask.id).where(mine).limit(COUNT_CAP).subquery()
    waiting = sa.select(sa.func.count()).select_from(some)
    return sa.select(UNREAD.scalar_subquery(), waiting.scalar_subquery())


_COUNTS = _statement()  # Built once: building it costs as much as running it.
