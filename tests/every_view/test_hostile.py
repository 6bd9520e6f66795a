"""Hostile values in every field, filter, search box and address of every view: refused or kept, never a 500."""

import datetime as dt
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import StrEnum
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.every_view.dialogs import extremes, of_type, possible, sound
from tests.every_view.hostile import DAYS, FIGURES, LONGEST, MARK, TEXTS, VALUES
from tests.every_view.samples import as_form, described, values
from tests.every_view.views import page, resources, rest

pytestmark = pytest.mark.by_turns

SHARE = 30  # Every thirtieth value, others for each view.
TEXT_FIELDS = {"TextField", "LongTextField", "OptionField"}
FIGURE_FIELDS = {"DecimalField", "WholeNumberField"}
DAY_FIELDS = {"DayField", "InstantField"}
BINDING = (("agreements.AgreementVersion", DAY_FIELDS),)  # From a day in the past, everybody has to sign it first.
KINDS = (StrEnum, bool, int, str, Decimal, dt.datetime, dt.date, object)  # Of arguments; a record is an object.
Key = TypeVar("Key")


class Markup(HTMLParser):
    """Finds what a browser would obey: tags, event handlers, script addresses and scripts that carry the mark."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag or attribute that came from a value."""
        names = [tag, *(name for name, _value in attrs)]
        handlers = [value for name, value in attrs if name.startswith("on") or name in {"href", "src", "action"}]
        if any(MARK in name for name in names) or any(
            (value or "").strip().lower().startswith(("javascript:", f"{MARK}(")) for value in handlers
        ):
            self.alive.append(str(self.get_starttag_text()))

    def handle_data(self, data: str) -> None:
        """Note a script that came from a value."""
        if self.lasttag == "script" and MARK in data:
            self.alive.append(data[:200])


@pytest.fixture(scope="session")
def representatives(database: Database) -> set[str]:
    """One view of each type of field, few in all: these take every value, the others a share."""
    root = database.facts["house"].root
    types = {resource: {one["type"] for one in described(root, resource)} for resource in resources()}
    return set(few(types))


@pytest.fixture(scope="session")
def askers(database: Database) -> dict[str, set[str]]:
    """Likewise one transition of each type of argument, by view."""
    views = database.facts["house"].app.extensions["crud_views"]
    types = {
        (resource, transition.name): {
            (next(kind for kind in KINDS if issubclass(argument.kind, kind)), argument.is_list)
            for argument in transition.arguments.values()
        }
        for resource in resources()
        for transition in (views[resource].workflow.transitions.values() if views[resource].workflow else ())
        if not transition.automatic
    }
    found: dict[str, set[str]] = {}
    for resource, name in few(types):
        found.setdefault(resource, set()).add(name)
    return found


def few(types: Mapping[Key, AbstractSet[Any]]) -> Iterator[Key]:
    """Yield keys that have each type among them: the one with the most new types first."""
    missing = set().union(*types.values())
    while missing:
        best = max(types, key=lambda key: len(types[key] & missing))
        missing -= types[best]
        yield best


@pytest.fixture
def texts(representatives: set[str], resource: str) -> tuple[str, ...]:
    """What a view is sent."""
    return TEXTS if resource in representatives else TEXTS[resources().index(resource) % SHARE :: SHARE]


def failed(answers: dict[Any, Any]) -> list[Any]:
    """Return what was answered with a 500, or with markup that is alive."""
    found = []
    for sent, answer in answers.items():
        alive = Markup(answer.text).alive if answer.mimetype == "text/html" and MARK in answer.text else []
        if answer.status_code >= 500 or alive:
            found.append((str(sent)[:80], answer.status_code, alive))
    return found


def with_value(present: Any, value: str, kind: str, of: AbstractSet[str]) -> Any:
    """Return the value for a field of one of these types, else what is there; figures stand in lines too."""
    if kind == "LinesField" and of is FIGURE_FIELDS:
        return [{name: value if is_figure(name, said) else said for name, said in row.items()} for row in present or ()]
    return value if kind in of else present


def is_figure(name: str, said: Any) -> bool:
    """Tell whether a field of a line holds a figure."""
    return not name.endswith("_id") and str(said).replace(".", "").isdigit()


def can_add(house: Any, resource: str) -> bool:
    """Tell whether a view has an add form."""
    return "add" in house.app.extensions["crud_views"][resource].verbs


def count(client: FlaskClient, resource: str) -> int:
    """Return how many records there are."""
    return int(client.get(f"{rest(resource)}/").json["count"])


