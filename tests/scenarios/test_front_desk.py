"""A day at the front desk, from an Excel file of customers to the printed record, over HTML and REST."""

import datetime as dt
import io
import re

import openpyxl
import pypdfium2
import pytest

from tests.addons.reception.customer_file import KNOWN, KNOWN_AT, REPEATED_AT, SAME_PERSON_AT, WRONG_AT, customer_file

API = "/api/v1/reception"
DESK = "/reception/desk/"
IMPORT = "/reception/customer/import"
# Visitor, phone, what the consultant makes of the visit; the second gives no number.
VISITORS = (
    ("赵先生", "13911110001", "B"),
    (None, None, "none"),
    ("钱大妈", "+86 139 1111 0003", "none"),
    ("孙师傅", "13911110004", "A"),
    ("李女士", "139-1111-0005", "none"),
)


@pytest.fixture
def staff(world, login):
    """Everybody's browser; the manager's and the consultants' speak Chinese."""
    clients = {name: login(name, world.one) for name in ("max", "sue", "amy", "bob", "cat", "dee")}
    for client in clients.values():
        client.get("/lang/zh")
    return clients


@pytest.mark.rule("S:REC-01", "S:REC-02", "P:CRM-21")
def test_five_hundred_customers_come_from_a_file(world, staff, run_in):
    for name, phone in KNOWN:
        made = staff["amy"].post(f"{API}/customer/", json={"name": name, "phone": phone, "source_id": "展会"})
        assert made.status_code == 201, made.text

    found, page = _import(staff["max"], customer_file(), run_in, world)
    assert (found["rows"], found["saved"], len(found["problems"])) == (500, 0, 15)
    _check_problems({problem["row"]: problem for problem in found["problems"]}, page)
    assert _customers(staff["max"]) == 4

    found, _page = _import(staff["max"], customer_file(corrected=True), run_in, world, skip_duplicates="1", run="1")
    assert (found["saved"], found["skipped"], found["problems"]) == (488, 12, [])
    assert _customers(staff["max"]) == 492
    assert staff["amy"].get(f"{API}/customer/").json["count"] == 4


def _check_problems(by_row, page):
    """Every problem names its row, its field and, for a duplicate, the record that is there already."""
    assert sorted(by_row) == sorted({*KNOWN_AT, *REPEATED_AT, *SAME_PERSON_AT, *WRONG_AT})
    for number, (name, _phone) in zip(KNOWN_AT, KNOWN, strict=True):
        assert by_row[number]["field"] == "phone"
        assert re.fullmatch(rf"C\d{{10}} {name}", by_row[number]["match"])
        assert "Amy" in by_row[number]["message"]
    for number in (*REPEATED_AT, *SAME_PERSON_AT):
        assert by_row[number]["field"] == ("phone" if number in REPEATED_AT else "id_no")
        assert re.fullmatch(r"C\d{10} \S+", by_row[number]["match"])
    fields = {60: ("phone", "电话"), 160: ("source_id", "来源"), 360: ("id_no", "身份证号码")}
    assert {number: (by_row[number]["field"], by_row[number]["label"]) for number in WRONG_AT} == fields
    assert not any(by_row[number]["match"] for number in WRONG_AT)
    for text in (*(label for _field, label in fields.values()), *(f">{number}<" for number in by_row)):
        assert text in page


@pytest.mark.rule("P:REC-01", "P:REC-02", "P:REC-03", "P:REC-04", "P:REC-06", "P:CRM-01", "P:CRM-05")
def test_a_day_of_five_receptions(world, staff):
    staff["bob"].post(f"{DESK}set_duty", data={"queue": world.queue, "member": _seat(world, "Bob"), "state": "leave"})

    receptions = [_take(staff["dee"], world, name, phone) for name, phone, _intent in VISITORS]
    owners = [_shown(staff["max"], key)["owner"]["title"] for key in receptions]
    assert owners == ["Amy", "Cat", "Amy", "Cat", "Amy"]

    for key, owner, (name, _phone, intent) in zip(receptions, owners, VISITORS, strict=True):
        _finish(staff[owner.lower()], key, intent, declines=name is None)
    files = staff["max"].get(f"{API}/customer/").json["result"]
    stages = sorted(one["stage"] for one in files)
    assert stages == ["customer_file", "customer_file", "prospect", "prospect"]
    assert {one["state"] for one in files} == {"draft"}

    assert staff["dee"].post(f"{DESK}print_day", data={"day": ""}).status_code == 302
    assert {_shown(staff["max"], key)["state"] for key in receptions} == {"printed"}
    _check_pdf(staff["amy"], rows=3)  # A consultant's record has his own visitors.
    _check_pdf(staff["max"], rows=5)
    _check_excel(staff["max"], rows=5)

    for key in receptions:
        _close(staff, key)
    assert {_shown(staff["max"], key)["state"] for key in receptions} == {"closed"}


