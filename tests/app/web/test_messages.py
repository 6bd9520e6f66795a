"""Messages wait in a cookie for the next page: the newest, so that browsers keep the cookie and the session."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

COOKIE_LIMIT = 4_093  # Bytes; browsers drop what is longer.
REFUSAL = r'<div class="flash flash-danger.*?<span>(.*?)</span>'


def test_the_newest_messages_wait_for_the_next_page(world: Any, login: Callable[..., FlaskClient]) -> None:
    root = login("root", world.one)
    sent = [
        root.post("/companies/members/admit", data={"username": "nobody", "role": "visits_reader", "scope": "own"})
        for _time in range(40)
    ]

    assert {answer.status_code for answer in sent} == {302}
    assert len(sent[-1].headers["Set-Cookie"]) < COOKIE_LIMIT
    said = re.findall(REFUSAL, root.get("/companies/members/").text)
    assert said == ["There is no active user of this name."] * 5
    assert "flash-danger" not in root.get("/companies/members/").text
