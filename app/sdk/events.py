"""Announcing what happened."""

from app.events import Event, publish

__all__ = ["Event", "publish"]
