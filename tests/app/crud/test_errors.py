"""What the edge says when a request cannot be served: in the reader's language, as a page or as JSON."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import FORM, REST, VIEW, add

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one, who reads Chinese."""
    client = login("bea", world.one)
    client.get("/lang/zh")
    return client


def test_a_file_that_is_too_large(world: Any, bea: FlaskClient, monkeypatch: Any, data_folder: Any) -> None:
    import io

    monkeypatch.setitem(world.app.config, "MAX_CONTENT_LENGTH", 1_000)

    page = bea.post(f"{VIEW}/import", data={"file": (io.BytesIO(b"x" * 2_000), "a.csv")})
    answer = bea.post(f"{REST}/", json={**FORM, "note": "x" * 2_000})

    assert (page.status_code, answer.status_code) == (413, 413)
    assert "文件太大" in page.text or "过大" in page.text
    assert answer.json["error"] == "http.413"
    assert answer.json["message"]
    assert not list((data_folder / "uploads").rglob("*.csv"))


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/nothing", 404), ("get", f"{VIEW}/show/99", 404), ("get", f"{VIEW}/delete/1", 405),
        ("post", f"{VIEW}/show/1", 405), ("get", f"{VIEW}/lookup/nothing", 404), ("get", "/visits/visit/list/", 403),
    ],
)  # fmt: skip
def test_pages_in_the_readers_language(bea: FlaskClient, method: str, address: str, status: int) -> None:
    answer = getattr(bea, method)(address)
    assert answer.status_code == status
    assert 'lang="zh-CN"' in answer.text
    assert f">{status}<" in answer.text
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.text.split("<h1>")[1].split("</h1>")[0])


def test_programs_get_json(bea: FlaskClient) -> None:
    for headers in ({"Accept": "application/json"}, {"HX-Request": "true"}):
        answer = bea.get(f"{VIEW}/show/99", headers=headers)
        assert (answer.status_code, answer.json["error"]) == (404, "http.404")
    assert bea.get("/api/v1/nothing").json["error"] == "http.404"


def test_a_comment_that_is_refused_says_why(bea: FlaskClient) -> None:
    add(bea)
    for headers, kind in (({"HX-Request": "true"}, "application/json"), ({}, "text/html")):
        answer = bea.post(f"{VIEW}/comment/1", data={"body": "  "}, headers=headers)
        assert (answer.status_code, answer.mimetype) == (422, kind)
    assert bea.post(f"{VIEW}/comment/1", data={"body": "<b>好</b>"}).status_code == 302
    assert "&lt;b&gt;好&lt;/b&gt;" in bea.get(f"{VIEW}/activity/1").text
    fragment = bea.post(f"{VIEW}/comment/1", data={"body": "again"}, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    assert "again" in fragment.text


def test_a_fault_is_logged_under_the_number_that_is_shown(
    world: Any, bea: FlaskClient, monkeypatch: Any, caplog: Any, count: Any
) -> None:
    from addons.market.models import Order
    from app.crud import list_page

    def fail(*_arguments: Any) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(list_page, "context", fail)
    page = bea.get(f"{VIEW}/list/")

    assert page.status_code == 500
    assert "a secret of the inside" not in page.text
    number = page.text.split('class="code">')[1].split("<")[0]
    assert any(number in record.getMessage() and record.exc_info for record in caplog.records)
    assert count(Order) == 0
