"""Confidentiality agreements: nobody works, and no personal data goes outside, without one (S:CORE-18)."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.database.columns import utc_now
from tests.every_view.samples import PDF
from tests.world import FIRST_DAY, PASSWORD

pytestmark = pytest.mark.by_turns

VISITS, SIGN, PAPER = "/visits/visit", "/agreement/sign", "/agreements/paper/record"
Run = Callable[..., Any]
Enter = Callable[..., FlaskClient]
TOMORROW = utc_now().date() + dt.timedelta(days=2)  # In every time zone.


def write(world: Any, run_in: Run, *, valid_from: dt.date = FIRST_DAY, company: int | None = None) -> int:
    """Write a version of the agreement, and return its id."""
    from flask_appbuilder.security.sqla.models import User

    from app.agreements.versions import add_version
    from app.database.session import session

    def add() -> int:
        actor = session.get_one(User, world.users["root"])
        text = {"text_zh": "员工应保守公司秘密。", "text_en": "Keep the secrets of the company."}
        return add_version(title="保密协议", valid_from=valid_from, actor=actor, **text).id

    return run_in(company or world.one, add)


def sign(client: FlaskClient, name: str = "Ann", agreed: str = "1", query: str = "", **options: Any) -> Any:
    """Sign on the screen."""
    return client.post(f"{SIGN}{query}", data={"name": name, "agreed": agreed}, **options)


def signatures(world: Any, run_in: Run) -> list[Any]:
    """Return (user, name, number of the version, way, language) of every signature of company one."""
    from app.agreements.models import Signature
    from app.database.session import session

    names = {user_id: name for name, user_id in world.users.items()}

    def read() -> list[Any]:
        rows = session.scalars(sa.select(Signature).order_by(Signature.id))
        return [(names[one.user_id], one.name, one.agreement.number, one.way.value, one.language) for one in rows]

    return run_in(world.one, read)


def decide(world: Any, run_in: Run, *, wanted: bool) -> None:
    """Set core.nda_required of company one."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import NDA_REQUIRED

    def put() -> None:
        NDA_REQUIRED.set(wanted, valid_from=FIRST_DAY, actor=session.get_one(User, world.users["root"]))

    run_in(world.one, put)


def tokens(world: Any, name: str) -> dict[str, str]:
    """Return the headers of a REST caller in company one."""
    given = {"username": name, "password": PASSWORD, "provider": "db"}
    token = world.app.test_client().post("/api/v1/security/login", json=given).json["access_token"]
    return {"Authorization": f"Bearer {token}", "X-Company-Id": str(world.one)}


@pytest.mark.rule("S:CORE-18")
def test_staff_signs_before_access(world: Any, login: Enter, run_in: Run) -> None:
    ann = login("ann", world.one)
    assert ann.get(f"{VISITS}/list/").status_code == 200  # Nothing is written yet that could be signed.
    write(world, run_in)

    assert ann.get(f"{VISITS}/list/?a=1").location == f"/agreement/?next={VISITS}/list/?a%3D1"
    assert ann.get("/").location == "/agreement/?next=/"
    assert ann.post(f"{VISITS}/add", data={"customer": "Wang"}).location == "/agreement/"
    page = ann.get(f"/agreement/?next={VISITS}/list/").text
    assert "Keep the secrets of the company." in page
    answer = sign(ann, query=f"?next={VISITS}/list/")

    assert answer.location == f"{VISITS}/list/"
    assert ann.get(f"{VISITS}/list/").status_code == 200
    assert signatures(world, run_in) == [("ann", "Ann", 1, "on_screen", "en")]
    assert login("ann", world.one).get(f"{VISITS}/list/").status_code == 200  # For good, in every browser.
    assert "You have signed this version." in ann.get("/agreement/").text


@pytest.mark.rule("S:CORE-18")
def test_rest_is_refused_until_then(world: Any, login: Enter, run_in: Run) -> None:
    headers, client = tokens(world, "ann"), world.app.test_client()
    write(world, run_in)

    refused = client.get(f"/api/v1{VISITS}/", headers=headers)
    posted = client.post(f"/api/v1{VISITS}/", headers=headers, json={"customer": "Wang"})
    by_cookie = login("ann", world.one).get(f"/api/v1{VISITS}/")

    for answer in (refused, posted, by_cookie):
        assert (answer.status_code, answer.json["error"]) == (403, "agreement.unsigned")
    sign(login("ann", world.one))
    assert client.get(f"/api/v1{VISITS}/", headers=headers).status_code == 200


@pytest.mark.rule("S:CORE-18")
def test_no_page_is_open_but_those_for_signing(world: Any, login: Enter, run_in: Run) -> None:
    write(world, run_in)
    root = login("root", world.one)
    open_ones = {}
    for rule in world.app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and "static" not in rule.endpoint:
            with root.get(str(rule)) as answer:
                signing = answer.status_code == 302 and answer.location.startswith("/agreement/")
                if not signing and answer.status_code not in (403, 404):
                    open_ones[str(rule)] = answer.status_code

    assert set(open_ones) == {
        "/agreement/",
        "/account/",
        "/account/password",
        "/account/second-factor/",
        "/login/",
        "/login/code",
    }


