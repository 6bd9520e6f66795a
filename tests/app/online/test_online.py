"""Functions that need the internet: queued while it is away, done later, and shown to the administrator."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW, add_many, shown

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
PAGE = "/online/functions/"


class Line:
    """The line to the world: what was asked, and how it answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: Callable[[str], str] = lambda number: f"told of {number}"

    def call(self, number: str) -> str:
        """Answer as the test wants it."""
        self.asked.append(number)
        return self.answers(number)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, world: Any) -> Line:
    """Return the line of this test."""
    from addons.market import services

    made = Line()
    monkeypatch.setattr(services.Line, "call", made.call)
    return made


@pytest.fixture
def root(login: Login, world: Any) -> FlaskClient:
    """The administrator in company one, who has switched the function on."""
    client = login("root", world.one)
    switch(client, "sms\norder_sms", "2026-01-01")
    return client


def switch(client: FlaskClient, names: str, day: str) -> None:
    """Decide which functions are on."""
    sent = {"key": "core.online_features", "value": names, "valid_from": day}
    assert client.post("/parameters/values/set", data=sent).status_code == 302


def cut(_number: str) -> str:
    """Answer as a line that is cut does."""
    from app.online import OnlineFailed

    raise OnlineFailed("No answer from the gateway.")


def refuse(_number: str) -> str:
    """Answer that it will never be done."""
    from app.online import OnlineRefused

    raise OnlineRefused("The gateway does not take this.")


def send(client: FlaskClient, key: int = 1) -> Any:
    """Press the button that needs the internet."""
    return client.post(f"{VIEW}/transition/send/{key}", data={"reason": "x", "on": "2026-03-05"})


def calls(world: Any, run_in: Any) -> list[tuple[str, int, str | None]]:
    """Return state, attempts and error of each call."""
    from app.database.session import session
    from app.online import OnlineCall

    statement = sa.select(OnlineCall).order_by(OnlineCall.id)
    return run_in(world.one, lambda: [(one.state.value, one.attempts, one.error) for one in session.scalars(statement)])


def tick(world: Any, after: dt.timedelta = dt.timedelta(0)) -> None:
    """Let the minute pass in which what waits is tried."""
    from app.online.calling import call_due

    with world.app.app_context():
        call_due(dt.datetime.now(dt.UTC) + after)


def facts(page: str) -> list[str]:
    """Return what the page says of order_sms: waiting, last success, last failure."""
    page = page.partition('aria-label="Message on sending')[2].partition("</section>")[0]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)]


@pytest.mark.rule("S:CORE-20")
def test_off_line_the_message_waits_and_the_order_is_saved(
    root: FlaskClient, world: Any, run_in: Any, line: Line
) -> None:
    add_many(run_in, world.one, range(1))
    line.answers = cut

    assert send(root).status_code == 302

    assert (shown(root)["state"], shown(root)["note"]) == ("sent", None)
    assert calls(world, run_in) == [("waiting", 1, "No answer from the gateway.")]
    page = root.get(PAGE).text
    assert "Off line" in page
    assert facts(page)[0] == "1"
    assert "No answer from the gateway." in facts(page)[2]

    line.answers = lambda number: f"told of {number}"
    tick(world, dt.timedelta(minutes=2))

    assert calls(world, run_in) == [("done", 2, "No answer from the gateway.")]
    assert (shown(root)["state"], shown(root)["note"]) == ("sent", "told of N-0000")
    assert line.asked == ["N-0000", "N-0000"]


@pytest.mark.rule("S:CORE-20")
def test_the_policy_value_offers_every_function_in_words_and_takes_no_other(root: FlaskClient) -> None:
    address = "/parameters/values/?q=core.online_features"
    choices = re.findall(r'name="value" value="([a-z_]+)"', root.get(address).text)

    assert choices == ["sms", "wechat", "ocr", "wecom", "dingtalk", "feishu", "order_sms"]
    assert "Message on sending" in root.get(address).text

    sent = {"key": "core.online_features", "value": "telegraph", "valid_from": "2026-01-02"}
    refused = root.post("/parameters/values/set", data=sent)

    assert "telegraph" not in root.get(address).text
    assert "“Functions that may use the internet”" in refused.text


def test_on_line_it_is_done_after_the_commit(root: FlaskClient, world: Any, run_in: Any, line: Line) -> None:
    add_many(run_in, world.one, range(1))
    assert send(root).status_code == 302
    assert calls(world, run_in) == [("done", 1, None)]
    assert shown(root)["note"] == "told of N-0000"
    assert facts(root.get(PAGE).text)[0::2] == ["0", "–"]
    tick(world)
    assert line.asked == ["N-0000"]


