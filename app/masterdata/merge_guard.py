"""Nothing new is written about a partner who was merged into another one, not even at the very same moment."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from app.database.base import CompanyModel
from app.database.isolation import CompanySession
from app.database.remembering import Memory
from app.errors import Conflict
from app.i18n import _
from app.masterdata.models import MergeLog, Partner

_UNMERGED = Memory("unmerged_partners", Partner)


def merged() -> Conflict:
    """Return the refusal of whoever was overtaken by a merge."""
    return Conflict("partner.merged", _("This partner was merged into another one meanwhile. Choose that one."))


def _before_flush(session: CompanySession, _context: Any, _instances: Any) -> None:
    _refuse_merged(session, {key for row in [*session.new, *session.dirty] for key in _named(row)})


def _on_execute(state: ORMExecuteState) -> None:
    """Do the same for rows that are inserted past the flush."""
    if state.is_insert and state.bind_mapper is not None:
        given: Any = state.parameters or ()
        rows = given if isinstance(given, list) else [given]
        names = _partner_columns(state.bind_mapper)
        named = {row[name] for row in rows for name in names if row.get(name) is not None} if names else set()
        _refuse_merged(state.session, named)


def _refuse_merged(session: Session, named: set[int]) -> None:
    """Wait for a merge that is under way, and refuse what names its loser; each partner is asked for once.

    A merge locks both rows; the shared lock is the one that the foreign key takes anyway, a moment earlier.
    """
    held = _UNMERGED.recall(session)
    wanted = named - held.keys()
    if not wanted:
        return
    lock = sa.select(Partner.id, Partner.merged_into_id).where(Partner.id.in_(wanted)).order_by(Partner.id)
    with session.no_autoflush:
        if any(into is not None for _id, into in session.execute(lock.with_for_update(read=True, key_share=True))):
            raise merged()
    held.update(dict.fromkeys(wanted))


def _named(row: Any) -> set[int]:
    """Return the partners that a row names now and did not before."""
    if not isinstance(row, CompanyModel):
        return set()
    state: Any = sa.inspect(row)
    return {
        key
        for name in _partner_columns(state.mapper)
        for key in state.attrs[name].history.added or ()
        if key is not None
    }


@cache
def _partner_columns(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Return the attributes of a model that name a partner; of the log of merges none."""
    return tuple(
        mapper.get_property_by_column(column).key
        for column in mapper.columns
        if column.info.get("references") == Partner.__tablename__ and mapper.class_ is not MergeLog
    )


event.listen(CompanySession, "before_flush", _before_flush)
event.listen(CompanySession, "do_orm_execute", _on_execute)
