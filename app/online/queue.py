"""Asking for what needs the internet: written down with the record, done after commit, and later if need be."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.context import active_company
from app.database.session import on_commit, session
from app.errors import ConfigurationError
from app.i18n import _
from app.jobs.dispatch import dispatch
from app.notices import Notice, NoticeKind, notify
from app.online.feature import find_feature
from app.online.models import CallState, OnlineCall
from app.online.state import CALL_TASK, FeatureState, state_of

CLEAN_UP_EVERY = dt.timedelta(days=1)
KEPT = dt.timedelta(days=400)  # The latest success and failure are read from what is kept.
QUEUED = NoticeKind("online.queued", _("Waiting for the internet"), "cloud-off")
GIVEN_UP = NoticeKind("online.given_up", _("A function that needs the internet failed"), "cloud-off")


def ask_online(name: str, record_id: int, *, actor: User | None, now: dt.datetime) -> FeatureState:
    """Have a feature do its work for a record of its own, in the caller's transaction; never fails for want of a line.

    Off-line, switched off or not set up, it waits, and the actor is told so. Returns how the feature stands. Raises
    ConfigurationError for a name that is not declared.
    """
    return ask_online_for_all(name, [record_id], actor=actor, now=now)


def ask_online_for_all(name: str, record_ids: Sequence[int], *, actor: User | None, now: dt.datetime) -> FeatureState:
    """Do as `ask_online` for many records, for the price of one. One that is asked for again begins anew."""
    if find_feature(name) is None:
        raise ConfigurationError(f"online feature {name}: not declared")
    found = state_of(name)
    again = sa.delete(OnlineCall).where(OnlineCall.feature == name, OnlineCall.record_id.in_(record_ids))
    session.execute(again, execution_options={"synchronize_session": False})
    session.add_all([OnlineCall(feature=name, record_id=record_id, due_at=now) for record_id in record_ids])
    session.flush()
    if found.state in (FeatureState.ON, FeatureState.OFF_LINE):
        company_id = active_company()
        on_commit(lambda: dispatch(CALL_TASK, company_id=company_id, feature=name))
    if found.state is not FeatureState.ON and actor is not None and not _was_told(actor):
        notify(
            [actor.id],
            kind=QUEUED,
            text=_("%(feature)s is not available at present. What you asked for waits and is done later."),
            values={"feature": found.feature.title},
            now=now,
        )
    return found.state


def _was_told(actor: User) -> bool:
    """Tell whether such a notice stands unread: of many messages at once one is enough."""
    unread = sa.select(Notice.id).where(
        Notice.user_id == actor.id, Notice.kind == QUEUED.name, Notice.read_at.is_(None), Notice.in_app
    )
    return session.scalar(unread.limit(1)) is not None


def delete_old_calls(now: dt.datetime) -> None:
    """Forget the active company's calls that are over for long."""
    over = sa.delete(OnlineCall).where(OnlineCall.state != CallState.WAITING, OnlineCall.created_at < now - KEPT)
    session.execute(over, execution_options={"synchronize_session": False})
