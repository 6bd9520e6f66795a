"""Tables of the events room."""

from app.events.models.delivery import Delivery

__all__ = ["Delivery"]
