"""How tests of text messages set a gateway up, send, and look at what came of it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.receiver import Receiver, receiving

Login = Callable[..., FlaskClient]
CARD, SMS = "/reception/customer", "/reception/smsmessage"
KEY, PHONE = "key-of-the-provider", "13812345678"
JSON_BODY = '{"to":"$phone","text":"$text","key":"$key","ref":"$reference","at":"$timestamp","sign":"$sign"}'
GATEWAY = {
    "name": "Provider",
    "new_key": KEY,
    "body_template": JSON_BODY,
    "success_mark": '"code":0',
    "signature": "One Homes",
    "timeout_seconds": "1",
    "is_on": "y",
}


@pytest.fixture
def receiver(world: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A provider on this machine, which the installation names."""
    monkeypatch.setitem(world.app.config, "ONLINE_HOSTS", ["127.0.0.1"])
    with receiving() as made:
        yield made


@pytest.fixture
def max_(login: Login, world: Any, receiver: Receiver) -> FlaskClient:
    """The manager, who has set the gateway up."""
    client = login("max", world.one)
    assert set_up(client, address=receiver.address).status_code == 302
    return client


@pytest.fixture
def customer(world: Any, run_in: Any) -> int:
    """The id of Amy's customer."""
    return open_file(world, run_in)


def set_up(client: FlaskClient, **changes: str) -> Any:
    """Send the form of the gateway."""
    return client.post("/reception/smsgateway/add", data={**GATEWAY, **changes})


def open_file(world: Any, run_in: Any, phone: str = PHONE, name: str = "Li", **values: Any) -> int:
    """Open a customer of Amy's."""
    from flask_appbuilder.security.sqla.models import User

    from addons.reception.choices import Intent
    from addons.reception.services import create_customer
    from app.database.session import session
    from app.masterdata.options import find_option, open_list

    def make() -> int:
        open_list("reception.source")
        source = find_option("reception.source", "Visit")
        assert source is not None
        made = create_customer(
            actor=session.get_one(User, world.users["amy"]),
            now=dt.datetime.now(dt.UTC),
            name=name,
            phone=phone,
            source_id=source.id,
            intent=Intent.B,
            notice_given=True,
            **values,
        )
        session.flush()
        return made.id

    return run_in(world.one, make)


def send(client: FlaskClient, customer: int, text: str = "The flat is ready.", **values: str) -> Any:
    """Press the button on the customer's page."""
    return client.post(f"{CARD}/transition/send_sms/{customer}", data={"text": text, **values})


def messages(world: Any, run_in: Any) -> list[tuple[Any, ...]]:
    """Return state, text and reason of every message."""
    from addons.reception.models import SmsMessage
    from app.database.session import session

    statement = sa.select(SmsMessage).order_by(SmsMessage.id)
    return run_in(
        world.one, lambda: [(one.state.value, one.text, one.failed_because) for one in session.scalars(statement)]
    )


def tick(world: Any, after: dt.timedelta = dt.timedelta(0)) -> None:
    """Let what waits be tried."""
    from app.online.calling import call_due

    with world.app.app_context():
        call_due(dt.datetime.now(dt.UTC) + after)
