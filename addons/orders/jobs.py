"""What orders does by itself."""

from typing import Any

from addons.orders import services


def expire_reservations(_progress: Any) -> dict[str, int]:
    """End the reservations whose time is over and on which nobody paid a deposit; their items are free again."""
    return {"expired": services.expire_lapsed()}
