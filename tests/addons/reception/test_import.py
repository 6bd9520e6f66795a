"""Customers from a Chinese Excel file: what is wrong is listed, nothing is saved until all is right."""

import io
import json
import re

import pytest
import sqlalchemy as sa

from addons.reception import services
from addons.reception.models import Customer
from app.jobs import Job
from tests.addons.reception.customer_file import KNOWN, KNOWN_AT, REPEATED_AT, SAME_PERSON_AT, WRONG_AT, customer_file
from tests.addons.reception.office import at

IMPORT = "/reception/customer/import"


@pytest.fixture
def known(world, run_in):
    """Four customers of Amy's are on file; the lists of values are in Chinese."""
    from flask_appbuilder.security.sqla.models import User
    from flask_babel import force_locale

    from app.database.session import session
    from app.masterdata.options import list_options, open_list

    def open_files():
        with force_locale("zh"):
            open_list("reception.source")
        amy = session.get_one(User, world.users["amy"])
        return [
            services.create_customer(
                actor=amy, now=at("10:00"), name=name, phone=phone, source_id=list_options("reception.source")[0].id
            ).code
            for name, phone in KNOWN
        ]

    return dict(zip([name for name, _phone in KNOWN], run_in(world.one, open_files), strict=True))


@pytest.fixture
def manager(world, login, known):
    """The sales manager's browser, in Chinese."""
    client = login("max", world.one)
    client.get("/lang/zh")
    return client


def send(client, file, **choices):
    """Send a file and return what the job found."""
    answer = client.post(IMPORT, data={"file": (file, "客户.xlsx"), **choices}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.fixture
def found_by(world, run_in):
    """Return a function that reads what the job of an address found."""
    from app.database.session import session

    def read(address):
        job_id = int(re.search(r"/jobs/(\d+)", address)[1])
        return run_in(world.one, lambda: dict(session.get_one(Job, job_id).details))

    return read


@pytest.fixture
def count(world, run_in):
    """Return a function that counts the customers of a company."""
    from app.database.session import session

    return lambda company=None: run_in(
        company or world.one, lambda: session.scalar(sa.select(sa.func.count(Customer.id)))
    )


@pytest.mark.rule("P:CRM-21", "S:REC-01", "S:REC-05")
def test_a_dry_run_lists_twelve_duplicates_and_three_bad_rows(manager, known, found_by, count):
    address = send(manager, customer_file())
    found, page = found_by(address), manager.get(address).text

    assert (found["rows"], found["saved"], len(found["problems"])) == (500, 0, 15)
    assert count() == 4
    by_row = {problem["row"]: problem for problem in found["problems"]}
    assert sorted(by_row) == sorted({*KNOWN_AT, *REPEATED_AT, *SAME_PERSON_AT, *WRONG_AT})
    for number, (name, code) in zip(KNOWN_AT, known.items(), strict=True):
        assert (by_row[number]["field"], by_row[number]["match"]) == ("phone", f"{code} {name}")
        assert "Amy" in by_row[number]["message"]
    for number in REPEATED_AT:
        assert by_row[number]["field"] == "phone"
        assert re.fullmatch(r"C\d{10} \S+", by_row[number]["match"])
    assert {by_row[number]["field"] for number in SAME_PERSON_AT} == {"id_no"}
    fields = {60: "phone", 160: "source_id", 360: "id_no"}
    assert {number: by_row[number]["field"] for number in WRONG_AT} == fields
    labels = {60: "电话", 160: "来源", 360: "身份证号码"}
    assert {number: by_row[number]["label"] for number in WRONG_AT} == labels
    assert all(not by_row[number]["match"] for number in WRONG_AT)
    for text in (known["钱国庆"], *labels.values(), *(f">{number}<" for number in by_row)):
        assert text in page


@pytest.mark.rule("P:CRM-21")
def test_corrected_and_without_duplicates_it_saves_488(manager, found_by, count):
    real = found_by(send(manager, customer_file(corrected=True), skip_duplicates="1", run="1"))

    assert (real["saved"], real["skipped"], real["problems"]) == (488, 12, [])
    assert count() == 492


def test_a_run_saves_nothing_while_a_row_is_wrong(manager, found_by, count):
    rows = "张三,13900000001,来访\n李四,139,来访\n王五,13900000003,来访\n"
    file = io.BytesIO(f"姓名,手机,来源\n{rows}".encode("gb18030"))
    answer = manager.post(IMPORT, data={"file": (file, "x.csv"), "run": "1"}, content_type="multipart/form-data")

    found = found_by(answer.headers["Location"])

    assert (found["saved"], [problem["row"] for problem in found["problems"]]) == (0, [3])
    assert count() == 4


def test_only_those_with_the_right_import(world, login, known, count):
    amy = login("amy", world.one)
    answer = amy.post(
        IMPORT, data={"file": (customer_file(corrected=True), "x.xlsx"), "run": "1"}, content_type="multipart/form-data"
    )
    assert answer.status_code in (302, 403)
    assert "/jobs/" not in answer.headers.get("Location", "")
    assert count() == 4


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"not a workbook", "x.xlsx"),
        (b"", "x.xlsx"),
        ("姓名,不认识的列\n王,1\n".encode(), "x.csv"),
        (b"MZ", "x.exe"),
        ("姓名\n王小明\n".encode(), "x.csv"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_before_it_is_read(manager, count, content, name):
    answer = manager.post(IMPORT, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert count() == 4


HOSTILE = ["=cmd|'/c calc'!A1", "<script>alert(1)</script>", "😀" * 30, "王\u200b小\u202e明", "NaN", "a" * 300]


def test_hostile_cells_are_text_or_refused(manager, found_by, count, tmp_path):
    rows = "".join(f'"{name}",1390000{number:04},来访\n' for number, name in enumerate(HOSTILE))
    file = io.BytesIO(f"姓名,手机,来源\n{rows}".encode())
    answer = manager.post(IMPORT, data={"file": (file, "x.csv"), "run": "1"}, content_type="multipart/form-data")

    found = found_by(answer.headers["Location"])

    assert [(one["row"], one["field"]) for one in found["problems"]] == [(7, "name")]
    assert count() == 4
    assert "<script>alert" not in manager.get(answer.headers["Location"]).text
    assert json.dumps(found)
