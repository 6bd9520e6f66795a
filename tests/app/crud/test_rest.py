"""REST: the same forms, services and gates as the pages, described by OpenAPI, refused in words."""

import json
from collections.abc import Callable
from typing import Any

import prison
import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import FORM, REST, add, add_many
from tests.world import PASSWORD

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
LINE = {"item": "Chair", "quantity": 2}


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one."""
    return login("bea", world.one)


def listed(client: FlaskClient, **query: Any) -> Any:
    """Return a page of the list."""
    answer = client.get(f"{REST}/", query_string={"q": prison.dumps(query)})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_create_read_change_delete(bea: FlaskClient) -> None:
    made = bea.post(f"{REST}/", json={**FORM, "discount": "12.50", "boxes": 3, "is_urgent": True, "lines": [LINE]})
    assert (made.status_code, made.json["id"], made.json["version"]) == (201, 1, 1)

    seen = bea.get(f"{REST}/1").json
    assert seen["result"]["discount"] == "12.50"
    assert (seen["result"]["boxes"], seen["result"]["is_urgent"], seen["result"]["state"]) == (3, True, "draft")
    assert seen["result"]["lines"][0]["item"] == "Chair"

    changed = bea.put(f"{REST}/1", json={"customer": "Li Si", "version": 1})
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    result = changed.json["result"]
    assert (result["customer"], result["discount"], result["boxes"], result["is_urgent"]) == ("Li Si", "12.50", 3, True)
    assert result["lines"][0]["item"] == "Chair"  # What is not sent stays.

    stale = bea.put(f"{REST}/1", json={"customer": "Late", "version": 1})
    assert (stale.status_code, stale.json["error"]) == (409, "record.stale")
    assert bea.put(f"{REST}/1", json={"lines": []}).json["result"]["lines"] == []
    assert bea.put(f"{REST}/1", json={"is_urgent": False}).json["result"]["is_urgent"] is False
    assert bea.put(f"{REST}/1", json={}).status_code == 200
    assert bea.delete(f"{REST}/1").status_code == 200
    assert bea.get(f"{REST}/1").status_code == 404


def test_lines(bea: FlaskClient) -> None:
    made = bea.post(f"{REST}/", json={**FORM, "lines": [LINE, {"item": "Desk", "quantity": "1.5", "is_gift": True}]})
    chair, desk = made.json["result"]["lines"]

    kept = bea.put(f"{REST}/1", json={"lines": [{"id": desk["id"], "item": "Desk", "quantity": 3}]}).json["result"][
        "lines"
    ]

    assert [(line["id"], line["quantity"], line["is_gift"]) for line in kept] == [(desk["id"], "3.000000", False)]
    foreign = bea.put(f"{REST}/1", json={"lines": [{**LINE, "id": chair["id"]}]})
    assert (foreign.status_code, foreign.json["field"]) == (404, "lines")


def test_a_new_line_takes_the_value_of_one_that_loses_it_in_the_same_save(bea: FlaskClient) -> None:
    made = bea.post(f"{REST}/", json={**FORM, "lines": [LINE, {"item": "Desk", "quantity": 1}]})
    chair, desk = made.json["result"]["lines"]

    replaced = bea.put(f"{REST}/1", json={"lines": [{**LINE, "quantity": 9}, {**desk, "item": "Lamp"}]})

    assert replaced.status_code == 200, replaced.text
    first, second = replaced.json["result"]["lines"]
    assert (first["item"], first["quantity"], second["id"], second["item"]) == ("Chair", "9.000000", desk["id"], "Lamp")
    assert first["id"] != chair["id"]
    assert replaced.json["version"] == 2

    renamed = bea.put(f"{REST}/1", json={"lines": [{**first, "item": "Sofa"}, {"item": "Chair", "quantity": 1}]})

    assert renamed.status_code == 200, renamed.text
    assert [line["item"] for line in renamed.json["result"]["lines"]] == ["Sofa", "Chair"]
    twice = bea.put(f"{REST}/1", json={"lines": [LINE, LINE]})
    assert (twice.status_code, twice.json["field"]) == (409, "item")
    assert bea.get(f"{REST}/1").json == renamed.json


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"colour": "red"}, 422, "colour"),
        ({"id": 7}, 422, "id"),
        ({"company_id": 2}, 422, "company_id"),
        ({"submission_key": "x"}, 422, "submission_key"),
        ({"lines": [{**LINE, "colour": 1}]}, 422, "lines.colour"),
        ({"lines": {"item": "Chair"}}, 422, "lines"),
        ({"lines": ["Chair"]}, 422, "lines"),
        ({"lines": [{"item": "Chair", "quantity": "x"}]}, 422, "lines"),
        ({"customer": ["a"]}, 422, "customer"),
        ({"customer": {"a": 1}}, 422, "customer"),
        ({"customer": True}, 422, "customer"),
        ({"customer": None}, 422, "customer"),
        ({"customer": "x" * 81}, 422, "customer"),
        ({"boxes": 1.5}, 422, "boxes"),
        ({"boxes": float("nan")}, 422, "boxes"),
        ({"discount": float("inf")}, 422, "discount"),
        ({"ordered_on": "2026-02-30"}, 422, "ordered_on"),
        ({"is_urgent": "perhaps"}, 422, "is_urgent"),
        ({"keeper_id": 10**17}, 422, "keeper_id"),
        ({"version": "1"}, 422, "version"),
        ({"version": True}, 422, "version"),
        ({"\ud800": 1}, 422, None),
        ({"customer": "\ud800"}, 422, "customer"),
    ],
)
def test_a_wrong_body_is_refused_by_name(bea: FlaskClient, body: Any, status: int, field: str | None) -> None:
    add(bea)
    before = bea.get(f"{REST}/1").json

    answer = bea.put(f"{REST}/1", json=body)

    assert answer.status_code == status, answer.text
    assert field is None or answer.json["field"] == field
    assert answer.json["message"]
    assert answer.json["error"]
    assert bea.get(f"{REST}/1").json == before
    if "version" not in body:
        assert bea.post(f"{REST}/", json={**FORM, "number": "A-9", **body}).status_code == status
    assert listed(bea)["count"] == 1


def test_every_wrong_field_is_told(bea: FlaskClient) -> None:
    answer = bea.post(f"{REST}/", json={"boxes": "x", "lines": [LINE, {"item": "Desk"}]})

    assert answer.status_code == 422
    fields = answer.json["fields"]
    assert set(fields) == {"number", "customer", "ordered_on", "boxes", "lines"}
    assert fields["lines"] == [{}, {"quantity": ["This field is required."]}]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 6_000, b'{"a":'], ids=lambda body: body[:5].hex()
)
def test_a_broken_body_is_a_bad_request(bea: FlaskClient, body: bytes) -> None:
    bea.get("/lang/zh")
    answer = bea.post(f"{REST}/", data=body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer.json["message"]
    assert answer.json["message"] != "Bad Request"
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.json["message"])


@pytest.mark.parametrize("body", ["x", 1, None, [], [1]])
def test_only_an_object_is_a_body(bea: FlaskClient, body: Any) -> None:
    answer = bea.post(f"{REST}/", data=json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (422, "body.object")


def test_a_list_is_asked_in_rison_or_json(world: Any, bea: FlaskClient, run_in: Any) -> None:
    add_many(run_in, world.one, range(30))
    like = {"col": "customer", "opr": "contains", "value": "000"}

    page = listed(bea, filters=[like], order_column="number", order_direction="desc", page=1, page_size=4)
    as_json = bea.get(f"{REST}/", query_string={"q": json.dumps({"filters": [like], "columns": ["number"]})}).json

    assert (page["count"], [row["number"] for row in page["result"]]) == (10, ["N-0005", "N-0004", "N-0003", "N-0002"])
    assert page["ids"] == [row["id"] for row in page["result"]]
    assert [set(row) for row in as_json["result"][:1]] == [{"id", "version", "number"}]
    assert listed(bea, search="N-0007")["count"] == 1
    assert listed(bea)["count"] == 30
    assert len(listed(bea)["result"]) == 25


@pytest.mark.parametrize(
    "query",
    [
        {"colour": 1}, {"page": -1}, {"page": "x"}, {"page_size": 0}, {"page_size": 1001}, {"page_size": True},
        {"order_column": "company_id"}, {"order_column": ["number"]}, {"order_direction": "up"}, {"search": 7},
        {"filters": "x"}, {"filters": [1]}, {"filters": [{"col": "customer"}]}, {"columns": ["no"]}, {"columns": 1},
        {"filters": [{"col": "nothing", "opr": "eq", "value": 1}]}, {"filters": [{"col": {}, "opr": "eq", "value": 1}]},
        {"filters": [{"col": "boxes", "opr": "xx", "value": 1}]},
        {"filters": [{"col": "boxes", "opr": "eq", "value": [1]}]},
        {"filters": [{"col": "boxes", "opr": "eq", "value": None}]},
        {"filters": [{"col": "is_urgent", "opr": "eq", "value": 2}]},
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(bea: FlaskClient, query: Any) -> None:
    answer = bea.get(f"{REST}/", query_string={"q": json.dumps(query)})
    assert answer.status_code == 422, answer.text
    assert answer.json["field"]


@pytest.mark.parametrize("raw", ["(", "!", "'", "!(!(!(" * 2_000, "[" * 100_000, "(a:", "1", "!n", "\0", "%00"])
def test_a_query_that_cannot_be_read_is_refused(bea: FlaskClient, raw: str) -> None:
    answer = bea.get(f"{REST}/", query_string={"q": raw})
    assert (answer.status_code, answer.json["field"]) == (422, "q")


def test_a_token_opens_the_same_doors(world: Any) -> None:
    client = world.app.test_client()

    def header(name: str, **more: str) -> dict[str, str]:
        answer = client.post(
            "/api/v1/security/login", json={"username": name, "password": PASSWORD, "provider": "db"}
        )  # fmt: skip
        return {"Authorization": f"Bearer {answer.json['access_token']}", **more}

    assert client.get(f"{REST}/").status_code == 401
    bea, eve = header("bea", **{"X-Company-Id": str(world.one)}), header("eve", **{"X-Company-Id": str(world.one)})
    assert client.post(f"{REST}/", json=FORM, headers=bea).status_code == 201
    assert client.post(f"{REST}/", json=FORM, headers=eve).status_code == 403
    assert client.get(f"{REST}/1", headers=bea).status_code == 200
    there = {**bea, "X-Company-Id": str(world.two)}
    assert client.get(f"{REST}/1", headers=there).status_code == 404
    assert client.get(f"{REST}/", headers=there).json["count"] == 0


@pytest.mark.parametrize("named", ["999", "0", "-1", "x", "", "1 OR 1=1", "９" * 30])
def test_a_company_that_is_not_ours_is_never_another_one(bea: FlaskClient, named: str) -> None:
    headers = {"X-Company-Id": named.encode().decode("latin-1")}
    assert bea.get(f"{REST}/", headers=headers).status_code == 404
    assert bea.post(f"{REST}/", json=FORM, headers=headers).status_code == 404
    assert listed(bea)["count"] == 0


def test_one_idempotency_key_makes_one_record(bea: FlaskClient) -> None:
    first = bea.post(f"{REST}/", json=FORM, headers={"Idempotency-Key": "k1"})
    again = bea.post(f"{REST}/", json=FORM, headers={"Idempotency-Key": "k1"})
    other = bea.post(f"{REST}/", json={**FORM, "number": "A-2"}, headers={"Idempotency-Key": "k2"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 201)
    assert first.json["id"] == again.json["id"] != other.json["id"]
    assert listed(bea)["count"] == 2


def test_buttons_and_transitions(bea: FlaskClient) -> None:
    add(bea)
    buttons = {one["name"]: one for one in bea.get(f"{REST}/1/transitions").json["result"]}
    assert set(buttons) == {"send", "cancel"}
    assert [argument["name"] for argument in buttons["send"]["arguments"]] == ["reason", "on", "keeper"]

    send = {"reason": "all there", "on": "2026-03-05"}
    assert bea.post(f"{REST}/1/send", json={**send, "version": 9}).status_code == 409
    assert bea.post(f"{REST}/1/send", json={**send, "colour": 1}).json["field"] == "colour"
    assert bea.post(f"{REST}/1/send", json={"on": "2026-03-05"}).json["field"] == "reason"
    done = bea.post(f"{REST}/1/send", json={**send, "version": 1})
    assert (done.status_code, done.json["result"]["state"]) == (200, "sent")
    assert bea.post(f"{REST}/1/send", json=send).status_code == 409
    assert bea.post(f"{REST}/1/cancel").json["result"]["state"] == "cancelled"


@pytest.mark.parametrize("pk", ["0", "2", "x", "-1", "1.0", "9" * 30, "１", "1%00", "null"])
def test_what_is_no_id_is_not_found(bea: FlaskClient, pk: str) -> None:
    for answer in (bea.get(f"{REST}/{pk}"), bea.put(f"{REST}/{pk}", json={}), bea.delete(f"{REST}/{pk}"),
                   bea.post(f"{REST}/{pk}/send", json={})):  # fmt: skip
        assert answer.status_code == 404, answer.text


def test_verbs_that_a_view_does_not_have_are_refused(world: Any, login: Login) -> None:
    root = login("root", world.one)
    assert root.post("/api/v1/masterdata/optionlist/", json={"name": "X"}).status_code == 403
    assert root.delete("/api/v1/audit/auditentry/1").status_code == 403


def test_openapi_describes_what_the_reader_may_use(world: Any, login: Login, bea: FlaskClient) -> None:
    spec = bea.get("/api/v1/_openapi").json
    schemas, paths = spec["components"]["schemas"], spec["paths"]
    base = "/api/v1/market/order"

    assert set(paths[f"{base}/"]) == {"get", "post"}
    assert set(paths[f"{base}/{{pk}}"]) == {"get", "put", "delete"}
    body = paths[f"{base}/{{pk}}/send"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == {"version", "reason", "on", "keeper"}
    assert f"{base}/{{pk}}/pay" not in paths
    post = schemas["market.Order.post"]
    assert post["required"] == ["number", "customer", "ordered_on"]
    assert post["properties"]["ordered_on"]["format"] == "date"
    assert post["properties"]["number"]["maxLength"] == 20
    assert set(post["properties"]["lines"]["items"]["properties"]) == {
        "id", "item", "quantity", "price", "is_gift", "unit_id",
    }  # fmt: skip
    assert schemas["market.Order.show"]["properties"]["keeper"]["properties"]["id"] == {"type": "integer"}
    assert all(ref in schemas for ref in _references(spec))
    assert "visits.Visit.list" not in schemas  # She has no role there.
    assert "/api/v1/visits/visit/" in login("ann", world.one).get("/api/v1/_openapi").json["paths"]
    assert bea.get("/swagger/v1").status_code == 200


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_references, node), set())
    if isinstance(node, dict):
        own = {node["$ref"].rpartition("/")[2]} if "components/schemas" in str(node.get("$ref", "")) else set()
        return own.union(*map(_references, node.values()))
    return set()
