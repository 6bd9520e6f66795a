"""REST of files: an import starts a job that its requester follows, a filtered list leaves as Excel."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import FORM, REST, add_many
from tests.world import PASSWORD

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
GOOD = "number,customer,ordered_on\nB-1,Wang Wu,2026-03-02\nB-2,Li Si,2026-03-03\n"
BAD = "number,customer,ordered_on\nB-1,Wang Wu,2026-03-02\nB-2,Li Si,2026-02-30\n"


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one."""
    return login("bea", world.one)


def send(client: FlaskClient, text: str = GOOD, headers: Any = None, **choices: str) -> Any:
    """Send a file."""
    data = {"file": (io.BytesIO(text.encode()), "orders.csv"), **choices}
    return client.post(f"{REST}/import", data=data, headers=headers, content_type="multipart/form-data")


def job_of(client: FlaskClient, answer: Any, headers: Any = None) -> Any:
    """Return the job that an import answered."""
    assert answer.status_code == 202, answer.text
    return client.get(answer.json["url"], headers=headers).json


def bearer(client: FlaskClient, name: str, company_id: int) -> dict[str, str]:
    """Return the headers of a log-in for programs."""
    answer = client.post("/api/v1/security/login", json={"username": name, "password": PASSWORD, "provider": "db"})
    return {"Authorization": f"Bearer {answer.json['access_token']}", "X-Company-Id": str(company_id)}


def test_a_file_is_checked_then_kept(bea: FlaskClient) -> None:
    checked = job_of(bea, send(bea))
    assert (checked["state"], checked["done"], checked["total"]) == ("done", 2, 2)
    assert (checked["details"]["dry_run"], checked["details"]["fine"]) == (True, 2)
    assert bea.get(f"{REST}/").json["count"] == 0

    again = {"upload": checked["details"]["upload"], "run": "true"}
    assert job_of(bea, bea.post(f"{REST}/import", data=again))["details"]["saved"] == 2
    assert [row["number"] for row in bea.get(f"{REST}/").json["result"]] == ["B-2", "B-1"]

    assert (gone := bea.post(f"{REST}/import", data=again)).status_code == 422
    assert gone.json["error"] == "import.gone"


def test_a_wrong_row_keeps_nothing(bea: FlaskClient) -> None:
    found = job_of(bea, send(bea, BAD, run="1"))["details"]
    assert (found["saved"], [(one["row"], one["field"]) for one in found["problems"]]) == (0, [(3, "ordered_on")])
    assert bea.get(f"{REST}/").json["count"] == 0


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "file"),
        ({"upload": "nothing.csv"}, "file"),
        ({"upload": "../../x\0.csv"}, "file"),
        ({"file": (b"colour\nred\n", "x.csv")}, "file"),
        ({"file": (GOOD.encode(), "x.exe")}, "file"),
        ({"file": (GOOD.encode(), "x.csv"), "run": "perhaps"}, "run"),
    ],
)
def test_what_cannot_be_imported_is_refused_by_name(bea: FlaskClient, data: Any, field: str) -> None:
    sent = {name: (io.BytesIO(value[0]), value[1]) if name == "file" else value for name, value in data.items()}
    answer = bea.post(f"{REST}/import", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert answer.json["message"]


def test_only_those_with_the_right(world: Any, login: Login, bea: FlaskClient) -> None:
    cal, eve = login("cal", world.one), login("eve", world.one)
    job = send(bea)
    assert send(cal, run="1").status_code == 403
    assert cal.get(job.json["url"]).status_code == 404
    with cal.get(f"{REST}/export") as sent:
        assert sent.status_code == 200
    assert eve.get(f"{REST}/export").status_code == 403
    assert login("bea", world.two).get(job.json["url"]).status_code == 404
    assert world.app.test_client().get(job.json["url"]).status_code == 401
    assert world.app.test_client().post(f"{REST}/import").status_code == 401
    assert bea.get(f"{REST}/").json["count"] == 0


def test_a_token_needs_no_page_and_a_cookie_does(world: Any, bea: FlaskClient, monkeypatch: Any) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    program = world.app.test_client()
    headers = bearer(program, "bea", world.one)
    refused = send(bea, run="1")
    assert (refused.status_code, refused.json["error"]) == (400, "security.csrf")

    assert job_of(program, send(program, headers=headers, run="1"), headers)["details"]["saved"] == 2
    said = program.post(f"{REST}/1/comment", json={"body": "Call first."}, headers=headers)
    assert (said.status_code, said.json["body"]) == (201, "Call first.")
    assert bea.post(f"{REST}/1/comment", json={"body": "No."}).status_code == 400
    page = bea.get("/market/order/activity/1").text
    assert "Call first." in page
    assert "No." not in page


@pytest.mark.parametrize("body", [{}, {"body": 1}, {"body": " "}, {"body": "x" * 4_001}, {"body": "\ud800"}])
def test_a_comment_is_some_text(bea: FlaskClient, body: Any) -> None:
    bea.post(f"{REST}/", json=FORM)
    answer = bea.post(f"{REST}/1/comment", json=body)
    assert (answer.status_code, answer.json["field"]) == (422, "body")


def test_nobody_comments_on_what_is_not_there(bea: FlaskClient) -> None:
    assert bea.post(f"{REST}/7/comment", json={"body": "x"}).status_code == 404


def test_the_list_leaves_as_it_is_filtered_on_the_screen(world: Any, bea: FlaskClient, run_in: Any) -> None:
    add_many(run_in, world.one, range(12))
    answer = bea.get(f"{REST}/export", query_string={"q": "N-0007"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[0] for row in rows if row[0] and row[0].startswith("N-")] == ["N-0007"]
    screen = bea.get("/market/order/export/", query_string={"q": "N-0007"})
    assert rows == list(openpyxl.load_workbook(io.BytesIO(screen.data)).active.values)


@pytest.mark.rule("S:CORE-04")
def test_a_job_asks_again_for_the_right_and_the_addon(world: Any, bea: FlaskClient, run_in: Any, count: Any) -> None:
    from app.companies.enablement import switch
    from app.companies.models import Membership
    from app.database.session import session
    from app.jobs.queue import Job
    from app.jobs.runner import run_job

    job_id = send(bea, run="1").json["id"]
    upload = job_of(bea, send(bea, GOOD.replace("B-", "C-")))["details"]["upload"]

    def queue_again() -> None:
        job = session.get_one(Job, job_id)
        job.state, job.arguments = "queued", {**job.arguments, "upload": upload}

    def state() -> tuple[str, str]:
        run_job(world.one, job_id)
        return run_in(world.one, lambda: (session.get_one(Job, job_id).state.value, session.get_one(Job, job_id).error))

    def dismiss() -> None:
        held = session.query(Membership).filter_by(company_id=world.one, user_id=world.users["bea"])
        for one in held:
            session.delete(one)

    from addons.market.models import Order

    run_in(world.one, queue_again)
    run_in(world.one, lambda: switch("market", world.one, on=False, depends=world.depends))
    with world.app.app_context():
        world.app.extensions["enablement"].expire()
        assert state() == ("failed", "This add-on is switched off.")
        run_in(world.one, lambda: switch("market", world.one, on=True, depends=world.depends))
        world.app.extensions["enablement"].expire()
        run_in(world.one, queue_again)
        run_in(world.one, dismiss)
        found, error = state()
        assert found == "failed"
        assert "right" in error
        run_in(world.one, queue_again)
    assert count(Order) == 2
