"""Notices: telling users, in the application and by e-mail, that something happened which concerns them."""

from flask import Flask

from app.jobs import add_schedule, add_tick
from app.jobs.dispatch import dispatcher
from app.notices.cleaning import CLEAN_UP_EVERY, delete_old_notices
from app.notices.giving import notify
from app.notices.invitation_mail import send_due_invitations, send_invitation
from app.notices.kinds import NoticeKind, install_kinds, register_notice_kinds
from app.notices.mail import MAIL_TASK, send_due_mail, send_mail
from app.notices.models import Channel, Notice, NoticePreference
from app.security.invitations import INVITATION_TASK

__all__ = ["Channel", "Notice", "NoticeKind", "NoticePreference", "install_notices", "notify", "register_notice_kinds"]


def install_notices(app: Flask) -> None:
    """Give the app its kinds of notices, and have e-mail sent after commit and each minute. After `install_jobs`."""
    install_kinds(app)
    with app.app_context():
        dispatcher().register(MAIL_TASK, send_mail)
        dispatcher().register(INVITATION_TASK, send_invitation)
        add_tick(send_due_mail)
        add_tick(send_due_invitations)
        add_schedule("notices.delete_old_notices", CLEAN_UP_EVERY, delete_old_notices)
