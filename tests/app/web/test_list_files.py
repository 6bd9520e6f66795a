"""Lists of hand-made pages as files: what the page shows, filters and all, for those who may have it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
KINDS = ("xlsx", "csv")
OF_A_DRAFT = {"policy-rehearsal"}  # Of what was typed: tests/addons/reception/test_rehearsals.py takes it.


def names(app: Any) -> list[str]:
    """Return the names of all lists."""
    return sorted(app.extensions["list_files"])


def own(app: Any) -> set[str]:
    """Return the lists that everybody has."""
    return {name for name, one in app.extensions["list_files"].items() if one.right is None}


def rows_of(answer: Any, kind: str) -> list[list[Any]]:
    """Return the head and the rows of a file."""
    assert answer.status_code == 200
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def root(world: Any, login: Login, run_in: Callable[..., Any]) -> FlaskClient:
    """The administrator of company one, who looks after the whole platform too."""
    from app.database.session import session

    manager = world.app.appbuilder.sm

    def promote() -> None:
        user = session.get_one(manager.user_model, world.users["root"])
        user.roles.append(manager.find_role("Admin"))

    run_in(None, promote)
    client = login("root", world.one)
    client.get("/lang/en")
    return client


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_leaves_as_a_file(world: Any, root: FlaskClient, kind: str) -> None:

    there = [name for name in names(world.app) if name not in OF_A_DRAFT]
    files = {name: rows_of(root.get(f"/list-files/{name}.{kind}"), kind) for name in there}

    heads = {name: [str(column.label) for column in world.app.extensions["list_files"][name].columns] for name in files}
    assert {name: len(rows[0]) for name, rows in files.items()} == {name: len(head) for name, head in heads.items()}
    assert ["root", "Root Test"] in [row[:2] for row in files["users"]]


@pytest.mark.rule("S:CORE-13")
def test_a_list_is_refused_to_whoever_may_not_take_it_out(world: Any, login: Login) -> None:
    eve, stranger = login("eve", world.one), world.app.test_client()

    answers = {name: eve.get(f"/list-files/{name}.xlsx").status_code for name in names(world.app)}

    assert answers == {name: 200 if name in own(world.app) else 403 for name in names(world.app)}
    assert {stranger.get(f"/list-files/{name}.xlsx").status_code for name in names(world.app)} == {302}


def test_what_left_the_system_is_recorded(root: FlaskClient) -> None:

    root.get("/list-files/number-series.csv").close()
    page = root.get("/audit/securityevents/?kind=list.exported").text
    rows = rows_of(root.get("/list-files/security-events.csv?kind=list.exported"), "csv")

    assert "List exported" in page
    assert [(row[1], row[2]) for row in rows[1:]] == [("List exported", "Root Test")]
    assert rows[1][3].startswith("Resource: Numbering; Rows: ")


def test_a_list_that_is_too_long_is_refused_in_words(world: Any, root: FlaskClient, monkeypatch: Any) -> None:
    monkeypatch.setitem(world.app.config, "EXPORT_AT_ONCE_ROWS", 1)

    answer = root.get("/list-files/users.xlsx")

    assert answer.status_code == 422
    assert "This list has more than 1 rows. Narrow the search, and export again." in answer.text


@pytest.mark.parametrize("address", ["nothing.xlsx", "users.pdf", "users.exe"])
def test_what_is_not_there_is_not_found(root: FlaskClient, address: str) -> None:
    assert root.get(f"/list-files/{address}").status_code == 404


def test_arguments_that_nobody_means_do_no_harm(root: FlaskClient) -> None:
    odd = "?_external=1&_scheme=x&name=a&kind=b&page=-1&unit=x&size=9&order=password&q=%00%F0%9F"

    assert root.get(f"/companies/members/{odd}").status_code == 200
    with root.get(f"/list-files/members.csv{odd}") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/users/list/", "/company-roles/list/", "/apps/", "/board/", "/account/"])
def test_a_page_offers_both_kinds(root: FlaskClient, address: str) -> None:
    page = root.get(address).text

    assert ".xlsx" in page
    assert ".csv" in page


@pytest.mark.rule("P:CRM-20")
def test_phone_numbers_of_duplicates_that_leave_in_clear_are_recorded(
    world: Any, root: FlaskClient, run_in: Callable[..., Any]
) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.masterdata.partners import create_partner
    from tests.app.masterdata.people import wang

    def file_twice() -> None:
        actor = session.get_one(User, world.users["ann"])
        create_partner(wang(id_no=None), actor=actor)
        create_partner(wang(id_no=None, phone="13900139000"), actor=actor, keys=())

    run_in(world.one, file_twice)

    rows = rows_of(root.get("/list-files/duplicates.csv"), "csv")[1:]
    seen = rows_of(root.get("/list-files/personal-data.csv?resource=masterdata.Partner"), "csv")[1:]

    assert [(row[0], row[1], row[2], row[5]) for row in rows] == [("1", "Same name", "王小明", "Ann")] * 2
    assert sorted(row[4] for row in rows) == ["13800138000", "13900139000"]
    assert [(row[1], row[2], row[4]) for row in seen] == [("Root Test", "Excel file · Partners", "Phone")]
