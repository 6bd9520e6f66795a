"""What contracts does by itself."""

from typing import Any

from addons.contracts import services


def watch_contracts(_progress: Any) -> dict[str, int]:
    """Find missed duties and contracts that are over; a second run on the same day finds nothing (S:CON-06)."""
    return services.watch_contracts()
