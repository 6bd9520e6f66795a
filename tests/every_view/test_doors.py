"""Every page and every REST address of every view: with the right, without it, as a stranger, with another's record."""

from typing import Any

import pytest

from app.security.permissions import EVERY_MEMBER
from tests.every_view.samples import as_form, described, values
from tests.every_view.views import page, resources, rest

LANGUAGES = ("zh", "en")
# Every member may list these: who takes part in a record sees it.
EVERYBODYS = sorted({resource for permission, resource in EVERY_MEMBER if permission == "can_list"})


def view_of(house: Any, resource: str) -> Any:
    """Return the running view."""
    return house.app.extensions["crud_views"][resource]


def transitions_of(house: Any, resource: str) -> list[str]:
    """Return the transitions that people may do."""
    workflow = view_of(house, resource).workflow
    return [one.name for one in workflow.transitions.values() if not one.automatic] if workflow else []


def references_of(house: Any, resource: str) -> list[str]:
    """Return the names of the fields that choose a record."""
    fields = described(house.root, resource)
    return [one["name"] for one in fields if one["type"] == "ReferenceField"]


def lines_of(view: Any, kept: dict[str, Any]) -> dict[str, Any]:
    """Return the lines of a record as its form shows them: with their ids, and records by theirs."""
    if view.shown_lines is None:
        return {}
    name = view.lines.name
    rows = [
        {key: value["id"] if isinstance(value, dict) else value for key, value in row.items() if value is not None}
        for row in kept["result"][name]
    ]
    return {name: rows}


def test_the_list_of_views_is_that_of_the_app(house: Any) -> None:
    assert sorted(resources()) == sorted(house.app.extensions["crud_views"])


@pytest.mark.by_turns
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_answer(house: Any, resource: str, language: str) -> None:
    house.root.get(f"/lang/{language}")
    view, own = view_of(house, resource), house.own[resource][0]
    expected = {f"{page(resource)}/list/": 200, f"{page(resource)}/export/": 200}
    for verb, address in (("show", f"show/{own}"), ("edit", f"edit/{own}"), ("add", "add")):
        expected[f"{page(resource)}/{address}"] = 200 if verb in view.verbs else 403
    for address in ("import", "import/template"):
        expected[f"{page(resource)}/{address}"] = 200 if view.importer else 403
    expected |= {f"{page(resource)}/lookup/{name}?q=a": 200 for name in references_of(house, resource)}

    found = {}
    for address in expected:
        with house.root.get(address) as answer:
            found[address] = answer.status_code

    assert found == expected
    assert house.root.get(f"{page(resource)}/list/").text.count("<html") == 1


@pytest.mark.by_turns
def test_rest_answers(house: Any, resource: str) -> None:
    listed = house.root.get(f"{rest(resource)}/").json
    assert listed["count"] >= len(listed["ids"]) > 0
    shown = house.root.get(f"{rest(resource)}/{listed['ids'][0]}").json
    assert shown["id"] == listed["ids"][0]
    assert house.root.get(f"{rest(resource)}/_info").json["permissions"]
    paths = house.root.get("/api/v1/_openapi").json["paths"]
    assert f"{rest(resource)}/" in paths


@pytest.mark.by_turns
def test_without_the_right(house: Any, resource: str) -> None:
    if resource in EVERYBODYS:
        return
    own = house.own[resource][0]
    read = ["list/", f"show/{own}", f"edit/{own}", "add", "export/", "import", "import/template", "lookup/owner_id"]
    write = ["add", f"edit/{own}", f"delete/{own}", f"comment/{own}", "import"]
    write += [f"transition/{name}/{own}" for name in transitions_of(house, resource)]
    before = house.root.get(f"{rest(resource)}/").json

    for address in read:
        assert house.eve.get(f"{page(resource)}/{address}").status_code == 403, address
        assert house.stranger.get(f"{page(resource)}/{address}").status_code == 302, address
    for address in write:
        assert house.eve.post(f"{page(resource)}/{address}", data={"body": "x"}).status_code == 403, address
        assert house.stranger.post(f"{page(resource)}/{address}").status_code == 302, address
    for client, refusals in ((house.eve, {403}), (house.stranger, {401, 403})):  # 403: nobody may.
        answers = [
            client.get(f"{rest(resource)}/"), client.get(f"{rest(resource)}/{own}"),
            client.post(f"{rest(resource)}/", json={}), client.put(f"{rest(resource)}/{own}", json={}),
            client.delete(f"{rest(resource)}/{own}"), client.get(f"{rest(resource)}/_info"),
            *(client.post(f"{rest(resource)}/{own}/{name}", json={}) for name in transitions_of(house, resource)),
        ]  # fmt: skip
        assert {answer.status_code for answer in answers} <= refusals
    assert house.root.get(f"{rest(resource)}/").json == before