def test_in_every_field_at_once(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    if not can_add(house, resource):
        return
    names = [one["name"] for one in described(house.root, resource)]
    before, answers = count(house.root, resource), {}

    for text in texts:
        body = dict.fromkeys(names, text)
        answers["page", text] = house.root.post(f"{page(resource)}/add", data=body)
        answers["rest", text] = house.root.post(f"{rest(resource)}/", json=body)

    assert not failed(answers)
    made = sum(answer.status_code in {201, 302} for answer in answers.values())
    assert count(house.root, resource) == before + made


def test_a_kept_text_is_shown_as_text(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    if not can_add(house, resource):
        return
    names = [one["name"] for one in described(house.root, resource) if one["type"] in TEXT_FIELDS]
    answers: dict[Any, Any] = {}

    for number, text in enumerate(texts, start=10):
        wanted = values(house.root, resource, number % 28 + 1)
        body = {**wanted, **dict.fromkeys(names, text)}
        answer = answers["made", text] = house.root.post(f"{rest(resource)}/", json=body)
        if answer.status_code == 201:
            key = answer.json["id"]
            answers["shown", text] = house.root.get(f"{page(resource)}/show/{key}")
            answers["form", text] = house.root.get(f"{page(resource)}/edit/{key}")
    answers["list"] = house.root.get(f"{page(resource)}/list/?psize={200}")
    answers["export"] = house.root.get(f"{page(resource)}/export/")

    assert not failed(answers)


def test_what_was_typed_comes_back_as_text(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    if not can_add(house, resource):
        return
    names = [one["name"] for one in described(house.root, resource)]
    marked = [text for text in texts if MARK in text]

    answers = {text: house.root.post(f"{page(resource)}/add", data=dict.fromkeys(names, text)) for text in marked}

    assert not failed(answers)


def test_extreme_figures_and_days_are_kept_or_refused(house: Any, resource: str) -> None:
    if not can_add(house, resource):
        return
    types = {one["name"]: one["type"] for one in described(house.root, resource)}
    wanted = values(house.root, resource, 12)
    bodies = [
        {
            name: with_value(wanted.get(name), value, types[name], of)
            for name in types
            if name in wanted or types[name] in of
        }
        for of, chosen in ((FIGURE_FIELDS, FIGURES), (DAY_FIELDS, DAYS), (TEXT_FIELDS, (LONGEST,)))
        for value in chosen
        if (resource, of) not in BINDING
    ]
    before = count(house.root, resource)

    answers: dict[Any, Any] = {
        sent: house.root.post(f"{rest(resource)}/", json=body)
        for sent, body in {str(one): one for one in bodies}.items()
    }
    made = [answer.json["id"] for answer in answers.values() if answer.status_code == 201]
    for key in made:
        answers["shown", key] = house.root.get(f"{page(resource)}/show/{key}")
    for address in ("list/", "export/"):
        answers[address] = house.root.get(f"{page(resource)}/{address}")

    assert not failed(answers)
    assert count(house.root, resource) == before + len({*made} - {*house.own[resource]})


def test_in_filters_search_order_and_page(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    filters = house.root.get(f"{rest(resource)}/_info").json["filters"]
    view = house.app.extensions["crud_views"][resource]
    answers = {}

    for text in texts:
        asked = {f"_flt_{number}_{name}": text for number in range(2) for name in filters}
        asked |= {"q": text, "end": text, f"page_{view.endpoint}": text, f"_oc_{view.endpoint}": text}
        short = {name: value[:1_000] for name, value in asked.items()}
        answers["page", text] = house.root.get(f"{page(resource)}/list/", query_string=short)
        answers["rest", text] = house.root.get(f"{rest(resource)}/", query_string={"q": text[:1_000]})

    assert not failed(answers)


def test_as_one_filter_each(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    filters = house.root.get(f"{rest(resource)}/_info").json["filters"]
    each = 12 if len(texts) == len(TEXTS) else 1  # Of the values: a filter is read by the type of its field.

    answers = {
        (name, text): house.root.get(f"{page(resource)}/list/", query_string={f"_flt_0_{name}": text[:1_000]})
        for place, name in enumerate(filters)
        for text in islice(cycle(texts), place, place + each)
    }

    assert not failed(answers)


def test_in_lookups(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    names = [one["name"] for one in described(house.root, resource) if one["type"] == "ReferenceField"]

    answers = {
        (name, text): house.root.get(f"{page(resource)}/lookup/{name}", query_string={"q": text[:1_000]})
        for name in names[:2]
        for text in texts
    }

    assert not failed(answers)


def test_as_the_id_in_an_address(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    numbers = {str(key) for key in house.own[resource]}
    answers = {}

    for text in texts:
        if text.strip() in numbers or len(text) > 400:
            continue
        answers["page", text] = house.root.get(f"{page(resource)}/show/{quote(text, safe='', errors='replace')}")
        answers["rest", text] = house.root.get(f"{rest(resource)}/{quote(text, safe='', errors='replace')}")

    assert not failed(answers)
    assert not [sent for sent, answer in answers.items() if answer.status_code == 200 and "id" in (answer.json or {})]


def test_json_of_the_wrong_kind(house: Any, resource: str, representatives: set[str]) -> None:
    own = house.own[resource][0]
    names = [one["name"] for one in described(house.root, resource)]
    before = house.root.get(f"{rest(resource)}/{own}").json
    answers: dict[Any, Any] = {}

    for value in VALUES if resource in representatives else VALUES[resources().index(resource) % 4 :: 4]:
        for body in (value, dict.fromkeys(names, value)):
            answers["post", str(body)[:300]] = house.root.post(f"{rest(resource)}/", json=body)
            answers["put", str(body)[:300]] = house.root.put(f"{rest(resource)}/{own}", json={"version": value})
        answers["filters", str(value)[:300]] = house.root.get(
            f"{rest(resource)}/", query_string={"q": house.app.json.dumps({"filters": value, "page": value})[:2_000]}
        )

    assert not failed(answers)
    assert house.root.get(f"{rest(resource)}/{own}").json["result"] == before["result"]


def test_in_the_dialogs_of_transitions(house: Any, resource: str, askers: dict[str, set[str]]) -> None:
    workflow = house.app.extensions["crud_views"][resource].workflow
    asking = [one for one in workflow.transitions.values() if one.arguments and not one.automatic] if workflow else []
    key, answers = house.own[resource][-1], {}

    for place, transition in enumerate(asking):
        of_each_kind = transition.name in askers.get(resource, ())
        for text in TEXTS if of_each_kind else TEXTS[place % SHARE :: SHARE]:
            body = dict.fromkeys(transition.arguments, text)
            answers["rest", transition.name, text] = house.root.post(
                f"{rest(resource)}/{key}/{transition.name}", json=body
            )
            if of_each_kind and MARK in text:  # It comes back with what was typed.
                answers["page", transition.name, text] = house.root.post(
                    f"{page(resource)}/transition/{transition.name}/{key}", data=body
                )

    assert not failed(answers)


def test_every_step_is_taken_with_hostile_answers(house: Any, resource: str) -> None:
    """Extreme figures and days first, which are mostly refused; then sound ones, with markup in every text."""
    workflow = house.app.extensions["crud_views"][resource].workflow
    answers: dict[Any, Any] = {}
    for transition in workflow.transitions.values() if workflow else ():
        key, asked = possible(house.root, resource, transition.name, house.own[resource])
        fitting = {one["name"]: sound(house.root, resource, transition.name, one) for one in asked}
        for body in (*extremes(fitting, asked), {**fitting, **dict.fromkeys(of_type(asked, "string"), LONGEST)}):
            sent = (transition.name, str(body))
            answers[sent] = house.root.post(f"{rest(resource)}/{key}/{transition.name}", json=body)
    for key in house.own[resource]:
        answers["shown", key] = house.root.get(f"{page(resource)}/show/{key}")
    answers["list"] = house.root.get(f"{page(resource)}/list/")
    answers["export"] = house.root.get(f"{page(resource)}/export/")

    assert not failed(answers)


def test_in_comments(house: Any, resource: str, texts: tuple[str, ...]) -> None:
    key = house.own[resource][0]

    answers: dict[Any, Any] = {
        text: house.root.post(f"{page(resource)}/comment/{key}", data={"body": text}) for text in texts
    }
    if "show" in house.app.extensions["crud_views"][resource].verbs:
        answers["shown"] = house.root.get(f"{page(resource)}/show/{key}")

    assert not failed(answers)


def test_a_form_of_lines_is_read_safely(house: Any, resource: str) -> None:
    view = house.app.extensions["crud_views"][resource]
    if view.lines is None or "add" not in view.verbs:
        return
    form = as_form(values(house.root, resource, 11))
    name = view.lines.name
    odd = (f"{name}-999999999999-item", f"{name}--1-item", f"{name}-x-item", f"{name}-0", f"{name}-0-", f"{name}-0-id")

    answers = {key: house.root.post(f"{page(resource)}/add", data={**form, key: "<b>1"}) for key in odd}

    assert not failed(answers)
