"""Notices by e-mail: owed in the transaction, sent after it, outside of any, and tried again until it works.

No transaction is open while the mail server is asked, so that a slow one keeps nobody from writing. A process that dies
between sending and noting it sends again; both carry the same Message-ID.
"""

import datetime as dt
import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext

from app.companies.models import Company
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import begin_writing, commit, session
from app.errors import ConfigurationError
from app.events.outbox import next_attempt
from app.jobs.context import active_company_ids, run_as
from app.notices.models import Notice
from app.notices.reading import tell

log = logging.getLogger(__name__)
MAIL_TASK = "notices.mail"
_TIMEOUT = 20  # Seconds.
_BATCH = 200
_SUBJECT = 120  # Characters.
SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True)
class _Letter:
    to: str
    subject: str
    body: str
    key: str
    at: dt.datetime


def is_mail_on() -> bool:
    """Tell whether this installation sends e-mail."""
    return bool(current_app.config["SMTP_HOST"])


def check_mail_settings(settings: dict[str, object]) -> None:
    """Raise ConfigurationError for a mail server without a sender, or with a security that does not exist."""
    if not settings["SMTP_HOST"]:
        return
    if "@" not in str(settings["SMTP_SENDER"]):
        raise ConfigurationError("SMTP_SENDER: is needed with SMTP_HOST, as an e-mail address")
    if settings["SMTP_SECURITY"] not in SECURITIES:
        raise ConfigurationError(f"SMTP_SECURITY: is one of {', '.join(SECURITIES)}")


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
        _send(letter)
    except (OSError, smtplib.SMTPException, ValueError):  # ValueError: an address that no mail can carry.
        log.exception("notice %s could not be sent by e-mail; it will be tried again", notice_id)
        return
    run_as(company_id, None, _note_sent, notice_id, utc_now())


def _due(now: dt.datetime) -> list[int]:
    owed = sa.select(Notice.id).where(Notice.mail_due_at <= now).order_by(Notice.mail_due_at, Notice.id)
    return list(session.scalars(owed.limit(_BATCH)))


def _claim(notice_id: int, now: dt.datetime) -> _Letter | None:
    """Put the next attempt off and return what to send; None when somebody else is at it, or it is not owed."""
    begin_writing()
    notice = session.scalar(
        sa.select(Notice).where(Notice.id == notice_id, Notice.mail_due_at <= now).with_for_update(skip_locked=True)
    )
    if notice is None:
        return None
    reader, attempts = session.get_one(User, notice.user_id), notice.mail_attempts + 1
    letter = _letter(notice, reader) if reader.active and reader.email else None
    _set(notice_id, mail_attempts=attempts, mail_due_at=next_attempt(attempts, now) if letter else None)
    commit()
    return letter


def _letter(notice: Notice, reader: User) -> _Letter:
    company = session.get_one(Company, active_company())
    with force_locale(company.locale):
        (told,) = tell([notice], reader=reader)
        address = current_app.config["PUBLIC_URL"].rstrip("/")
        link = f"\n\n{address}/notices/" if address else ""
        closing = gettext("You choose on the page of your notices which of them you receive by e-mail.")
    subject = " ".join(f"[{company.name}] {told.text}".split())
    return _Letter(
        to=reader.email,
        subject=subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…",
        body=f"{told.text}{link}\n\n--\n{company.name}\n{closing}\n",
        key=f"{company.id}.{notice.id}",
        at=notice.at,
    )


def _note_sent(notice_id: int, now: dt.datetime) -> None:
    _set(notice_id, mail_due_at=None, mailed_at=now)
    commit()


def _set(notice_id: int, **values: dt.datetime | int | None) -> None:
    """Write without the version: its reader may mark the notice as read at this very moment."""
    session.execute(sa.update(Notice).where(Notice.id == notice_id).values(**values))


def _send(letter: _Letter) -> None:
    config = current_app.config
    message = EmailMessage()
    sender = config["SMTP_SENDER"]
    message["From"] = Address(config["APP_NAME"], addr_spec=sender)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<notice.{letter.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # Holiday replies stay away.
    message.set_content(letter.body)
    with _server() as server:
        server.send_message(message)


def _server() -> smtplib.SMTP:
    config = current_app.config
    host, port, security = config["SMTP_HOST"], config["SMTP_PORT"], config["SMTP_SECURITY"]
    server: smtplib.SMTP
    if security == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT)
    try:
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if config["SMTP_USERNAME"]:
            server.login(config["SMTP_USERNAME"], config["SMTP_PASSWORD"])
    except Exception:
        server.close()
        raise
    return server
