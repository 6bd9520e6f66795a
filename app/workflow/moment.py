"""The clock of a transition: services and guards that declare `now` or `today` are given them by the engine."""

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any

from app.companies.clock import active_zone

MOMENT = ("now", "today")


def moment_for(function: Callable[..., Any], now: dt.datetime) -> dict[str, Any]:
    """Return those of `now` (the UTC instant) and `today` (the company's local day) that the function declares."""
    declared = [name for name in inspect.signature(function).parameters if name in MOMENT]
    return {name: now if name == "now" else now.astimezone(active_zone()).date() for name in declared}
