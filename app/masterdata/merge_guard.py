"""Nothing new is written about a partner who was merged into another one, not even at the very same moment."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.database.base import CompanyModel
from app.database.isolation import CompanySession
from app.errors import Conflict
from app.i18n import _
from app.masterdata.models import MergeLog, Partner


def merged() -> Conflict:
    """Return the refusal of whoever was overtaken by a merge."""
    return Conflict("partner.merged", _("This partner was merged into another one meanwhile. Choose that one."))


def _before_flush(session: CompanySession, _context: Any, _instances: Any) -> None:
    """Wait for a merge that is under way, and refuse what names its loser.

    A merge locks both rows; the shared lock is the one that the foreign key takes anyway, a moment earlier.
    """
    named = {key for row in [*session.new, *session.dirty] for key in _named(row)}
    if not named:
        return
    lock = sa.select(Partner.id, Partner.merged_into_id).where(Partner.id.in_(named)).order_by(Partner.id)
    with session.no_autoflush:
        if any(into is not None for _id, into in session.execute(lock.with_for_update(read=True, key_share=True))):
            raise merged()


def _named(row: Any) -> set[int]:
    """Return the partners that a row names now and did not before."""
    if not isinstance(row, CompanyModel) or isinstance(row, MergeLog):
        return set()
    state: Any = sa.inspect(row)
    return {
        key
        for column in state.mapper.columns
        if column.info.get("references") == Partner.__tablename__
        for key in state.attrs[state.mapper.get_property_by_column(column).key].history.added or ()
        if key is not None
    }


event.listen(CompanySession, "before_flush", _before_flush)
