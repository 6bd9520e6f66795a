"""Who stands in for whom (P:COR-07)."""

import datetime as dt

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.approvals.models import ApprovalDeputy
from app.approvals.notices import tell_deputy
from app.approvals.signers import can_sign
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.locking import lock_rows
from app.database.session import session
from app.errors import Conflict, NotAllowed, ValidationError
from app.i18n import _
from app.parameters.platform_values import DELEGATION
from app.security.scope import reach_of

LONGEST = dt.timedelta(days=366)


def name_deputy(
    absent: Employee, *, deputy: Employee, first_day: dt.date, last_day: dt.date, actor: User, now: dt.datetime
) -> ApprovalDeputy:
    """Have somebody sign for another from the first to the last day, and tell him.

    Raises NotAllowed for somebody else's deputy without the right to it, ValidationError for oneself as deputy and for
    whoever cannot sign on these days, for days in the wrong order, gone by or more than a year, and for days on which
    somebody else stands in already, Conflict where the company has no deputies.
    """
    today = now.astimezone(active_zone()).date()
    if not DELEGATION.value(today):
        raise Conflict("approval.no_deputies", _("This company has no deputies (%(key)s)."), key=DELEGATION.key)
    if absent.user_id != actor.id and not reach_of(ApprovalDeputy, actor, verb="add").holds_row(absent.id):
        raise NotAllowed("approval.others_deputy", _("You name your own deputy only."), field="absent_id")
    if absent == deputy:
        raise ValidationError("approval.own_deputy", _("Nobody is his own deputy."), field="deputy_id")
    if not can_sign(deputy, max(first_day, today)):
        raise ValidationError(
            "approval.deputy_absent",
            _("%(name)s works here no longer, or cannot log in."),
            field="deputy_id",
            name=deputy.name,
        )
    if not max(first_day, today) <= last_day <= first_day + LONGEST:
        raise ValidationError(
            "approval.deputy_days",
            _("The last day must be from %(first)s to %(limit)s."),
            field="last_day",
            first=max(first_day, today),
            limit=first_day + LONGEST,
        )
    lock_rows(absent)  # Two people may be naming his deputy at once.
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
    made = ApprovalDeputy(absent=absent, deputy=deputy, first_day=first_day, last_day=last_day, owner_id=absent.id)
    session.add(made)
    session.flush()
    tell_deputy(made, now=now)
    return made
