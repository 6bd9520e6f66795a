"""Leave for a colleague to follow somebody else's customer until a day (S:REC-18)."""

import datetime as dt

from addons.reception.models import Customer
from addons.reception.parameters import GRANT_DAYS
from addons.reception.queries import local_day
from addons.reception.workflow import CUSTOMER_WORKFLOW
from app.sdk.models import Employee, User
from app.sdk.security import end_grant, grant_partner


@CUSTOMER_WORKFLOW.transition("grant")
def grant_customer(
    customer: Customer, *, actor: User, colleague: Employee, now: dt.datetime, until: dt.date | None = None
) -> None:
    """Let a colleague see the customer, by default for as long as the company allows.

    Raises ValidationError for a day in the past or too far away, Conflict for a colleague who left.
    """
    today = local_day(now)
    days = GRANT_DAYS.value(today)
    last = until or today + dt.timedelta(days=days)
    grant_partner(customer.partner_id, grantee=colleague, until=last, on=today, longest=days)


@CUSTOMER_WORKFLOW.transition("end_grant")
def end_customer_grant(customer: Customer, *, actor: User, colleague: Employee, now: dt.datetime) -> None:
    """Take a colleague's grant back at once. Raises NotFound where he has none."""
    end_grant(customer.partner_id, grantee=colleague, on=local_day(now))
