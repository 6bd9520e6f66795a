"""A group's robot on this machine, a company that uses it, and something to tell."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.channels.models import ChatMessage
from app.notices import NoticeKind, notify
from app.notices.models import Channel
from tests.receiver import Receiver, receiving

NOW = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
ASKED = NoticeKind("visits.asked", "A visit waits for me", chats=True)
TEXT = "%(who)s planned %(record)s."
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=",
    "dingtalk": "/robot/send?access_token=",
    "feishu": "/open-apis/bot/v2/hook/",
}
SCREEN, MESSAGES, PREFERENCES = "/channels/chatchannel", "/channels/chatmessage", "/notices/preferences"
KEY = "0123456789abcdef"


class Robot:
    """What the robot was sent, and how it answers."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    def hook(self, service: str) -> str:
        """Return its web-hook as a robot of this service."""
        return f"http://127.0.0.1:{self.receiver.port}{PATHS[service]}{KEY}"

    def answers(self, *answer: Any) -> None:
        """Have it answer with this status and this body."""
        status, body = answer
        self.receiver.answer = (status, json.dumps(body))

    @property
    def heard(self) -> list[Any]:
        """What it was sent."""
        return [json.loads(body) for body in self.receiver.bodies]


@pytest.fixture
def robot(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Robot]:
    """A robot that takes everything."""
    monkeypatch.setitem(app.config, "ONLINE_HOSTS", ["127.0.0.1"])
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://office.test")
    with receiving() as receiver:
        made = Robot(receiver)
        made.answers(200, {"errcode": 0, "code": 0})
        yield made


@pytest.fixture
def root(login: Callable[..., FlaskClient], world: Any, robot: Robot) -> FlaskClient:
    """The administrator of company one."""
    return login("root", world.one)


@pytest.fixture
def kind(app: Any, monkeypatch: pytest.MonkeyPatch) -> NoticeKind:
    """A kind that comes by chat unless somebody chooses otherwise."""
    monkeypatch.setitem(app.extensions["notice_kinds"], ASKED.name, ASKED)
    return ASKED


@pytest.fixture
def set_up(root: FlaskClient, robot: Robot) -> Callable[..., Any]:
    """Send the form of a channel."""

    def send(service: str = "wecom", **changes: str) -> Any:
        values = {"name": f"Group {service}", "new_web_hook": robot.hook(service), "content": "whole_text"}
        return root.post(f"{SCREEN}/add", data={"service": service, **values, **changes})

    return send


@pytest.fixture
def tell(world: Any, kind: NoticeKind, run_in: Callable[..., Any]) -> Callable[..., None]:
    """Tell users of a company about a visit of Ann's that was planned."""
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session
    from app.i18n import _

    def give(*names: str, company: int | None = None) -> None:
        def call() -> None:
            ann = session.query(Employee).filter_by(user_id=world.users["ann"]).one()
            visit = Visit(customer="Zhao & Sons", visited_on=NOW.date(), minutes=30, owner_id=ann.id)
            session.add(visit)
            session.flush()
            users = [world.users[name] for name in names]
            notify(users, kind=kind, text=_(TEXT), now=NOW, about=visit, values={"who": "王芳"})

        run_in(company or world.one, call)

    return give


@pytest.fixture
def prefer(login: Callable[..., FlaskClient], world: Any, kind: NoticeKind) -> Callable[..., Any]:
    """Send the form of a user's preferences: in the application and by chat, unless the test says otherwise."""

    def choose(name: str, **changes: Any) -> Any:
        chosen = {kind.name: Channel.IN_APP.value, "chat_shown": "1", "chat": kind.name}
        form = {**chosen, "language": "", "service": "", "mention": ""}
        return login(name, world.one).post(PREFERENCES, data={**form, **changes})

    return choose


@pytest.fixture
def messages(world: Any, run_in: Callable[..., Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Return service, state and reason of every message of company one."""
    from app.database.session import session

    statement = sa.select(ChatMessage).order_by(ChatMessage.id)

    def read() -> list[tuple[Any, ...]]:
        return [(one.service.value, one.state.value, one.failed_because) for one in session.scalars(statement)]

    return lambda: run_in(world.one, read)


@pytest.fixture
def tick(world: Any) -> Callable[..., None]:
    """Let what waits be tried, so much later."""
    from app.online.calling import call_due

    def pass_time(after: dt.timedelta = dt.timedelta(0)) -> None:
        with world.app.app_context():
            call_due(dt.datetime.now(dt.UTC) + after)

    return pass_time
