"""Customers from a Chinese Excel file: what is wrong is listed, nothing is saved until all is right."""

import io
import json
import re

import pytest
import sqlalchemy as sa

from addons.reception import services
from addons.reception.models import Customer
from app.jobs import Job
from tests.addons.reception.customer_file import KNOWN, customer_file
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


def send(client, file, name="客户.xlsx", **choices):
    """Send a file and return the address of its job."""
    answer = client.post(IMPORT, data={"file": (file, name), **choices}, content_type="multipart/form-data")
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


@pytest.mark.rule("P:CRM-21")
def test_duplicates_are_listed_with_the_matching_record_or_left_out(manager, known, found_by, count):
    rows = "张三,13900000001,来访\n钱先生,+86 137-0000-0001,来访\n李四,139 0000 0001,来访\n"
    files = [io.BytesIO(f"姓名,手机,来源\n{rows}".encode()) for _ in range(2)]

    dry = found_by(send(manager, files[0], name="x.csv"))
    assert (dry["saved"], count()) == (0, 4)
    listed = [(one["row"], one["field"], one["label"], one["match"]) for one in dry["problems"]]
    assert listed[0] == (3, "phone", "电话", f"{known['钱国庆']} 钱国庆")
    assert listed[1][:3] == (4, "phone", "电话")
    assert listed[1][3].endswith(" 张三")

    real = found_by(send(manager, files[1], name="x.csv", skip_duplicates="1", run="1"))
    assert (real["saved"], real["skipped"], real["problems"], count()) == (1, 2, [], 5)


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


def test_the_first_large_file_is_counted_while_it_is_read(manager, world, found_by, run_in):
    """Or PostgreSQL goes on as if the tables were empty, and a file twice as long takes four times as long."""
    from app.database.session import db, session

    def counted_rows():
        sizes = sa.text("SELECT reltuples FROM pg_class WHERE relname IN ('masterdata_partner', 'reception_customer')")
        return session.connection().execute(sizes).scalars().all() if db.engine.dialect.name == "postgresql" else [50]

    rows = "".join(f"客户{number},1390000{number:04},来访\n" for number in range(60))
    found = found_by(send(manager, io.BytesIO(f"姓名,手机,来源\n{rows}".encode()), name="x.csv", run="1"))

    assert found["saved"] == 60
    assert min(run_in(world.one, counted_rows)) >= 50
