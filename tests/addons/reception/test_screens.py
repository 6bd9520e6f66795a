"""The front desk over HTML and REST: the same rules, masks and gates as in the services."""

import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from addons.reception import services
from addons.reception.models import Customer, Reception
from app.companies import snapshot
from app.database.session import db

pytestmark = pytest.mark.by_turns
MOST_STATEMENTS = 12  # Of one page.
API = "/api/v1/reception"
DESK = "/reception/desk/"


@pytest.fixture
def source(world, run_in):
    """The id of the source `Visit`."""
    from app.masterdata.options import find_option, open_list

    def find():
        open_list("reception.source")
        return find_option("reception.source", "Visit").id

    return run_in(world.one, find)


@pytest.fixture
def customer(world, run_in, source):
    """The id of a customer of Amy's, with number, identity number and address."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    return run_in(
        world.one,
        lambda: (
            services.create_customer(
                actor=session.get_one(User, world.users["amy"]),
                name="王小明",
                phone="13812345678",
                id_no="11010519491231002X",
                address="杭州市西湖区文三路 100 号",
                source_id=source,
            ).id
        ),
    )


def count(world, run_in, model):
    """Return how many rows company one has."""
    from app.database.session import session

    return run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(model.id))))


@pytest.mark.rule("P:CRM-12")
def test_all_that_is_known_of_a_customer_takes_few_statements(world, login, run_in, customer, monkeypatch):
    monkeypatch.setattr(snapshot, "CHECK_EVERY", 3600)  # Else a process asks once a second what has changed.
    amy, address = login("amy", world.one), f"/reception/customer/show/{customer}"
    asked = []
    with world.app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    amy.get(address)  # The first page fills what the process remembers.
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        page = amy.get(address)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)

    assert page.status_code == 200
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


@pytest.mark.rule("P:CRM-20", "S:REC-38")
def test_only_the_owner_sees_the_number(world, login, customer):
    amy, dee, sue = (login(name, world.one) for name in ("amy", "dee", "sue"))

    assert "13812345678" in amy.get("/reception/customer/list/").text
    for address in ("/reception/customer/list/", f"/reception/customer/show/{customer}"):
        page = dee.get(address).text
        assert "138****5678" in page
        assert "13812345678" not in page
        assert "002X" not in page.replace("***002X", "")
    shown = dee.get(f"{API}/customer/{customer}").json["result"]
    assert (shown["phone"], shown["id_no"], shown["address"]) == (
        "138****5678",
        "110***********002X",
        "杭州市西湖区****",
    )
    assert dee.get(f"{API}/customer/").json["result"][0]["phone"] == "138****5678"
    assert amy.get(f"{API}/customer/{customer}").json["result"]["phone"] == "13812345678"
    assert sue.get(f"{API}/customer/{customer}").json["result"]["phone"] == "13812345678"  # She has the right.


@pytest.mark.rule("P:CRM-20", "S:REC-38")
def test_reading_somebody_elses_number_is_logged(world, login, run_in, customer):
    from app.audit import list_accesses

    login("sue", world.one).get(f"/reception/customer/show/{customer}")
    login("dee", world.one).get(f"/reception/customer/show/{customer}")
    login("amy", world.one).get(f"/reception/customer/show/{customer}")

    events = run_in(world.one, lambda: [(one.user_id, *one.ids) for one in list_accesses()])
    assert events == [(world.users["sue"], customer)]


@pytest.mark.rule("P:CRM-20", "P:COR-03")
def test_a_company_decides_what_is_masked(world, login, run_in, customer):
    from flask_appbuilder.security.sqla.models import User

    from addons.reception.parameters import MASK_FIELDS
    from app.database.session import session
    from tests.addons.reception.office import FIRST_DAY

    run_in(
        world.one,
        lambda: (
            MASK_FIELDS.set(["id_no"], valid_from=FIRST_DAY, actor=session.get_one(User, world.users["max"])) and None
        ),
    )

    shown = login("dee", world.one).get(f"{API}/customer/{customer}").json["result"]
    assert (shown["phone"], shown["id_no"]) == ("13812345678", "110***********002X")


@pytest.mark.rule("P:CRM-20")
def test_an_export_needs_the_right_and_is_masked_without_the_other(world, login, customer):
    amy, max_ = login("amy", world.one), login("max", world.one)

    assert amy.get("/reception/customer/export/").status_code in (302, 403)
    with max_.get("/reception/customer/export/") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.data))
    values = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "王小明" in values


@pytest.mark.rule("S:REC-38", "S:CORE-08")
def test_a_consultant_does_not_reach_a_colleagues_customer(world, login, customer):
    bob = login("bob", world.one)

    assert "王小明" not in bob.get("/reception/customer/list/").text
    assert bob.get(f"/reception/customer/show/{customer}").status_code == 404
    for call in (bob.get, bob.delete):
        assert call(f"{API}/customer/{customer}").status_code in (403, 404)
    assert bob.put(f"{API}/customer/{customer}", json={"name": "x"}).status_code == 404
    assert bob.post(f"{API}/customer/{customer}/submit", json={}).status_code == 404


def test_nothing_exists_in_the_company_without_reception(world, login, customer):
    amy = login("amy", world.two)

    for address in (
        "/reception/customer/list/",
        f"/reception/customer/show/{customer}",
        DESK,
        f"{API}/customer/",
        f"{API}/reception/",
        "/reports/reception.daily_record",
    ):
        assert amy.get(address).status_code == 404
    assert "/reception/customer/list/" not in amy.get("/").text


@pytest.mark.rule("S:REC-01", "S:REC-02", "S:REC-05")
def test_a_file_is_opened_by_rest(world, login, run_in, source):
    amy = login("amy", world.one)

    made = amy.post(
        f"{API}/customer/", json={"name": "李四", "phone": "139 0000 0000", "source_id": "Exhibition", "intent": "B"}
    )
    assert made.status_code == 201, made.text
    shown = made.json["result"]
    assert (shown["name"], shown["phone"], shown["stage"], shown["intent"]) == (
        "李四",
        "13900000000",
        "customer_file",
        "B",
    )

    for body, field in (
        ({"name": "李四", "source_id": source}, "phone"),
        ({"name": "李四", "phone": "13900000001"}, "source_id"),
        ({"name": "李四", "phone": "12", "source_id": source}, "phone"),
        ({"name": "李四", "phone": "13900000001", "source_id": "Mars"}, "source_id"),
        ({"name": "李四", "phone": "13900000001", "source_id": 999999}, "source_id"),
        ({"name": "李四", "phone": "13900000001", "source_id": source, "intent": "Z"}, "intent"),
        ({"name": "李四", "phone": "13900000001", "source_id": source, "budget": "NaN"}, "budget"),
        ({"name": "李四", "phone": "13900000001", "source_id": source, "received_on": "2026-02-30"}, "received_on"),
        ({"name": "李四", "phone": "13900000001", "source_id": source, "state": "registered"}, "state"),
    ):
        refused = amy.post(f"{API}/customer/", json=body)
        assert (refused.status_code, refused.json["field"]) == (422, field), body
    assert count(world, run_in, Customer) == 1


@pytest.mark.rule("P:CRM-21")
def test_a_duplicate_is_refused_by_rest_and_on_the_page(world, login, run_in, customer, source):
    bob = login("bob", world.one)

    refused = bob.post(f"{API}/customer/", json={"name": "王某", "phone": "+86 138-1234-5678", "source_id": source})
    assert (refused.status_code, refused.json["error"], refused.json["field"]) == (409, "customer.protected", "phone")
    assert refused.json["data"]["owner"] == "Amy"

    page = bob.post(
        "/reception/customer/add",
        data={"name": "王某某", "kind": "person", "phone": "+86 138-1234-5678", "source_id": "Visit"},
    )
    assert page.status_code == 422
    assert "is the customer of Amy" in page.text
    assert 'value="王某某"' in page.text
    assert count(world, run_in, Customer) == 1


@pytest.mark.rule("P:REC-01", "P:REC-02", "P:REC-04")
def test_a_reception_by_rest(world, login, source):
    amy = login("amy", world.one)
    made = amy.post(
        f"{API}/reception/", json={"visitor_name": "王小明", "source_id": source, "arrived_at": "2026-03-02 10:00"}
    )
    assert made.status_code == 201, made.text
    address = f"{API}/reception/{made.json['id']}"
    assert amy.post(f"{address}/start", json={}).json["result"]["state"] == "in_progress"

    refused = amy.post(f"{address}/record", json={"left_at": "2026-03-02T10:45:00+08:00"})
    assert (refused.status_code, refused.json["field"]) == (422, "phone")
    assert amy.put(address, json={"phone": "13812345678"}).status_code == 200
    refused = amy.post(f"{address}/record", json={"left_at": "2026-03-02T10:45:00+08:00"})
    assert (refused.status_code, refused.json["error"]) == (409, "reception.checklist")
    buttons = {one["name"]: one for one in amy.get(f"{address}/transitions").json["result"]}
    assert not buttons["record"]["enabled"]
    assert buttons["record"]["reason"].startswith("Not done of the checklist: Company introduced, ")

    checks = [
        {"id": line["id"], "item": line["item"], "done": True} for line in amy.get(address).json["result"]["checks"]
    ]
    assert len(checks) == 4
    assert amy.put(address, json={"checks": checks}).status_code == 200
    refused = amy.post(f"{address}/record", json={"left_at": "2026-03-02T09:50:00+08:00"})
    assert (refused.status_code, refused.json["field"]) == (422, "left_at")
    done = amy.post(f"{address}/record", json={"left_at": "2026-03-02T10:45:00+08:00"})
    assert done.status_code == 200, done.text
    assert (done.json["result"]["state"], done.json["result"]["minutes"]) == ("recorded", 45)

    assert amy.post(f"{address}/assess", json={}).json["field"] == "intent"
    assert amy.post(f"{address}/assess", json={"intent": "B"}).json["result"]["state"] == "assessed"


@pytest.mark.rule("P:REC-06")
def test_the_desk_page_gives_visitors_in_turn(world, login):
    dee, amy = login("dee", world.one), login("amy", world.one)

    for _ in range(3):
        assert dee.post(f"{DESK}take", data={"queue": world.queue, "visitor_name": "访客"}).status_code == 302
    page = dee.get(DESK).text
    assert page.count("访客") >= 3
    owners = [one["owner"]["title"] for one in dee.get(f"{API}/reception/").json["result"]]
    assert sorted(owners) == ["Amy", "Bob", "Cat"]
    assert amy.get(f"{API}/reception/").json["count"] == 1
    assert dee.post(f"{DESK}nothing", data={}).status_code == 404


def test_a_visitor_sent_twice_is_taken_once(world, login):
    dee = login("dee", world.one)
    keys = re.findall('name="submission_key" value="([^"]+)"', dee.get(DESK).text)
    assert len(keys) == len(set(keys)) > 1
    visitor = {"queue": world.queue, "visitor_name": "访客", "submission_key": keys[0]}

    first, second = (dee.post(f"{DESK}take", data=visitor) for _number in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert dee.get(f"{API}/reception/").json["count"] == 1
    assert dee.get(DESK).text.count("Amy receives the visitor.") == 2  # Whoever pressed twice reads the second answer.
    dee.post(f"{DESK}take", data={**visitor, "submission_key": keys[1]})
    assert dee.get(f"{API}/reception/").json["count"] == 2


@pytest.mark.parametrize(
    "values",
    [
        {"queue": "999999"},
        {"queue": "x"},
        {},
        {"queue": "1", "phone": "123"},
        {"queue": "1", "visitor_name": "a" * 300},
        {"queue": "1", "member": "99999999999999999999"},
        {"queue": "1", "source": "<script>"},
    ],
)
def test_nonsense_at_the_desk_is_refused_or_harmless(world, login, values):
    dee = login("dee", world.one)
    assert dee.post(f"{DESK}take", data=values).status_code == 302
    assert dee.get(DESK).status_code == 200
    for day in ("x", "2026-02-30", "0000-00-00", "２０２６-03-02"):
        assert dee.get(DESK, query_string={"day": day, "queue": "y"}).status_code == 200


def test_every_screen_and_report_opens_for_those_who_may(world, login, customer):
    screens = ("reception", "customer", "inquiry", "promise", "turnqueue")
    reports = (
        "daily_record",
        "visitors_by_day",
        "visitors_by_source",
        "inquiries_by_source",
        "prospect_register",
        "idle_files",
    )
    maximum = login("max", world.one)
    for name in screens:
        assert maximum.get(f"/reception/{name}/list/").status_code == 200
        assert maximum.get(f"/reception/{name}/add").status_code == 200
        assert maximum.get(f"{API}/{name}/").status_code == 200
        assert maximum.get(f"{API}/{name}/_info").status_code == 200
    for name in reports:
        assert maximum.get(f"/reports/reception.{name}").status_code == 200, name
        for kind in ("excel", "pdf"):
            with maximum.get(f"/reports/reception.{name}/{kind}") as file:
                assert file.status_code == 200, (name, kind)
    for name in ("show", "edit"):
        assert maximum.get(f"/reception/customer/{name}/{customer}").status_code == 200
    assert "Visitors today" in maximum.get("/").text


def test_search_by_name_pinyin_code_and_last_four(world, login, customer):
    amy, dee, sue = (login(name, world.one) for name in ("amy", "dee", "sue"))

    def found(client, text):
        return client.get(f"{API}/customer/", query_string={"q": f"(search:'{text}')"}).json["count"]

    code = dee.get(f"{API}/customer/{customer}").json["result"]["code"]
    for text in ("王小明", "小明", "wangxiaoming", "wxm", code):
        assert found(dee, text) == 1, text
    assert (found(sue, "5678"), found(sue, "13812345678"), found(dee, "5678")) == (1, 1, 0)
    assert found(sue, "4321") == 0
    assert found(amy, "5678") == 1  # Her own customer's number is no secret to her.


@pytest.mark.rule("S:REC-38")
def test_hostile_text_is_shown_as_text(world, login, source, run_in):
    amy = login("amy", world.one)
    made = amy.post(
        "/reception/customer/add",
        data={
            "name": "<script>alert(1)</script>",
            "kind": "person",
            "phone": "13900000000",
            "source_id": "Visit",
            "remark": "=1+1 😀 \u200b'\"--",
            "received_on": "2026年3月2日",
        },
    )
    assert made.status_code == 302
    for address in ("/reception/customer/list/", made.headers["Location"]):
        page = amy.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
    assert count(world, run_in, Reception) == 0


def test_what_is_made_for_a_colleague_is_saved_and_out_of_sight(world, login, source):
    amy, bob = login("amy", world.one), login("bob", world.one)
    [colleague] = amy.get("/reception/inquiry/lookup/owner_id?q=Bob").json
    values = {
        "channel": "phone_in",
        "visitor_name": "访客",
        "received_at": "2026-03-02T10:00",
        "source_id": source,
        "phone": "13812345678",
        "need": "两居",
    }
    his = {**values, "owner_id": colleague["id"]}

    made = amy.post(f"{API}/inquiry/", json=his)
    page = amy.post("/reception/inquiry/add", data=his)

    assert (made.status_code, made.json) == (201, {"id": 1})
    assert (page.status_code, page.headers["Location"]) == (302, "/reception/inquiry/list/")
    assert amy.get(f"{API}/inquiry/1").status_code == 404
    assert amy.get(f"{API}/inquiry/").json["count"] == 0
    assert sorted(bob.get(f"{API}/inquiry/").json["ids"]) == [1, 2]
