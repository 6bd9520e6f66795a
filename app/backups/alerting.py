"""Telling the administrators of the platform that a backup failed (S:CORE-16)."""

import datetime as dt
import logging

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Group, Role, User

from app.companies.models import Membership
from app.database.session import commit, session
from app.i18n import _
from app.jobs.context import active_company_ids, run_as
from app.notices import NoticeKind, notify

log = logging.getLogger(__name__)
BACKUP_FAILED = NoticeKind("backups.failed", _("A backup failed"), "database-backup")
_ADMINISTRATOR = "Admin"


def alert_administrators(reason: str, now: dt.datetime) -> list[int]:
    """Give each administrator of the platform one notice, in the first company that he belongs to; return who was told.

    It is committed at once: whatever failed must not take the alert along. Somebody without any company cannot be
    told; the log has the failure in any case.
    """
    log.error("the backup failed: %s", reason)
    told: list[int] = []
    for company_id in active_company_ids():
        told += run_as(company_id, None, _alert, company_id, told, reason, now)
    return told


def _alert(company_id: int, told: list[int], reason: str, now: dt.datetime) -> list[int]:
    here = sa.select(Membership.user_id).where(Membership.company_id == company_id)
    is_administrator = Role.name == _ADMINISTRATOR
    holds_it = sa.or_(User.roles.any(is_administrator), User.groups.any(Group.roles.any(is_administrator)))
    administrators = sa.select(User.id).where(User.active, holds_it, User.id.in_(here), User.id.not_in(told))
    found = list(session.scalars(administrators))
    notify(found, kind=BACKUP_FAILED, text=_("The backup failed: %(reason)s"), values={"reason": reason[:500]}, now=now)
    commit()
    return found
