"""Notices by e-mail: to a real SMTP server, after commit, until it works."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.errors import ConfigurationError
from app.notices.letters import check_mail_settings
from app.notices.mail import send_due_mail
from app.notices.models import Channel, Notice

pytestmark = pytest.mark.by_turns


def owed(run_in, world):
    from app.database.session import session

    rows = sa.select(Notice.mail_attempts, Notice.mail_due_at.is_not(None), Notice.mailed_at.is_not(None))
    return run_in(world.one, lambda: [tuple(row) for row in session.execute(rows.order_by(Notice.id))])


def test_a_notice_is_sent_in_the_words_of_its_reader(mailbox, tell, run_in, world):
    tell("ann", "eve")

    to_ann, to_eve = sorted(mailbox.letters, key=lambda letter: letter["To"])
    assert to_ann["To"] == "ann@example.test"
    assert to_ann["From"] == "Zhanggui <office@example.test>"
    assert to_ann["Subject"] == "[One Homes] 王芳 planned Zhao & Sons."
    assert "https://office.test/notices/" in to_ann.get_content()
    assert "Zhao" not in to_eve.as_string()
    assert to_eve["Subject"] == "[One Homes] 王芳 planned 来访."  # The company's language is Chinese.
    assert owed(run_in, world) == [(1, False, True), (1, False, True)]


def test_what_is_rolled_back_is_not_sent(mailbox, kind, world, app):
    from app.database.session import as_company, rollback
    from app.i18n import _
    from app.notices import notify
    from tests.app.notices.conftest import NOW

    with app.app_context(), as_company(world.one):
        notify([world.users["ann"]], kind=kind, text=_("Write something first."), now=NOW)
        rollback()

    assert mailbox.letters == []


def test_a_server_out_of_order_holds_nobody_up_and_is_asked_again(mailbox, tell, run_in, world, app):
    mailbox.is_out_of_order = True
    tell("ann")
    assert owed(run_in, world) == [(1, True, False)]

    mailbox.is_out_of_order = False
    now = dt.datetime.now(dt.UTC)
    with app.app_context():
        send_due_mail(now)  # Not yet: a minute has to pass.
    assert mailbox.letters == []
    run_in(world.one, lambda: _make_due(now))
    with app.app_context():
        send_due_mail(now)
        send_due_mail(now)
    assert [letter["To"] for letter in mailbox.letters] == ["ann@example.test"]
    assert owed(run_in, world) == [(2, False, True)]


def _make_due(now):
    from app.database.session import session

    session.execute(sa.update(Notice).values(mail_due_at=now))


@pytest.mark.parametrize(
    ("channel", "letters"), [(Channel.IN_APP, 0), (Channel.EMAIL, 1), (Channel.BOTH, 1), (Channel.NONE, 0)]
)
def test_only_whoever_wants_it_gets_mail(mailbox, choose, tell, channel, letters):
    choose("ann", channel)

    tell("ann")

    assert len(mailbox.letters) == letters


def test_a_line_break_in_a_value_makes_no_header(mailbox, kind, world, run_in):
    from app.i18n import _
    from app.notices import notify
    from tests.app.notices.conftest import NOW, TEXT

    values = {"who": "Wang\r\nBcc: everybody@example.test", "record": "x"}
    run_in(world.one, lambda: notify([world.users["ann"]], kind=kind, text=_(TEXT), now=NOW, values=values) and None)

    (letter,) = mailbox.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "[One Homes] Wang Bcc: everybody@example.test planned x."


@pytest.mark.parametrize(
    ("wrong", "names"), [({"SMTP_SENDER": ""}, "SMTP_SENDER"), ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY")]
)
def test_a_wrong_setting_stops_the_start(wrong, names):
    settings = {"SMTP_HOST": "mail.test", "SMTP_SENDER": "a@b.test", "SMTP_SECURITY": "tls", **wrong}

    with pytest.raises(ConfigurationError, match=names):
        check_mail_settings(settings)
