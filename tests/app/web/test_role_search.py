"""Searching the rights of a role: words of the reader's language, in any order, the best match first (S:CORE-04)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

PAGE = "/company-roles"


@pytest.fixture
def found(login: Callable[..., FlaskClient], world: Any) -> Callable[..., list[str]]:
    """Return a function that tells the titles which a search of a role's rights finds, in their order."""
    root = login("root", world.one)

    def search(text: str, language: str = "en") -> list[str]:
        root.get(f"/lang/{language}")
        role = re.findall(rf"{PAGE}/(?:show|edit)/(\d+)", root.get(f"{PAGE}/list/").text)[0]
        page = root.get(f"{PAGE}/show/{role}", query_string={"q": text})
        assert page.status_code == 200
        return re.findall(r'cell-key">([^<]*)<', page.text)

    return search


@pytest.mark.rule("S:CORE-04")
def test_the_best_match_comes_first(found: Callable[..., list[str]]) -> None:
    searches = {
        ("employee", "en"): "Employees",
        ("delete employee", "en"): "Employees",  # The right and the record, in any order.
        ("employee del", "en"): "Employees",
        ("员工", "zh"): "员工",
        ("删除 员工", "zh"): "员工",
        ("删除员工", "zh"): "员工",  # No space between the words.
        ("employee", "zh"): "员工",
    }

    assert {asked: found(*asked)[0] for asked in searches} == searches


@pytest.mark.rule("S:CORE-04")
def test_a_word_that_is_nowhere_finds_nothing(found: Callable[..., list[str]]) -> None:
    assert found("employee unheard") == []
