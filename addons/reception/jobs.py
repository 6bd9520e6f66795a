"""What reception does by itself."""

from typing import Any

from addons.reception.services import propose_idle_erasures


def propose_erasures(_progress: Any) -> dict[str, int]:
    """Propose to erase files that nobody was in contact with for long; people decide (P:CRM-22)."""
    return {"proposed": propose_idle_erasures()}