@pytest.mark.parametrize(
    ("name", "agreed", "said"),
    [
        ("Ann", "", "Confirm that you have read the agreement."),
        ("", "1", "Type your name as it stands here: Ann"),
        ("Rob", "1", "Type your name as it stands here: Ann"),
    ],
)
def test_the_tick_and_the_own_name_are_asked_for(
    world: Any, login: Enter, run_in: Run, name: str, agreed: str, said: str
) -> None:
    write(world, run_in)
    ann = login("ann", world.one)

    answer = sign(ann, name, agreed)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="name" value="{name}"' in answer.text  # What was typed is kept.
    assert signatures(world, run_in) == []
    assert ann.get("/").status_code == 302


def test_the_full_name_of_the_account_will_do(world: Any, login: Enter, run_in: Run) -> None:
    write(world, run_in)

    assert sign(login("ann", world.one), "Ann  Test").status_code == 302

    assert signatures(world, run_in) == [("ann", "Ann Test", 1, "on_screen", "en")]


def test_nobody_signs_twice(world: Any, login: Enter, run_in: Run) -> None:
    write(world, run_in)
    ann = login("ann", world.one)
    sign(ann)

    assert sign(ann).status_code == 409

    assert len(signatures(world, run_in)) == 1


@pytest.mark.rule("S:CORE-18")
def test_a_new_version_asks_again_from_its_day_on(world: Any, login: Enter, run_in: Run) -> None:
    ann = login("ann", world.one)
    write(world, run_in)
    sign(ann)

    write(world, run_in, valid_from=TOMORROW)
    assert ann.get("/").status_code == 200
    write(world, run_in, valid_from=FIRST_DAY + dt.timedelta(days=1))

    assert ann.get("/").location == "/agreement/?next=/"
    sign(ann)
    assert ann.get("/").status_code == 200
    assert [one[2] for one in signatures(world, run_in)] == [1, 3]


@pytest.mark.rule("S:CORE-18")
def test_the_company_may_do_without(world: Any, login: Enter, run_in: Run) -> None:
    decide(world, run_in, wanted=False)
    write(world, run_in)

    assert login("ann", world.one).get(f"{VISITS}/list/").status_code == 200


def test_the_other_company_asks_for_nothing(world: Any, login: Enter, run_in: Run) -> None:
    write(world, run_in)
    ann = login("ann", world.one)
    assert ann.get("/").status_code == 302

    assert ann.post(f"/company/{world.two}").status_code == 302

    assert ann.get("/").status_code == 200
    assert "There is no agreement to sign." in ann.get("/agreement/").text


def test_the_chinese_reader_sees_the_chinese_text(world: Any, login: Enter, run_in: Run) -> None:
    write(world, run_in)
    ann = login("ann", world.one)
    ann.get("/lang/zh")

    assert "员工应保守公司秘密。" in ann.get("/agreement/").text
    sign(ann)

    assert signatures(world, run_in)[0][4] == "zh"


@pytest.mark.rule("S:CORE-18")
def test_a_paper_counts_with_its_scan(world: Any, login: Enter, run_in: Run) -> None:
    key = write(world, run_in, valid_from=TOMORROW)
    root = login("root", world.one)
    form = {"agreement": str(key), "username": "ann", "signed_on": "2026-03-02"}
    assert "Ann (ann)" in root.get("/agreements/paper/").text

    without = root.post(PAPER, data=form, content_type="multipart/form-data", follow_redirects=True)
    fake = root.post(PAPER, data={**form, "file": (BytesIO(b"x"), "scan.pdf")}, content_type="multipart/form-data")
    assert "Choose a file first." in without.text
    assert fake.status_code == 302
    assert signatures(world, run_in) == []
    kept = root.post(PAPER, data={**form, "file": (BytesIO(PDF), "scan.pdf")}, content_type="multipart/form-data")

    assert kept.status_code == 302
    assert signatures(world, run_in) == [("ann", "Ann", 1, "paper", "")]
    assert "Ann (ann)" not in root.get("/agreements/paper/").text
    (signature,) = root.get("/api/v1/agreements/signature/").json["ids"]
    assert "scan.pdf" in root.get(f"/agreements/signature/show/{signature}").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "nobody"}, "Choose who has signed."),
        ({"agreement": "99"}, "Choose the version that was signed."),
        ({"signed_on": str(TOMORROW)}, "The day must not lie after"),
    ],
)
def test_a_paper_that_cannot_be_kept(world: Any, login: Enter, run_in: Run, change: dict[str, str], said: str) -> None:
    key = write(world, run_in, valid_from=TOMORROW)
    form = {"agreement": str(key), "username": "ann", "signed_on": "2026-03-02", **change}

    page = login("root", world.one).post(
        PAPER,
        data={**form, "file": (BytesIO(PDF), "scan.pdf")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )

    assert said in page.text
    assert signatures(world, run_in) == []


@pytest.mark.rule("S:CORE-18")
def test_who_signed_what_and_when_is_listed_and_exported(world: Any, login: Enter, run_in: Run) -> None:
    key = write(world, run_in)
    sign(login("ann", world.one))
    root = login("root", world.one)
    sign(root, "Root")

    page = root.get("/agreements/signature/list/").text
    listed = root.get("/api/v1/agreements/signature/").json["result"]

    assert "Ann" in page
    assert [(one["name"], one["signed_on"]) for one in listed] == [
        ("Root", str(listed[0]["signed_on"])),
        ("Ann", str(listed[1]["signed_on"])),
    ]
    with root.get("/agreements/signature/export/") as file:
        assert (file.status_code, file.mimetype.endswith("sheet")) == (200, True)
    assert login("ann", world.one).get("/agreements/signature/list/").status_code == 403
    assert root.get(f"/agreements/agreementversion/edit/{key}").status_code == 403  # People have signed it.
