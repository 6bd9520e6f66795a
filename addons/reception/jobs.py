"""What reception does by itself."""

from typing import Any

from addons.reception import queries, services


def propose_erasures(_progress: Any) -> dict[str, int]:
    """Propose to erase files that nobody was in contact with for long; people decide (P:CRM-22)."""
    return {"proposed": services.propose_idle_erasures()}


def propose_grades(_progress: Any) -> dict[str, int]:
    """Propose the grades of a quarter that has begun; a second run in the quarter finds nobody left (S:REC-09)."""
    return {"proposed": services.propose_grades(queries.present_time())}
