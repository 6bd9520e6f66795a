"""Files of records: what is taken, who fetches them, and where they go."""

import datetime as dt
import hashlib
import io
import zipfile

import pytest
import sqlalchemy as sa

from app.documents import attachments
from app.documents.models import Attachment

PDF = b"%PDF-1.7\n%offer\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def visit(world, run_in):
    """A visit of ann's: rob sees his own only."""
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session

    def plan():
        ann = session.scalar(sa.select(Employee).where(Employee.user_id == world.users["ann"]))
        made = Visit(customer="Zhao", visited_on=TODAY, minutes=30, owner_id=ann.id)
        session.add(made)
        session.flush()
        return made.id

    return run_in(world.one, plan)


@pytest.fixture
def ann(login, world):
    return login("ann", world.one)


@pytest.fixture
def stored(data_folder, world):
    """Return a function that lists the files on the disk."""
    folder = data_folder / "attachments"
    for path in folder.glob("*/*/*"):
        path.unlink()
    return lambda: sorted(path for path in folder.glob("*/*/*") if path.is_file())


def send(client, visit, *files, rest=True):
    data = {"file": [(io.BytesIO(content), name) for name, content in files]}
    if rest:
        return client.post(f"/api/v1/attachments/visits.Visit/{visit}", data=data)
    return client.post(f"/attachments/visits.Visit/{visit}", data=data)


def office(member, *more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in (member, *more):
            archive.writestr(name, "<x/>")
    return file.getvalue()


def test_a_file_is_kept_as_it_is_and_given_back_to_be_saved(ann, visit, stored, world):
    answer = send(ann, visit, ("报价 单.PDF", PDF))
    key = answer.json["id"]

    assert answer.status_code == 201
    assert answer.json["result"]["sha256"] == hashlib.sha256(PDF).hexdigest()
    (path,) = stored()
    assert path.parent.parent.name == str(world.one)
    assert "报价" not in path.name
    assert path.read_bytes() == PDF
    for address in (f"/attachments/{key}", f"/api/v1/attachments/{key}"):
        with ann.get(address) as sent:
            assert sent.data == PDF
            assert sent.mimetype == "application/pdf"
            assert sent.headers["X-Content-Type-Options"] == "nosniff"
            assert sent.headers["Content-Disposition"].startswith("attachment; ")
    assert [one["name"] for one in ann.get(f"/api/v1/attachments/visits.Visit/{visit}").json["result"]] == [
        "报价 单.PDF"
    ]
    page = ann.get(f"/visits/visit/show/{visit}").text
    assert f"/attachments/{key}" in page
    page = ann.get(f"/visits/visit/activity/{visit}").text
    assert "File attached" in page


def test_several_are_sent_at_once_all_or_none(ann, visit, stored):
    send(ann, visit, ("a.pdf", PDF), ("b.png", PNG), rest=False)
    assert len(stored()) == 2

    answer = ann.post(
        f"/attachments/visits.Visit/{visit}",
        data={"file": [(io.BytesIO(PDF), "c.pdf"), (io.BytesIO(PDF), "d.exe")]},
        follow_redirects=True,
    )
    assert "“d.exe”: files of this type are not taken." in answer.text
    names = [one["name"] for one in ann.get(f"/api/v1/attachments/visits.Visit/{visit}").json["result"]]
    assert names == ["a.pdf", "b.png"]


def test_more_files_than_go_at_once_are_refused_and_not_dropped(ann, visit, stored):
    files = [(io.BytesIO(PDF), f"{number}.pdf") for number in range(21)]

    answer = ann.post(f"/attachments/visits.Visit/{visit}", data={"file": files}, follow_redirects=True)

    assert "At most 20 of these." in answer.text
    assert stored() == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("virus.exe", b"MZ" + bytes(40), "attachment.type"),
        ("page.html", b"<script>", "attachment.type"),
        ("drawing.svg", b"<svg/>", "attachment.type"),
        ("no_extension", PDF, "attachment.type"),
        ("virus.pdf", b"MZ" + bytes(40), "attachment.content"),
        ("page.png", b"<script>alert(1)</script>", "attachment.content"),
        ("table.csv", b"a,b\x00\x01", "attachment.content"),
        ("macro.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "attachment.macros"),
        ("other.docx", office("xl/workbook.xml"), "attachment.content"),
        ("broken.docx", b"PK\x03\x04broken", "attachment.content"),
        ("empty.pdf", b"", "attachment.empty"),
    ],
)
def test_what_is_not_taken_leaves_nothing_behind(ann, visit, stored, name, content, code):
    answer = send(ann, visit, (name, content))

    assert (answer.status_code, answer.json["error"]) == (422, code)
    assert stored() == []
    assert ann.get(f"/api/v1/attachments/visits.Visit/{visit}").json["result"] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sheet.xlsx", office("xl/workbook.xml")),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40)),
        ("photo.JPG", b"\xff\xd8\xff\xe0" + bytes(40)),
        ("clients.csv", "姓名,电话\n王芳,1".encode("gb18030")),
        ("invoice.ofd", office("OFD.xml")),
        ("..\\..\\etc/passwd.txt", b"words"),
    ],
)
def test_what_offices_send_is_taken(ann, visit, name, content):
    answer = send(ann, visit, (name, content))

    assert answer.status_code == 201
    assert "/" not in answer.json["result"]["name"]
    assert "\\" not in answer.json["result"]["name"]


