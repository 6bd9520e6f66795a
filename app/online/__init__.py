"""Functions that need the internet: declared, marked where offered, and queued while it is away (S:CORE-20)."""

from flask import Flask

from app.jobs import add_schedule, add_tick
from app.jobs.dispatch import dispatcher
from app.online.calling import CALL_TASK, call_due, call_feature
from app.online.feature import OnlineFailed, OnlineFeature, OnlineRefused, find_feature, register_online_features
from app.online.models import CallState, OnlineCall
from app.online.queue import CLEAN_UP_EVERY, GIVEN_UP, QUEUED, ask_online, ask_online_for_all, delete_old_calls
from app.online.state import FeatureState, FeatureStatus, list_states, state_of, try_now

__all__ = [
    "GIVEN_UP",
    "QUEUED",
    "CallState",
    "FeatureState",
    "FeatureStatus",
    "OnlineCall",
    "OnlineFailed",
    "OnlineFeature",
    "OnlineRefused",
    "ask_online",
    "ask_online_for_all",
    "find_feature",
    "install_online",
    "list_states",
    "register_online_features",
    "state_of",
    "try_now",
]


def install_online(app: Flask) -> None:
    """Give the app its registry, and have what waits be done after commit and each minute. After `install_jobs`."""
    app.extensions["online_features"] = {}
    with app.app_context():
        dispatcher().register(CALL_TASK, call_feature)
        add_tick(call_due)
        add_schedule("online.delete_old_calls", CLEAN_UP_EVERY, delete_old_calls)
