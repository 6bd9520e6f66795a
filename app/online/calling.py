"""Doing what waits: claimed in one transaction, asked in none, noted in another, so that nothing ever blocks."""

import datetime as dt
import logging
import time
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.database.columns import utc_now
from app.database.session import begin_writing, commit, session
from app.events.outbox import next_attempt
from app.i18n import _
from app.jobs.context import active_company_ids, run_as
from app.notices import notify
from app.online.feature import OnlineFailed, OnlineFeature, OnlineRefused, find_feature, list_features
from app.online.models import CallState, OnlineCall
from app.online.queue import GIVEN_UP
from app.online.state import CALL_TASK, is_usable

__all__ = ["CALL_TASK", "call_due", "call_feature"]

log = logging.getLogger(__name__)
_BATCH = 200
_TURN = 60.0  # Seconds: a slow server of one company keeps nobody else's waiting.
_LEASE = dt.timedelta(minutes=5)  # A process that ended meanwhile is taken for dead after this.


class _Claim(NamedTuple):
    call_id: int
    record_id: int
    attempts: int
    request: Any


def call_due(now: dt.datetime) -> None:
    """Do what is due in every company; safe to run in several processes at once."""
    for company_id in active_company_ids():
        for feature in list_features():
            _call_feature(company_id, feature, now)


def call_feature(company_id: int, feature: str) -> None:
    """Do what is due of one feature now."""
    found = find_feature(feature)
    if found is not None:
        _call_feature(company_id, found, utc_now())


def _call_feature(company_id: int, feature: OnlineFeature, now: dt.datetime) -> None:
    """Do one call after the other; after one that fails for want of a line, or a minute, the others wait their turn."""
    until = time.monotonic() + _TURN
    for call_id in run_as(company_id, None, _due, feature, now):
        claim = run_as(company_id, None, _claim, feature, call_id, now)
        if (claim is not None and not _call(company_id, feature, claim)) or time.monotonic() > until:
            return


def _call(company_id: int, feature: OnlineFeature, claim: _Claim) -> bool:
    """Ask the other side; False where it could not be reached."""
    try:
        answer = run_as(company_id, None, feature.call, claim.request)
    except OnlineRefused as error:
        run_as(company_id, None, _give_up, feature, claim, str(error), utc_now(), answered=True)
        return True
    except Exception as error:
        log.exception("online feature %s failed", feature.name)
        reason = str(error) if isinstance(error, OnlineFailed) else type(error).__name__
        run_as(company_id, None, _note_failure, feature, claim, reason, utc_now())
        return False
    run_as(company_id, None, _note_success, feature, claim, answer, utc_now())
    return True


def _due(feature: OnlineFeature, now: dt.datetime) -> list[int]:
    if not is_usable(feature):
        return []
    due = sa.select(OnlineCall.id).where(
        OnlineCall.feature == feature.name, OnlineCall.state == CallState.WAITING, OnlineCall.due_at <= now
    )
    return list(session.scalars(due.order_by(OnlineCall.due_at, OnlineCall.id).limit(_BATCH)))


def _claim(feature: OnlineFeature, call_id: int, now: dt.datetime) -> _Claim | None:
    """Put the next attempt off and return what to ask; None when somebody else is at it, or it is not wanted."""
    begin_writing()
    call = session.scalar(
        sa.select(OnlineCall)
        .where(OnlineCall.id == call_id, OnlineCall.state == CallState.WAITING, OnlineCall.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    if call is None:
        return None
    request = feature.prepare(call.record_id)
    if request is None:
        call.state = CallState.DROPPED
    call.attempts += 1
    call.due_at = now + _LEASE
    claim = _Claim(call.id, call.record_id, call.attempts, request)
    commit()
    return claim if request is not None else None


def _note_success(feature: OnlineFeature, claim: _Claim, answer: Any, now: dt.datetime) -> None:
    begin_writing()
    call = session.get_one(OnlineCall, claim.call_id)
    call.state, call.done_at = CallState.DONE, now
    feature.finish(claim.record_id, answer, "")
    commit()


def _note_failure(feature: OnlineFeature, claim: _Claim, reason: str, now: dt.datetime) -> None:
    due_at = next_attempt(claim.attempts, now)
    if due_at is None:
        _give_up(feature, claim, reason, now, answered=False)
        return
    begin_writing()
    call = session.get_one(OnlineCall, claim.call_id)
    call.failed_at, call.error, call.due_at = now, reason[:300], due_at
    commit()


def _give_up(feature: OnlineFeature, claim: _Claim, reason: str, now: dt.datetime, *, answered: bool) -> None:
    """Note that it is not tried again, and tell who asked for it. `answered`: the other side was there, and said no."""
    begin_writing()
    call = session.get_one(OnlineCall, claim.call_id)
    call.done_at = now if answered else None
    call.state, call.failed_at, call.error = CallState.FAILED, now, reason[:300]
    feature.finish(claim.record_id, None, reason[:300])
    if feature.tells_asker and call.created_by_id is not None:
        text = _("%(feature)s: what you asked for could not be done. %(reason)s")
        values = {"feature": feature.title, "reason": _(reason[:300])}
        notify([call.created_by_id], kind=GIVEN_UP, text=text, values=values, now=now)
    commit()
