"""Rule sets of a company: which edition is in force on a day, and who interprets it (S:CORE-22)."""

import datetime as dt
import re

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.companies.models import OrgUnit
from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _
from app.parameters.models import RuleSet

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def rule_set_in_force(code: str, *, on: dt.date) -> RuleSet | None:
    """Return the edition that governs a day; None before the first one: its rules are not applied earlier."""
    return session.scalar(
        select(RuleSet)
        .where(RuleSet.code == code, RuleSet.effective_from <= on)
        .order_by(RuleSet.effective_from.desc())
        .limit(1)
    )


def issue_rule_set(
    code: str, *, title: str, edition: str, effective_from: dt.date, interpreted_by: OrgUnit, actor: User
) -> RuleSet:
    """Issue an edition; what was done before its day stays under the edition of that day.

    Raises ValidationError for a code that rules cannot ask for, Conflict where the code has this edition already or
    another one begins on that day (R4, R5).
    """
    if not _CODE.fullmatch(code):
        raise ValidationError(
            "rule_set.code", _("Use small letters, digits and underscores, such as data_quality."), field="code"
        )
    for one in session.scalars(select(RuleSet).where(RuleSet.code == code)):
        if one.edition == edition:
            raise Conflict(
                "rule_set.edition", _("There is an edition %(value)s already."), field="edition", value=edition
            )
        if one.effective_from == effective_from:
            raise Conflict(
                "rule_set.same_day",
                _("Edition %(edition)s begins on %(day)s already."),
                field="effective_from",
                edition=one.edition,
                day=effective_from.isoformat(),
            )
    made = RuleSet(
        code=code,
        title=title,
        edition=edition,
        effective_from=effective_from,
        interpreted_by_id=interpreted_by.id,
        created_by_id=actor.id,
    )
    session.add(made)
    session.flush()
    return made
