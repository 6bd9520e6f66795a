"""How each feature stands in the active company: on, off, not set up, or off-line, and what waits."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa

from app.companies.clock import active_zone
from app.companies.enablement import is_enabled
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import on_commit, session
from app.errors import NotFound, Text
from app.i18n import _
from app.jobs.dispatch import dispatch
from app.online.feature import OnlineFeature, find_feature, list_features
from app.online.models import CallState, OnlineCall
from app.parameters.platform_values import ONLINE_FEATURES

CALL_TASK = "online.call"


class FeatureState(StrEnum):
    """Whether a feature works. Off-line: the latest attempt failed."""

    __tones__: ClassVar = {"on": "green", "not_set_up": "amber", "off_line": "red"}

    ON = "on"
    OFF_LINE = "off_line"
    NOT_SET_UP = "not_set_up"
    OFF = "off"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    FeatureState.ON: _("Ready"),
    FeatureState.OFF_LINE: _("Off line"),
    FeatureState.NOT_SET_UP: _("Not set up"),
    FeatureState.OFF: _("Switched off"),
}


@dataclass(frozen=True)
class FeatureStatus:
    """A feature, and how it stands. `error` is that of the last failure."""

    feature: OnlineFeature
    state: FeatureState
    waiting: int
    last_success: dt.datetime | None
    last_failure: dt.datetime | None
    error: str


def is_usable(feature: OnlineFeature) -> bool:
    """Tell whether the company has it on and set up, so that it is tried at all."""
    return _resting(feature) is None


def state_of(name: str) -> FeatureStatus:
    """Return how a feature stands here. Raises NotFound for one that is not installed or whose add-on is off."""
    feature = find_feature(name)
    if feature is None or not _is_open(feature):
        raise NotFound("online.feature", _("There is no such function."))
    latest = (
        sa.select(
            sa.func.max(OnlineCall.done_at).filter(OnlineCall.state == CallState.DONE),
            sa.func.max(OnlineCall.done_at),
            sa.func.max(OnlineCall.failed_at),
            sa.func.count().filter(OnlineCall.state == CallState.WAITING),
        )
        .select_from(OnlineCall)
        .where(OnlineCall.feature == name)
    )
    success, answered, failure, waiting = session.execute(latest).one()
    is_down = failure is not None and (answered is None or failure > answered)
    error = _error_of(name, failure) if failure is not None else ""
    state = _resting(feature) or (FeatureState.OFF_LINE if is_down else FeatureState.ON)
    return FeatureStatus(feature, state, waiting, success, failure, error)


def list_states() -> list[FeatureStatus]:
    """Return how the features of the platform and of the add-ons that are on stand here."""
    return [state_of(feature.name) for feature in list_features() if _is_open(feature)]


def try_now(name: str, *, now: dt.datetime) -> int:
    """Let all that waits for a feature be tried at once, after commit; return how much it is. Raises NotFound."""
    found = state_of(name)
    waiting = sa.update(OnlineCall).where(OnlineCall.feature == name, OnlineCall.state == CallState.WAITING)
    session.execute(waiting.values(due_at=now), execution_options={"synchronize_session": False})
    company_id = active_company()
    on_commit(lambda: dispatch(CALL_TASK, company_id=company_id, feature=name))
    return found.waiting


def _resting(feature: OnlineFeature) -> FeatureState | None:
    """Return why a feature is not tried; None if it is."""
    today = utc_now().astimezone(active_zone()).date()
    if not _is_open(feature) or feature.name not in ONLINE_FEATURES.value(today):
        return FeatureState.OFF
    return None if feature.is_ready() else FeatureState.NOT_SET_UP


def _is_open(feature: OnlineFeature) -> bool:
    return feature.addon is None or is_enabled(feature.addon, active_company())


def _error_of(name: str, at: dt.datetime) -> str:
    found = sa.select(OnlineCall.error).where(OnlineCall.feature == name, OnlineCall.failed_at == at)
    return session.scalars(found.limit(1)).first() or ""
