"""Who stands in for whom (P:COR-07)."""

import datetime as dt

import sqlalchemy as sa

from app.approvals.models import ApprovalDeputy
from app.companies.models import Employee
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _

LONGEST = dt.timedelta(days=366)


def name_deputy(absent: Employee, *, deputy: Employee, first_day: dt.date, last_day: dt.date) -> ApprovalDeputy:
    """Have somebody sign for another from the first to the last day.

    Raises ValidationError for oneself as deputy, for days in the wrong order, for more than a year, and for days
    on which somebody else stands in already.
    """
    if absent == deputy:
        raise ValidationError("approval.own_deputy", _("Nobody is his own deputy."), field="deputy")
    if not dt.timedelta() <= last_day - first_day <= LONGEST:
        raise ValidationError(
            "approval.deputy_days",
            _("The last day must be from %(first)s to %(limit)s."),
            field="last_day",
            first=first_day,
            limit=first_day + LONGEST,
        )
    taken = session.scalar(
        sa.select(ApprovalDeputy).where(
            ApprovalDeputy.absent_id == absent.id,
            ApprovalDeputy.first_day <= last_day,
            ApprovalDeputy.last_day >= first_day,
        )
    )
    if taken is not None:
        raise ValidationError(
            "approval.deputy_taken",
            _("%(deputy)s stands in from %(first)s to %(last)s already."),
            field="first_day",
            deputy=taken.deputy.name,
            first=taken.first_day,
            last=taken.last_day,
        )
    made = ApprovalDeputy(absent=absent, deputy=deputy, first_day=first_day, last_day=last_day)
    session.add(made)
    session.flush()
    return made
