"""Functions that need the internet: declared, queued while it is away, and marked where they are offered."""

from app.online import FeatureState, OnlineFailed, OnlineFeature, OnlineRefused, ask_online
from app.online.http import check_address, post

__all__ = ["FeatureState", "OnlineFailed", "OnlineFeature", "OnlineRefused", "ask_online", "check_address", "post"]
