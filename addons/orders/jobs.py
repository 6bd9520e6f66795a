"""What orders does by itself."""

from typing import Any

from addons.orders import services


def expire_reservations(_progress: Any) -> dict[str, int]:
    """End the reservations whose time is over and on which nobody paid a deposit; their items are free again."""
    return {"expired": services.expire_lapsed()}


def note_what_was_missed(_progress: Any) -> dict[str, int]:
    """Announce verbal orders that were not put in writing in time, and closed ones whose papers were not filed."""
    return {"unwritten": services.note_missed_records(), "unfiled": services.note_missing_papers()}
