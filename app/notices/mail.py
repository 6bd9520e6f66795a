"""Notices by e-mail: owed in the transaction, sent after it, outside of any, and tried again until it works.

No transaction is open while the mail server is asked, so that a slow one keeps nobody from writing. A process that dies
between sending and noting it sends again; both carry the same Message-ID.
"""

import datetime as dt
import logging

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext

from app.companies.models import Company
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import begin_writing, commit, session
from app.events.outbox import next_attempt
from app.jobs.context import active_company_ids, run_as
from app.notices.letters import MAIL_ERRORS, Letter, is_mail_on, send_letter, subject_line
from app.notices.models import Notice
from app.notices.readers import language_of, link_to
from app.notices.reading import tell
from app.security.usernames import has_mail

log = logging.getLogger(__name__)
MAIL_TASK = "notices.mail"
_BATCH = 200


def send_due_mail(now: dt.datetime) -> None:
    """Send what is owed in every company; safe to run in several processes at once."""
    if not is_mail_on():
        return
    for company_id in active_company_ids():
        for notice_id in run_as(company_id, None, _due, now):
            send_mail(company_id, notice_id)


def send_mail(company_id: int, notice_id: int) -> None:
    """Send one notice; a failure is noted and tried again later."""
    letter = run_as(company_id, None, _claim, notice_id, utc_now())
    if letter is None:
        return
    try:
        send_letter(letter)
    except MAIL_ERRORS:
        log.exception("notice %s could not be sent by e-mail; it will be tried again", notice_id)
        return
    run_as(company_id, None, _note_sent, notice_id, utc_now())


def _due(now: dt.datetime) -> list[int]:
    owed = sa.select(Notice.id).where(Notice.mail_due_at <= now).order_by(Notice.mail_due_at, Notice.id)
    return list(session.scalars(owed.limit(_BATCH)))


def _claim(notice_id: int, now: dt.datetime) -> Letter | None:
    """Put the next attempt off and return what to send; None when somebody else is at it, or it is not owed."""
    begin_writing()
    notice = session.scalar(
        sa.select(Notice).where(Notice.id == notice_id, Notice.mail_due_at <= now).with_for_update(skip_locked=True)
    )
    if notice is None:
        return None
    reader, attempts = session.get_one(User, notice.user_id), notice.mail_attempts + 1
    letter = _letter(notice, reader) if reader.active and has_mail(reader) else None
    _set(notice_id, mail_attempts=attempts, mail_due_at=next_attempt(attempts, now) if letter else None)
    commit()
    return letter


def _letter(notice: Notice, reader: User) -> Letter:
    company = session.get_one(Company, active_company())
    with force_locale(language_of(reader.id)):
        (told,) = tell([notice], reader=reader)
        closing = gettext("You choose on the page of your notices which of them you receive by e-mail.")
    address = link_to(notice)
    link = f"\n\n{address}" if address else ""
    return Letter(
        to=reader.email,
        subject=subject_line(f"[{company.name}] {told.text}"),
        body=f"{told.text}{link}\n\n--\n{company.name}\n{closing}\n",
        key=f"notice.{company.id}.{notice.id}",
        at=notice.at,
    )


def _note_sent(notice_id: int, now: dt.datetime) -> None:
    _set(notice_id, mail_due_at=None, mailed_at=now)
    commit()


def _set(notice_id: int, **values: dt.datetime | int | None) -> None:
    """Write without the version: its reader may mark the notice as read at this very moment."""
    session.execute(sa.update(Notice).where(Notice.id == notice_id).values(**values))