def test_a_file_above_the_limit_of_the_company_is_refused(ann, visit, stored, world, run_in, monkeypatch):
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.documents.parameters import ATTACHMENT_MAX_MEGABYTES, ATTACHMENT_TYPES

    def decide():
        actor = session.get(User, world.users["root"])
        ATTACHMENT_MAX_MEGABYTES.set(1, valid_from=TODAY, actor=actor)
        ATTACHMENT_TYPES.set(["pdf"], valid_from=TODAY, actor=actor)

    run_in(world.one, decide)
    monkeypatch.setattr(attachments, "MEGABYTE", 1000)  # What is larger goes through files of the test client.

    answer = send(ann, visit, ("big.pdf", PDF + bytes(1000)))
    assert (answer.status_code, answer.json["error"], answer.json["data"]["limit"]) == (422, "attachment.size", 1)
    assert send(ann, visit, ("b.png", PNG)).json["error"] == "attachment.type"
    assert stored() == []


def test_a_scan_of_40_megabytes_is_refused_before_it_is_read(ann, visit, stored):
    class Endless(io.RawIOBase):
        read_so_far = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            Endless.read_so_far += len(buffer)
            return len(buffer)

    answer = ann.post(
        f"/attachments/visits.Visit/{visit}",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Endless(), "CONTENT_LENGTH": str(40 * 2**20)},
    )

    assert answer.status_code == 413
    assert Endless.read_so_far == 0
    assert stored() == []


@pytest.mark.rule("S:CORE-24")
@pytest.mark.parametrize(
    ("name", "company", "status", "change"),
    [("rob", "one", 404, 403), ("eve", "one", 403, 403), ("ann", "two", 404, 404)],
)
def test_whoever_may_not_see_the_record_gets_none_of_its_files(
    ann, visit, login, world, stored, name, company, status, change
):
    key = send(ann, visit, ("a.pdf", PDF)).json["id"]
    other = login(name, getattr(world, company))

    for address in (f"/attachments/{key}", f"/api/v1/attachments/{key}", f"/api/v1/attachments/visits.Visit/{visit}"):
        assert other.get(address).status_code == status, address
    assert send(other, visit, ("b.pdf", PDF)).status_code == change
    assert other.post(f"/attachments/{key}/delete", data={"reason": "x"}).status_code == change
    assert other.delete(f"/api/v1/attachments/{key}", json={"reason": "x"}).status_code == change
    assert len(stored()) == 1


def test_whoever_only_reads_fetches_and_changes_nothing(ann, visit, login, world, run_in, stored):
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session

    key = send(ann, visit, ("a.pdf", PDF)).json["id"]

    def hand_over():
        rob = session.scalar(sa.select(Employee).where(Employee.user_id == world.users["rob"]))
        session.get(Visit, visit).owner_id = rob.id

    run_in(world.one, hand_over)
    rob = login("rob", world.one)

    with rob.get(f"/attachments/{key}") as sent:
        assert sent.data == PDF
    assert send(rob, visit, ("b.pdf", PDF)).status_code == 403
    assert rob.delete(f"/api/v1/attachments/{key}", json={"reason": "x"}).status_code == 403
    assert len(stored()) == 1
    assert "data-delete-attachment" not in rob.get(f"/visits/visit/show/{visit}").text


def test_a_stranger_gets_nothing(ann, visit, app):
    key = send(ann, visit, ("a.pdf", PDF)).json["id"]
    stranger = app.test_client()

    assert stranger.get(f"/attachments/{key}").status_code == 302
    assert stranger.get(f"/api/v1/attachments/{key}").status_code == 401


def test_deleting_wants_a_reason_and_leaves_a_trace(ann, visit, stored):
    key = send(ann, visit, ("a.pdf", PDF)).json["id"]

    assert ann.delete(f"/api/v1/attachments/{key}", json={"reason": " "}).json["error"] == "attachment.reason"
    assert len(stored()) == 1
    assert ann.delete(f"/api/v1/attachments/{key}", json={"reason": "wrong scan"}).status_code == 200
    assert stored() == []
    assert ann.get(f"/attachments/{key}").status_code == 404
    page = ann.get(f"/visits/visit/activity/{visit}").text
    assert "File deleted" in page
    assert "a.pdf: wrong scan" in page


def test_files_go_with_their_record(ann, visit, stored):
    send(ann, visit, ("a.pdf", PDF))

    assert ann.delete(f"/api/v1/visits/visit/{visit}").status_code == 200

    assert stored() == []


@pytest.mark.rule("P:CRM-22")
def test_erasure_takes_the_files(ann, visit, stored, world, run_in):
    from app.database.erasure import clear_attached
    from app.database.session import session

    send(ann, visit, ("身份证 王芳.png", PNG))

    run_in(world.one, lambda: clear_attached("visits.Visit", visit))

    assert stored() == []
    kept = run_in(world.one, lambda: session.execute(sa.select(Attachment.name, Attachment.sha256)).all())
    assert [tuple(row) for row in kept] == [("", "")]
    assert ann.get(f"/visits/visit/show/{visit}").status_code == 200


def test_files_without_a_row_are_cleared_after_a_day(ann, visit, stored, world, run_in):
    from app.documents.attachments import delete_unnamed_files

    send(ann, visit, ("a.pdf", PDF))
    (named,) = stored()
    left_over = named.with_name("0" * 32)
    left_over.write_bytes(b"rolled back")
    now = dt.datetime.now(dt.UTC)

    run_in(world.one, lambda: delete_unnamed_files(now))
    assert left_over in stored()
    run_in(world.one, lambda: delete_unnamed_files(now + dt.timedelta(days=2)))
    assert stored() == [named]


def test_records_without_files_have_no_door(ann, world):
    assert ann.get("/api/v1/attachments/masterdata.Currency/1").status_code == 404
    assert ann.get("/api/v1/attachments/nothing.Nothing/1").status_code == 404
