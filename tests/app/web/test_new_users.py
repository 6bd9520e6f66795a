"""New users by a form and from a file: names by rule, all or nothing, and each administrator in his own region."""

import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.app.web.people_world import HEAD, MEMBERS, NEW, check, confirm, exported, problems, shown, workbook
from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
Run = Callable[..., Any]
REGIONAL = "companies_regional_administrator"


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    """The administrator of company one."""
    client = login("root", world.one)
    client.get("/lang/en")
    return client


@pytest.fixture
def rob(world: Any, login: Login, run_in: Run) -> FlaskClient:
    """The administrator of 华南, beside which there is 华北."""

    def build() -> None:
        from app.companies.memberships import add_membership
        from app.companies.models import Employee, OrgUnit, Position, Scope
        from app.companies.org import assign, create_unit
        from app.database.session import session

        top = session.scalars(sa.select(OrgUnit)).one()
        south = create_unit("华南", code="S", valid_from=FIRST_DAY, parent=top)
        create_unit("华北", code="N", valid_from=FIRST_DAY, parent=top)
        post = Position(title="Chief", org_unit_id=south.id)
        session.add(post)
        session.flush()
        employee = session.scalars(sa.select(Employee).where(Employee.user_id == world.users["rob"])).one()
        assign(employee, position=post, valid_from=FIRST_DAY)
        role = world.app.appbuilder.sm.find_role(REGIONAL).id
        add_membership(world.one, user_id=world.users["rob"], role_id=role, scope=Scope.UNIT)

    run_in(world.one, build)
    client = login("rob", world.one)
    client.get("/lang/en")
    return client


def row(name: str, number: str, username: str = "", **more: str) -> list[str]:
    """Return a row of a file; without more, a reader of his own visits."""
    values = {"Full Name": name, "Employee no.": number, "User Name": username, "Role": "visits_reader", **more}
    return [values.get(heading, "") for heading in HEAD]


def use_pinyin(world: Any, run_in: Run) -> None:
    """Have the company name its users by the initials of their names."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import PINYIN, USERNAME_RULE

    def decide() -> None:
        USERNAME_RULE.set(PINYIN, valid_from=FIRST_DAY, actor=session.get_one(User, world.users["root"]))

    run_in(world.one, decide)


def give_mail(world: Any, name: str, address: str) -> None:
    """Let a user have this e-mail address."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    session.execute(sa.update(User).where(User.id == world.users[name]).values(email=address))


