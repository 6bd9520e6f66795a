"""What happened to a record: fetched by its page, the newest first, the earlier ones when asked for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW, add

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
BY_SCRIPT = {"HX-Request": "true"}


def test_the_page_fetches_the_newest_and_offers_the_rest(login: Login, world: Any) -> None:
    bea = login("bea", world.one)
    add(bea)
    for number in range(24):
        assert bea.post(f"{VIEW}/comment/1", data={"body": f"Said {number:02}"}).status_code == 302

    page = bea.get(f"{VIEW}/show/1").text
    assert "Said" not in page
    (address,) = re.findall(r'id="activity"[^>]* hx-get="([^"]+)"', page)
    newest = bea.get(address, headers=BY_SCRIPT).text
    assert re.findall(r"Said \d\d", newest) == [f"Said {number:02}" for number in range(23, 3, -1)]
    assert "<html" not in newest

    (earlier,) = re.findall(r'hx-get="([^"]+)"', newest)
    whole = bea.get(earlier, headers=BY_SCRIPT).text
    assert re.findall(r"Said \d\d", whole) == [f"Said {number:02}" for number in range(23, -1, -1)]
    assert "Record created" in whole
    assert "hx-get" not in whole


def test_without_a_script_it_is_a_page(login: Login, world: Any) -> None:
    bea = login("bea", world.one)
    add(bea)
    page = bea.get(f"{VIEW}/activity/1").text
    assert ("<html" in page, "Record created" in page) == (True, True)


def test_it_is_seen_by_whoever_sees_the_record(login: Login, world: Any) -> None:
    add(login("bea", world.one))
    assert login("bea", world.two).get(f"{VIEW}/activity/1").status_code == 404
    assert login("bea", world.one).get(f"{VIEW}/activity/2").status_code == 404
