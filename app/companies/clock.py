"""The company's clock: instants are UTC, business days are local."""

import datetime as dt
from zoneinfo import ZoneInfo

from app.companies.models import Company
from app.database.context import active_company
from app.database.remembering import Memory
from app.database.session import session

_ZONES = Memory("time_zones", Company, for_request=True)


def local_time(company: Company, now: dt.datetime) -> dt.datetime:
    """Return the instant on the company's wall clock. Raises ValueError for a naive `now`."""
    if now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return now.astimezone(ZoneInfo(company.timezone))


def local_today(company: Company, now: dt.datetime) -> dt.date:
    """Return the company's calendar day at this instant."""
    return local_time(company, now).date()


def active_zone() -> ZoneInfo:
    """Return the time zone of the active company; UTC without one. Remembered for the rest of the request."""
    company_id = active_company()
    if company_id is None:
        return ZoneInfo("UTC")
    known: dict[int, ZoneInfo] = _ZONES.recall(session)
    if company_id not in known:
        known[company_id] = _zone_of(company_id)
    return known[company_id]


def local_day(instant: dt.datetime) -> dt.date:
    """Return the active company's calendar day of an instant."""
    return instant.astimezone(active_zone()).date()


def _zone_of(company_id: int) -> ZoneInfo:
    company = session.get(Company, company_id)
    return ZoneInfo(company.timezone) if company is not None else ZoneInfo("UTC")


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and the last instant of a day in the active company; it ends at 23:59:59.999999."""
    zone = active_zone()
    return dt.datetime.combine(day, dt.time.min, zone), dt.datetime.combine(day, dt.time.max, zone)
