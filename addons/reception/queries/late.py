"""How late a prospect or customer file is handed in, by the values of the day on which its time began to run."""

import datetime as dt

from addons.reception.models import Customer
from addons.reception.parameters import FILE_SUBMIT_HOURS, PROSPECT_SUBMIT_DAYS
from addons.reception.queries.front_desk import local_day


def days_late(customer: Customer) -> int | None:
    """Return by how many days a prospect was handed in too late (P:CRM-01); None for one that is still at hand."""
    if customer.submitted_at is None:
        return None
    taken = (local_day(customer.submitted_at) - customer.received_on).days
    return max(0, taken - PROSPECT_SUBMIT_DAYS.value(customer.received_on))


def file_minutes_late(customer: Customer) -> int | None:
    """Return by how many minutes a customer file was handed in too late (P:CRM-05); None where there is no file."""
    if customer.submitted_at is None or customer.file_opened_at is None:
        return None
    hours = FILE_SUBMIT_HOURS.value(local_day(customer.file_opened_at))
    due = customer.file_opened_at + dt.timedelta(hours=hours)
    return max(0, int((customer.submitted_at - due).total_seconds() // 60))
