"""The clock of a transition: services and guards that declare `now` or `today` are given them by the engine."""

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from app.companies.clock import local_today
from app.companies.models import Company
from app.database.context import active_company
from app.database.session import session

MOMENT = ("now", "today")


def current_company() -> Company:
    """Return the active company."""
    return session.get_one(Company, active_company())


def company_zone() -> ZoneInfo:
    """Return the time zone in which people of the active company read and write times."""
    return ZoneInfo(current_company().timezone)


def moment_for(function: Callable[..., Any], now: dt.datetime) -> dict[str, Any]:
    """Return those of `now` (the UTC instant) and `today` (the company's local day) that the function declares."""
    declared = [name for name in inspect.signature(function).parameters if name in MOMENT]
    return {name: now if name == "now" else local_today(current_company(), now) for name in declared}
