"""Addresses are what Werkzeug's own rules build; the text that LateRule stands on is pinned."""

import hashlib
import inspect

import pytest
from werkzeug.routing import Map, Rule

from app.web.late_rule import LateRule

ADDRESSES = [
    ("list", {}, "/visits/list/"),
    ("list", {"q": "a b", "page": 2}, "/visits/list/?q=a+b&page=2"),
    ("show", {"pk": 7}, "/visits/show/7"),
    ("show", {"pk": 7, "tab": "log"}, "/visits/show/7?tab=log"),
]


@pytest.mark.parametrize("rule", [Rule, LateRule])
@pytest.mark.parametrize(("endpoint", "values", "address"), ADDRESSES)
def test_builds_the_same_addresses(rule: type[Rule], endpoint: str, values: dict[str, object], address: str) -> None:
    rules = Map([rule("/visits/list/", endpoint="list"), rule("/visits/show/<int:pk>", endpoint="show")])

    built = [rules.bind("localhost").build(endpoint, values) for _time in range(2)]

    assert built == [address, address]


def test_leaves_out_what_the_address_does_not_take() -> None:
    rules = Map([LateRule("/visits/show/<int:pk>", endpoint="show")])

    assert rules.bind("localhost").build("show", {"pk": 7, "tab": "log"}, append_unknown=False) == "/visits/show/7"


def test_werkzeug_compiles_as_it_did() -> None:
    pinned = {Rule.compile: "96edc39424f3", Rule.build: "66b88dc2f514"}

    assert {one: hashlib.sha256(inspect.getsource(one).encode()).hexdigest()[:12] for one in pinned} == pinned