@pytest.mark.parametrize("name", EVERYBODYS)
def test_of_what_everybody_may_list_nobody_sees_what_is_not_his(house: Any, name: str) -> None:
    own, before = house.own[name][0], house.root.get(f"{rest(name)}/").json
    assert house.eve.get(f"{page(name)}/list/").status_code == 200
    assert house.eve.get(f"{rest(name)}/").json["ids"] == []
    for address in (f"{page(name)}/show/{own}", f"{rest(name)}/{own}"):
        assert house.eve.get(address).status_code == 404, address
    for step in transitions_of(house, name):
        assert house.eve.post(f"{page(name)}/transition/{step}/{own}").status_code == 404, step
        assert house.eve.post(f"{rest(name)}/{own}/{step}", json={}).status_code == 404, step
    assert house.stranger.get(f"{page(name)}/list/").status_code == 302
    assert house.stranger.get(f"{rest(name)}/").status_code == 401
    assert house.root.get(f"{rest(name)}/").json == before


def test_a_record_of_another_company_does_not_exist(house: Any, resource: str) -> None:
    own, (foreign, *_others) = house.own[resource], house.foreign[resource]
    assert foreign not in own
    view, before = view_of(house, resource), house.abroad.get(f"{rest(resource)}/{foreign}").json
    verbs = {"show": ("get", f"show/{foreign}"), "edit": ("get", f"edit/{foreign}")}
    reached = [
        (method, f"{page(resource)}/{address}") for verb, (method, address) in verbs.items() if verb in view.verbs
    ]
    reached += [("post", f"{page(resource)}/{verb}/{foreign}") for verb in ("edit", "delete") if verb in view.verbs]
    reached += [("post", f"{page(resource)}/comment/{foreign}")]
    reached += [("post", f"{page(resource)}/transition/{name}/{foreign}") for name in transitions_of(house, resource)]
    reached += [("get", f"{rest(resource)}/{foreign}"), ("get", f"{rest(resource)}/{foreign}/transitions")]
    reached += [("put", f"{rest(resource)}/{foreign}")] if "edit" in view.verbs else []
    reached += [("delete", f"{rest(resource)}/{foreign}")] if "delete" in view.verbs else []
    reached += [("post", f"{rest(resource)}/{foreign}/{name}") for name in transitions_of(house, resource)]

    for method, address in reached:
        options = {"json": {}} if address.startswith("/api/") and method != "get" else {}
        assert getattr(house.root, method)(address, **options).status_code == 404, (method, address)

    assert foreign not in house.root.get(f"{rest(resource)}/?q=(page_size:1000)").json["ids"]
    assert house.abroad.get(f"{rest(resource)}/{foreign}").json == before


def test_a_reference_to_another_company_is_refused(house: Any, resource: str) -> None:
    if "add" not in view_of(house, resource).verbs:
        return
    before = house.root.get(f"{rest(resource)}/").json["count"]
    for name in references_of(house, resource):
        offered = {one["id"] for one in house.root.get(f"{page(resource)}/lookup/{name}").json}
        there = {one["id"] for one in house.abroad.get(f"{page(resource)}/lookup/{name}").json}
        assert not offered & there
        body = {**values(house.root, resource, 7), name: next(iter(there))}
        assert house.root.post(f"{rest(resource)}/", json=body).status_code == 422, name
        answer = house.root.post(f"{page(resource)}/add", data=as_form(body))
        assert answer.status_code == 422, name
    assert house.root.get(f"{rest(resource)}/").json["count"] == before


@pytest.mark.by_turns
def test_a_record_is_made_changed_and_deleted(house: Any, resource: str) -> None:
    view = view_of(house, resource)
    if "add" not in view.verbs:
        return
    form = as_form(values(house.root, resource, 9))

    added = house.root.post(f"{page(resource)}/add", data={**form, "submission_key": f"{resource}-9"})
    assert added.status_code == 302, added.text
    key = int(added.headers["Location"].rsplit("/", 1)[1])
    if "edit" in view.verbs:
        stale = house.root.post(f"{page(resource)}/edit/{key}", data={**form, "version": "999"})
        assert stale.status_code == 422
        kept = house.root.get(f"{rest(resource)}/{key}").json
        again = {**form, **as_form(lines_of(view, kept)), "version": str(kept["version"])}
        edited = house.root.post(f"{page(resource)}/edit/{key}", data=again)
        assert edited.status_code == 302, edited.text
    if "delete" in view.verbs:
        assert house.root.get(f"{page(resource)}/delete/{key}").status_code == 405
        version = house.root.get(f"{rest(resource)}/{key}").json["version"]
        assert house.root.post(f"{page(resource)}/delete/{key}?version={version}").status_code == 302
    left = house.root.get(f"{rest(resource)}/?q=(page_size:1000)").json["ids"]
    assert "delete" in view.verbs or key in left