def _import(client, file, run_in, world, **choices):
    """Send a file; return what the job found, and its page."""
    from app.database.session import session
    from app.jobs import Job

    answer = client.post(IMPORT, data={"file": (file, "客户.xlsx"), **choices}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    address = answer.headers["Location"]
    job_id = int(re.search(r"/jobs/(\d+)", address)[1])
    return run_in(world.one, lambda: dict(session.get_one(Job, job_id).details)), client.get(address).text


def _customers(client):
    return client.get(f"{API}/customer/").json["count"]


def _seat(world, name):
    from addons.reception.models import TurnQueue
    from app.database.session import as_company, session

    with world.app.app_context(), as_company(world.one):
        members = session.get_one(TurnQueue, world.queue).members
        return next(one.id for one in members if one.employee.name == name)


def _take(desk, world, name, phone):
    before = {one["id"] for one in desk.get(f"{API}/reception/").json["result"]}
    values = {"queue": world.queue, "visitor_name": name or "", "phone": phone or "", "source": "来访" if phone else ""}
    assert desk.post(f"{DESK}take", data=values).status_code == 302
    (made,) = {one["id"] for one in desk.get(f"{API}/reception/").json["result"]} - before
    return made


def _shown(client, key):
    return client.get(f"{API}/reception/{key}").json["result"]


def _finish(consultant, key, intent, *, declines):
    """Meet both refusals of the day, then record and assess."""
    address = f"{API}/reception/{key}"
    left = {"left_at": (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)).isoformat()}
    if declines:
        refused = consultant.post(f"{address}/record", json=left)
        assert (refused.status_code, refused.json["field"]) == (422, "phone")
        assert consultant.put(address, json={"declined_reason": "不愿意留电话"}).status_code == 200
    refused = consultant.post(f"{address}/record", json=left)
    assert (refused.status_code, refused.json["error"]) == (409, "reception.checklist")
    checks = [{**line, "done": True} for line in _shown(consultant, key)["checks"]]
    done = consultant.put(address, json={"needs": "三居室", "presented": "样板间 A2", "checks": checks})
    assert done.status_code == 200, done.text
    done = consultant.post(f"{address}/record", json=left)
    assert done.status_code == 200, done.text
    assert consultant.post(f"{address}/assess", json={"intent": intent}).status_code == 200


def _check_pdf(client, *, rows):
    with client.get("/reports/reception.daily_record/pdf") as answer:
        assert answer.status_code == 200
        document = pypdfium2.PdfDocument(answer.data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert len(set(re.findall(r"R\d{10}", text))) == rows


def _check_excel(client, *, rows):
    with client.get("/reports/reception.daily_record/excel") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    numbers = [row[0] for row in sheet.iter_rows(values_only=True) if re.fullmatch(r"R\d{10}", str(row[0]))]
    assert len(numbers) == rows


def _close(staff, key):
    """Hand in the file that a visitor left behind, then close the record."""
    shown = _shown(staff["max"], key)
    customer = shown["customer"]
    address = f"{API}/reception/{key}/close"
    if customer is not None:
        refused = staff["sue"].post(address, json={})
        assert (refused.status_code, refused.json["error"]) == (409, "reception.file_due")
        owner = staff[shown["owner"]["title"].lower()]
        assert owner.put(f"{API}/customer/{customer['id']}", json={"notice_given": True}).status_code == 200
        submitted = owner.post(f"{API}/customer/{customer['id']}/submit", json={})
        assert submitted.json["result"]["state"] == "submitted"
        assert submitted.json["result"]["days_late"] == 0
    assert staff["sue"].post(address, json={}).status_code == 200