def accounts(world: Any, run_in: Run) -> list[tuple[Any, ...]]:
    """Return the users that are new, each with whether he has a password and must change it."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.security.models import Account

    statement = (
        sa.select(User.username, User.first_name, User.email, User.password.is_(None), Account.must_change)
        .join(Account, Account.user_id == User.id)
        .where(User.id.not_in(list(world.users.values())))
        .order_by(User.id)
    )
    return run_in(None, lambda: [tuple(one) for one in session.execute(statement)])


@pytest.mark.rule("S:CORE-01")
def test_a_user_name_that_is_taken_is_refused_and_another_offered(root: FlaskClient, world: Any, run_in: Run) -> None:
    use_pinyin(world, run_in)
    done = confirm(root, check(root, workbook(row("赵松", "E001"))))
    assert "All rows are saved." in done
    assert [one[0] for one in accounts(world, run_in)] == ["zs"]

    page = check(root, workbook(row("张帅", "E002", "zs")))

    assert problems(page) == [(2, "User Name", "The user name zs is taken; zs2 is free.")]
    assert [one[0] for one in accounts(world, run_in)] == ["zs"]


@pytest.mark.rule("S:CORE-01")
def test_a_blank_user_name_is_made_by_the_companys_rule(root: FlaskClient, world: Any, run_in: Run) -> None:
    confirm(root, check(root, workbook(row("张帅", "E 7"))))
    use_pinyin(world, run_in)
    confirm(root, check(root, workbook(row("张帅", "E008"), row("赵松", "E009"))))

    assert [one[0] for one in accounts(world, run_in)] == ["e7", "zs", "zs2"]


def test_a_check_saves_nothing_and_a_wrong_row_stops_all(root: FlaskClient, world: Any, run_in: Run) -> None:
    bad = [
        row("张帅", "E001"),
        row("", "E002"),
        row("李娜", "E003", Role="king"),
        row("王芳", "E004", Unit="nowhere"),
        row("赵松", "E001"),
        row("Bob", "E006", "b b"),
        row("Eve", "E007", Email="EVE@example.com"),
        row("Amy", "E008", Email="amy"),
        row("Ann", "E-ann"),
        row("Joe", "E009", **{"Invite by e-mail": "yes"}),
    ]

    run_in(None, lambda: give_mail(world, "eve", "eve@example.com"))

    page = check(root, workbook(*bad))

    assert [(number, label) for number, label, _message in problems(page)] == [
        (3, "Full Name"), (4, "Role"), (5, "Unit"), (6, "Employee no."), (7, "User Name"), (8, "Email"), (9, "Email"),
        (10, "Employee no."), (11, "Invite by e-mail"),
    ]  # fmt: skip
    assert "Save 1 rows" not in page
    assert accounts(world, run_in) == []
    assert shown(root, "?q=E001") == []


def test_a_file_gives_roles_units_and_an_employees_file(root: FlaskClient, rob: Any, world: Any, run_in: Run) -> None:
    more = {"Role": "Visits manager", "Scope": "unit", "Unit": "华南", "Position": "Seller", "Email": "zs@example.com"}

    page = check(root, workbook(row("张帅", "E001", "zs", **more)))
    assert accounts(world, run_in) == []
    confirm(root, page)

    assert accounts(world, run_in) == [("zs", "张帅", "zs@example.com", True, True)]
    assert exported(root, "?q=zs") == [
        ["张帅", "zs", "E001", "zs@example.com", "华南", "Visits manager (Unit)", "Never logged in", ""]
    ]
    page = root.get("/audit/securityevents/?kind=user.made").text
    assert "Member: zs" in page


def test_an_employee_without_a_log_in_keeps_his_file(root: FlaskClient, world: Any, run_in: Run) -> None:
    def hire() -> None:
        from app.companies.models import Employee
        from app.database.session import session

        session.add(Employee(number="E001", name="张帅", hired_on=FIRST_DAY))

    run_in(world.one, hire)

    assert problems(check(root, workbook(row("李娜", "E001")))) == [
        (2, "Full Name", "The employee with this number is called 张帅.")
    ]
    confirm(root, check(root, workbook(row("张帅", "E001"))))
    assert [line[:3] for line in exported(root, "?q=E001")] == [["张帅", "e001", "E001"]]


def test_the_template_has_the_columns(root: FlaskClient, tmp_path: Any) -> None:
    answer = root.get(f"{NEW}/import/template")
    (tmp_path / "t.xlsx").write_bytes(answer.data)

    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]

    assert [str(cell.value).rstrip("*") for cell in next(sheet.iter_rows())] == HEAD


@pytest.mark.rule("S:CORE-05")
def test_a_regional_administrator_makes_users_of_his_own_region_only(rob: FlaskClient, world: Any, run_in: Run) -> None:
    north = check(rob, workbook(row("张帅", "E001", Unit="华南"), row("李娜", "E002", Unit="华北")))
    nowhere = check(rob, workbook(row("李娜", "E002")))

    refused = "You can make users only of the units that you administer."
    assert problems(north) == [(3, "Unit", refused)]
    assert problems(nowhere) == [(2, "Unit", refused)]
    assert accounts(world, run_in) == []

    assert "All rows are saved." in confirm(rob, check(rob, workbook(row("张帅", "E001", Unit="华南"))))
    assert "e001" in shown(rob)


@pytest.mark.rule("S:CORE-05")
def test_a_regional_administrator_gives_neither_more_nor_an_administrators_role(
    rob: FlaskClient, world: Any, run_in: Run
) -> None:
    wide = check(rob, workbook(row("张帅", "E001", Unit="S", Scope="company")))
    chief = check(rob, workbook(row("张帅", "E001", Unit="S", Role=REGIONAL)))

    assert [message for _row, _label, message in problems(wide)] == [
        "You can let a role reach only the units that you administer."
    ]
    assert [message for _row, _label, message in problems(chief)] == [
        "Administrators are named by the administrator of the company."
    ]
    assert accounts(world, run_in) == []


def test_one_user_is_made_by_the_form(root: FlaskClient, world: Any, run_in: Run) -> None:
    sent = {"name": "张帅", "number": "E001", "role": "visits_reader", "scope": "own"}

    wrong = root.post(f"{NEW}/add", data={**sent, "username": "ANN"})
    right = root.post(f"{NEW}/add", data=sent, follow_redirects=True)

    assert wrong.status_code == 422
    assert "The user name ANN is taken; ann2 is free." in wrong.text
    assert 'value="张帅"' in wrong.text
    assert "e001 is made." in right.text
    assert accounts(world, run_in) == [("e001", "张帅", "e001@no-mail.invalid", True, True)]
    assert exported(root, "?q=e001")[0][3] == ""


def test_the_form_sent_twice_makes_one_user(root: FlaskClient, world: Any, run_in: Run) -> None:
    page = root.get(f"{NEW}/add").text
    (key,) = re.findall(r'name="submission_key" type="hidden" value="([^"]+)"', page)
    sent = {"name": "张帅", "number": "E001", "role": "visits_reader", "scope": "own", "submission_key": key}

    answers = [root.post(f"{NEW}/add", data=sent).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert len(accounts(world, run_in)) == 1


@pytest.mark.rule("S:CORE-02")
def test_a_first_password_is_shown_once_and_changed_at_once(root: FlaskClient, world: Any, run_in: Run) -> None:
    confirm(root, check(root, workbook(row("张帅", "E001"))))
    (key,) = re.findall(
        r'name="rowid" value="(\d+)" form="people-steps" aria-label="Select 张帅"', root.get(MEMBERS).text
    )

    page = root.post(f"{MEMBERS}people/passwords", data={"rowid": key})
    (password,) = re.findall(r"<code>([^<]+)</code>", page.text)

    assert page.headers["Cache-Control"] == "no-store"
    assert password not in root.get(MEMBERS).text
    client = world.app.test_client()
    assert client.post("/login/", data={"username": "e001", "password": password}).status_code == 302
    assert client.get("/").headers["Location"].startswith("/account/password")
    again = root.post(f"{MEMBERS}people/passwords", data={"rowid": key}, follow_redirects=True)
    assert "has logged in already" in again.text


@pytest.mark.rule("S:CORE-05")
def test_nobody_gets_a_password_for_more_than_he_may_give(rob: FlaskClient, root: FlaskClient, world: Any) -> None:
    chief = row("李娜", "E001", Unit="华南", Role="companies_administrator", Scope="company")
    confirm(root, check(root, workbook(chief, row("张帅", "E002"))))
    keys = re.findall(
        r'name="rowid" value="(\d+)" form="people-steps" aria-label="Select (?:李娜|张帅)"', root.get(MEMBERS).text
    )

    answers = [rob.post(f"{MEMBERS}people/passwords", data={"rowid": key}) for key in keys]
    elsewhere = root.post(f"{MEMBERS}people/passwords", data={"rowid": str(world.users["ann"])}, follow_redirects=True)

    assert len(keys) == 2
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all("<code>" not in answer.text for answer in answers)
    assert "works elsewhere too" in elsewhere.text


def test_without_the_right_nothing_opens(world: Any, login: Login) -> None:
    eve = login("eve", world.one)

    assert [eve.get(f"{NEW}/{page}").status_code for page in ("add", "import", "import/template")] == [403, 403, 403]
    assert eve.post(f"{MEMBERS}people/invite", data={"rowid": "1"}).status_code == 403


@pytest.mark.rule("S:CORE-06")
def test_a_file_that_names_a_second_administrator_of_a_unit_says_so(
    root: FlaskClient, rob: Any, world: Any, run_in: Run
) -> None:
    second = row("张帅", "E001", Role=REGIONAL, Scope="unit", Unit="华南")
    first_elsewhere = row("李娜", "E002", Role=REGIONAL, Scope="unit", Unit="华北")

    checked = check(root, workbook(second, first_elsewhere))
    done = confirm(root, checked)

    warned = re.findall(r'data-label="Row">(\d+)</td><td class="cell-wrap" data-label="Warning">([^<]+)', done)
    assert warned == [("2", "There are more administrators than planned: 2 of 1.")]
    assert "All rows are saved." in done