def test_switched_off_it_waits_with_a_notice_until_it_is_on(login: Login, world: Any, run_in: Any, line: Line) -> None:
    root = login("root", world.one)
    add_many(run_in, world.one, range(1))

    assert send(root).status_code == 302

    assert (shown(root)["state"], calls(world, run_in), line.asked) == ("sent", [("waiting", 0, None)], [])
    told = "Message on sending is not available at present. What you asked for waits and is done later."
    assert root.get("/notices/").text.count(told) == 1
    tick(world)
    assert line.asked == []
    mark = root.get(f"{VIEW}/show/1").text
    switch(root, "order_sms", "2026-01-01")
    tick(world)
    assert (line.asked, calls(world, run_in)) == (["N-0000"], [("done", 1, None)])
    assert 'class="online-dot"' in mark


def test_the_button_and_its_dialog_are_marked(root: FlaskClient, world: Any, run_in: Any, line: Line) -> None:
    add_many(run_in, world.one, range(2))
    page = root.get(f"{VIEW}/show/1").text
    assert "Needs the internet" in page
    (address,) = re.findall(r'hx-get="(/online/mark/[^"]+)"', page)
    mark = root.get(address).text
    assert 'title="Needs the internet: A gateway for messages"' in mark
    assert "not available at present" not in mark

    line.answers = cut
    send(root)

    assert "not available at present, it waits" in root.get(address).text
    assert root.get("/online/mark/nothing").status_code == 404


def test_after_one_failure_the_others_wait_and_are_tried_on_demand(
    root: FlaskClient, world: Any, run_in: Any, line: Line
) -> None:
    add_many(run_in, world.one, range(3))
    line.answers = cut
    send(root, 1)
    assert line.asked == ["N-0000"]
    send(root, 2)
    send(root, 3)
    line.asked.clear()
    tick(world, dt.timedelta(hours=1))
    assert len(line.asked) == 1

    line.answers = lambda number: f"told of {number}"
    tried = root.post(f"{PAGE}try", data={"feature": "order_sms"}, follow_redirects=True)

    assert "3 waiting: they are tried now." in tried.text
    assert [one[0] for one in calls(world, run_in)] == ["done"] * 3
    assert facts(tried.text)[0] == "0"


def test_a_refusal_is_final_and_told(root: FlaskClient, world: Any, run_in: Any, line: Line) -> None:
    add_many(run_in, world.one, range(1))
    line.answers = refuse
    send(root)
    assert calls(world, run_in) == [("failed", 1, "The gateway does not take this.")]
    assert shown(root)["note"] == "The gateway does not take this."
    assert "could not be done. The gateway does not take this." in root.get("/notices/").text
    assert "Off line" not in root.get(PAGE).text
    tick(world, dt.timedelta(days=1))
    assert line.asked == ["N-0000"]


def test_it_is_given_up_in_the_end(root: FlaskClient, world: Any, run_in: Any, line: Line) -> None:
    add_many(run_in, world.one, range(1))
    line.answers = cut
    send(root)
    for day in range(1, 20):
        tick(world, dt.timedelta(days=day))
    assert calls(world, run_in) == [("failed", 12, "No answer from the gateway.")]
    assert (len(line.asked), shown(root)["note"]) == (12, "No answer from the gateway.")


def test_an_unexpected_error_shows_no_text_of_its_own(root: FlaskClient, world: Any, run_in: Any, line: Line) -> None:
    add_many(run_in, world.one, range(1))

    def break_down(number: str) -> str:
        raise RuntimeError(f"secret of {number}")

    line.answers = break_down
    send(root)
    assert calls(world, run_in) == [("waiting", 1, "RuntimeError")]


def test_what_is_not_wanted_any_more_is_dropped(login: Login, world: Any, run_in: Any, line: Line) -> None:
    from addons.market.models import Order
    from app.database.session import session

    root = login("root", world.one)
    add_many(run_in, world.one, range(1))
    send(root)
    run_in(world.one, lambda: session.delete(session.get_one(Order, 1)))
    switch(root, "order_sms", "2026-01-01")
    tick(world)
    assert (line.asked, calls(world, run_in)) == ([], [("dropped", 1, None)])


def test_only_administrators_see_the_page_and_try(
    root: FlaskClient, login: Login, world: Any, run_in: Any, line: Line
) -> None:
    add_many(run_in, world.one, range(1))
    line.answers = cut
    send(root)
    line.asked.clear()
    bea, abroad = login("bea", world.one), login("root", world.two)
    assert bea.get(PAGE).status_code == 403
    assert bea.post(f"{PAGE}try", data={"feature": "order_sms"}).status_code == 403
    assert facts(abroad.get(PAGE).text)[0] == "0"
    abroad.post(f"{PAGE}try", data={"feature": "order_sms"})
    missing = root.post(f"{PAGE}try", data={"feature": "none"}, follow_redirects=True)
    assert "There is no such function." in missing.text
    assert line.asked == []
