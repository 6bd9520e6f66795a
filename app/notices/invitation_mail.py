"""Invitations by e-mail, sent and tried again as notices are; but to people who cannot read notices yet."""

import datetime as dt
import logging

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, gettext

from app.companies.clock import active_zone
from app.database.columns import utc_now
from app.database.session import begin_writing, commit, session
from app.errors import ValidationError
from app.events.outbox import next_attempt
from app.i18n import _
from app.jobs.context import active_company_ids, run_as
from app.notices.letters import MAIL_ERRORS, Letter, is_mail_on, send_letter, subject_line
from app.security.invitations import token_of
from app.security.models import Invitation
from app.security.usernames import has_mail

log = logging.getLogger(__name__)
_BATCH = 200


def can_invite() -> bool:
    """Tell whether this installation sends e-mail, and knows the address that a link must name."""
    return is_mail_on() and bool(current_app.config["PUBLIC_URL"])


def require_mail() -> None:
    """Raise ValidationError where an invitation could not leave."""
    if not can_invite():
        raise ValidationError(
            "invitation.mail",
            _("Invitations need a mail server and the public address: the settings SMTP_HOST and PUBLIC_URL."),
            field="invite",
        )


def send_due_invitations(now: dt.datetime) -> None:
    """Send what is owed in every company; safe to run in several processes at once."""
    if not can_invite():
        return
    for company_id in active_company_ids():
        for invitation_id in run_as(company_id, None, _due, company_id, now):
            send_invitation(company_id, invitation_id)


def send_invitation(company_id: int, invitation_id: int) -> None:
    """Send one invitation; a failure is noted and tried again later, until it is too old."""
    letter = run_as(company_id, None, _claim, invitation_id, utc_now())
    if letter is None:
        return
    try:
        send_letter(letter)
    except MAIL_ERRORS:
        log.exception("invitation %s could not be sent; it will be tried again", invitation_id)
        return
    run_as(company_id, None, _note_sent, invitation_id, letter.at)


def _due(company_id: int, now: dt.datetime) -> list[int]:
    owed = sa.select(Invitation.id).where(Invitation.company_id == company_id, Invitation.mail_due_at <= now)
    return list(session.scalars(owed.order_by(Invitation.mail_due_at, Invitation.id).limit(_BATCH)))


def _claim(invitation_id: int, now: dt.datetime) -> Letter | None:
    """Put the next attempt off and return what to send; None when somebody else is at it, or it is not owed."""
    begin_writing()
    owed = sa.select(Invitation).where(Invitation.id == invitation_id, Invitation.mail_due_at <= now)
    found = session.scalar(owed.with_for_update(skip_locked=True))
    if found is None:
        return None
    letter = _letter(found) if can_invite() and found.is_open(now) and has_mail(found.user) else None
    found.mail_attempts += 1
    found.mail_due_at = next_attempt(found.mail_attempts, now) if letter else None
    commit()
    return letter


def _letter(invitation: Invitation) -> Letter:
    company, user = invitation.company, invitation.user
    link = f"{current_app.config['PUBLIC_URL'].rstrip('/')}/invitation/{token_of(invitation)}"
    with force_locale(company.locale):
        until = f"{invitation.expires_at.astimezone(active_zone()):%Y-%m-%d %H:%M}"
        text = gettext(
            "Hello %(name)s,\n\n%(company)s has made an account for you. Your user name is %(username)s.\n\n"
            "Open this link to choose your password. It works once, until %(until)s:\n\n%(link)s\n\n"
            "If you did not expect this letter, you need do nothing.",
            name=user.get_full_name().strip(), company=company.name, username=user.username, until=until, link=link,
        )  # fmt: skip
        subject = gettext("Your account at %(company)s", company=company.name)
    return Letter(
        to=user.email,
        subject=subject_line(f"[{company.name}] {subject}"),
        body=f"{text}\n\n--\n{company.name}\n",
        key=f"invitation.{invitation.id}.{invitation.number}",
        at=invitation.invited_at,
    )


def _note_sent(invitation_id: int, invited_at: dt.datetime) -> None:
    """Note it, unless he was invited again meanwhile: then the other letter is still owed."""
    same = (Invitation.id == invitation_id, Invitation.invited_at == invited_at)
    session.execute(sa.update(Invitation).where(*same).values(mail_due_at=None, mailed_at=utc_now()))
    commit()
