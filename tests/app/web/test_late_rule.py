"""Addresses are built and found as by Werkzeug's own rules and map; the text that ours stand on is pinned."""

import hashlib
import inspect

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule
from werkzeug.routing.matcher import StateMachineMatcher

from app.web.late_rule import LateMap, LateRule

RULES = {
    "home": "/", "list": "/visits/visit/list/", "show": "/visits/visit/show/<int:pk>",
    "file": "/static/<path:name>", "other": "/visits/<word>", "short": "/visits/",
    "note": "/visits/visit/<int:pk>/notes/<note>", "any": "/<lang>/help",
}  # fmt: skip
BUILT = [
    ("list", {}, "/visits/visit/list/"),
    ("list", {"q": "a b", "page": 2}, "/visits/visit/list/?q=a+b&page=2"),
    ("show", {"pk": 7}, "/visits/visit/show/7"),
    ("show", {"pk": 7, "tab": "log"}, "/visits/visit/show/7?tab=log"),
    ("any", {"lang": "zh"}, "/zh/help"),
]
ASKED = [
    "/", "/visits", "/visits/", "/visits/x", "/visits/visit", "/visits/visit/list", "/visits/visit/list/",
    "/visits//visit/list/", "//visits/visit/show/7", "/visits/visit/show/x", "/visits/visit/3/notes/a", "/zh/help",
    "/visits/help", "/static/css/a.css", "/static", "/none", "/none/of/them", "",
]  # fmt: skip


@pytest.mark.parametrize(("endpoint", "values", "address"), BUILT)
def test_builds_the_same_addresses(endpoint: str, values: dict[str, object], address: str) -> None:
    built = [_bound(LateMap(), LateRule).build(endpoint, values) for _time in range(2)]

    assert built == [address, address] == [_bound(Map(), Rule).build(endpoint, values)] * 2


def test_leaves_out_what_the_address_does_not_take() -> None:
    rules = _bound(LateMap(), LateRule)

    assert rules.build("show", {"pk": 7, "tab": "log"}, append_unknown=False) == "/visits/visit/show/7"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_finds_what_werkzeug_finds(method: str) -> None:
    ours, theirs = _bound(LateMap(), LateRule), _bound(Map(), Rule)

    assert [_found(ours, path, method) for path in ASKED] == [_found(theirs, path, method) for path in ASKED]


def test_compiles_only_what_begins_like_the_address() -> None:
    rules = _bound(LateMap(), LateRule)

    rules.match("/static/a.css")

    compiled = {rule.endpoint for rule in rules.map._rules if "_parts" in vars(rule)}
    assert compiled == {"file", "home", "any"}  # What has no fixed beginning might be meant by any address.


def test_keeps_nothing_for_addresses_that_nobody_has() -> None:
    rules = _bound(LateMap(), LateRule)

    for number in range(100):
        _found(rules, f"/guess{number}/{number}/{number}")

    assert list(rules.map._matcher._ready) == [()]  # type: ignore[attr-defined]


def test_a_route_added_later_is_found() -> None:
    rules = _bound(LateMap(), LateRule)
    assert _found(rules, "/visits/visit/late") == 404

    rules.map.add(LateRule("/visits/visit/late", endpoint="late"))

    assert _found(rules, "/visits/visit/late") == ("late", {})


def test_werkzeug_works_as_it_did() -> None:
    pinned = {
        Rule.compile: "96edc39424f3",
        Rule.build: "66b88dc2f514",
        Rule.bind: "62b7da78ea6d",
        Map.add: "2ab4650ad936",
        Map.update: "da4b5b36e749",
        MapAdapter.match: "d60987ae5108",
        StateMachineMatcher.add: "04e6b6a83c33",
        StateMachineMatcher.match: "d88222f105f8",
    }

    assert {one: hashlib.sha256(inspect.getsource(one).encode()).hexdigest()[:12] for one in pinned} == pinned


def _bound(rules: Map, kind: type[Rule]) -> MapAdapter:
    for endpoint, text in RULES.items():
        rules.add(kind(text, endpoint=endpoint, methods=["GET"]))
    rules.add(kind("/visits/visit/list/", endpoint="save", methods=["POST"]))
    return rules.bind("localhost")


def _found(rules: MapAdapter, path: str, method: str = "GET") -> object:
    """Return the endpoint and values, where it redirects to, or the status of the refusal."""
    try:
        return rules.match(path, method)
    except RequestRedirect as redirect:
        return redirect.new_url
    except HTTPException as refusal:
        return refusal.code
