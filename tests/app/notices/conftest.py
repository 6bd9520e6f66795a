"""A kind of notice, visits to be told of, and a mail server that keeps what it is sent."""

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask.testing import FlaskClient

from app.notices import NoticeKind, notify
from app.notices.models import Channel

NOW = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
PLANNED = NoticeKind("visits.planned", "Visits planned for me")
TEXT = "%(who)s planned %(record)s."


class Mailbox:
    """The handler of a mail server: it keeps letters, or answers that it cannot."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.is_out_of_order = False

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # Its name.
        if self.is_out_of_order:
            return "451 come back later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 kept"


@pytest.fixture
def mailbox(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on this machine, to which the app sends."""
    handler = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:  # The controller wants to know its port beforehand.
        address = free.getsockname()
    controller = Controller(handler, hostname=address[0], port=address[1])
    controller.start()
    settings = {"SMTP_HOST": address[0], "SMTP_PORT": address[1], "SMTP_SECURITY": "none"}
    for name, value in {**settings, "SMTP_SENDER": "office@example.test", "PUBLIC_URL": "https://office.test"}.items():
        monkeypatch.setitem(app.config, name, value)
    yield handler
    controller.stop()


@pytest.fixture
def kind(app: Any, monkeypatch: pytest.MonkeyPatch) -> NoticeKind:
    """A kind that an add-on would declare."""
    monkeypatch.setitem(app.extensions["notice_kinds"], PLANNED.name, PLANNED)
    return PLANNED


@pytest.fixture
def visit(world: Any, run_in: Callable[..., Any]) -> int:
    """A visit that belongs to ann: rob sees his own only, and eve none."""
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session

    def plan() -> int:
        ann = session.query(Employee).filter_by(user_id=world.users["ann"]).one()
        made = Visit(customer="Zhao & Sons", visited_on=NOW.date(), minutes=30, owner_id=ann.id)
        session.add(made)
        session.flush()
        return made.id

    return run_in(world.one, plan)


@pytest.fixture
def tell(world: Any, kind: NoticeKind, visit: int, run_in: Callable[..., Any]) -> Callable[..., list[int]]:
    """Tell users of company one about the visit; return the ids of the notices."""
    from addons.visits.models import Visit
    from app.database.session import session
    from app.i18n import _

    def give(*names: str, **options: Any) -> list[int]:
        def call() -> list[int]:
            users = [world.users[name] for name in names]
            about = session.get(Visit, visit)
            given = notify(users, kind=kind, text=_(TEXT), now=NOW, about=about, values={"who": "王芳"}, **options)
            return [one.id for one in given]

        return run_in(world.one, call)

    return give


@pytest.fixture
def choose(login: Callable[..., FlaskClient], world: Any, kind: NoticeKind) -> Callable[[str, Channel], None]:
    """Have a user choose where he is told."""

    def choice(name: str, channel: Channel) -> None:
        client = login(name, world.one)
        assert client.post("/notices/preferences", data={kind.name: channel.value}).status_code == 302

    return choice
