"""The company's clock: instants are UTC, business days are local."""

import datetime as dt
from zoneinfo import ZoneInfo

from app.companies.models import Company


def local_time(company: Company, now: dt.datetime) -> dt.datetime:
    """Return the instant on the company's wall clock. Raises ValueError for a naive `now`."""
    if now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return now.astimezone(ZoneInfo(company.timezone))


def local_today(company: Company, now: dt.datetime) -> dt.date:
    """Return the company's calendar day at this instant."""
    return local_time(company, now).date()
