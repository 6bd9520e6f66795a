"""Files: checked before they are read, row by row, all or nothing; in Chinese and English, Excel and CSV."""

import datetime as dt
import io
import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.database.columns import utc_now
from tests.app.crud.files import HEAD, bomb, excel, laughing, lying_bomb, orders
from tests.app.crud.orders import REST, VIEW, add, sheet_of, shown

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
IMPORT = f"{VIEW}/import"


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """May import."""
    return login("bea", world.one)


@pytest.fixture
def kept(data_folder: Any) -> Callable[[], list[Any]]:
    """Return a function that lists the files which wait to be saved; none did before the test."""
    folder = data_folder / "uploads"
    shutil.rmtree(folder, ignore_errors=True)
    return lambda: [path for path in folder.rglob("*") if path.is_file()]


def send(client: FlaskClient, content: bytes, name: str = "orders.xlsx", **values: str) -> Any:
    """Send a file."""
    data = {"file": (io.BytesIO(content), name), **values}
    return client.post(IMPORT, data=data, content_type="multipart/form-data")


def page_of(client: FlaskClient, answer: Any) -> str:
    """Return the page of the job that an answer leads to."""
    assert answer.status_code == 302, answer.text
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return page.text


def confirm(client: FlaskClient, page: str) -> Any:
    """Press the button that saves what was checked."""
    form = re.search(r'<form class="inline-form" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form is not None, "There is nothing to confirm."
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    return client.post(form[1], data=values)


def total(client: FlaskClient) -> int:
    """Return how many orders there are."""
    return client.get(f"{REST}/").json["count"]


def test_checked_first_saved_when_confirmed(bea: FlaskClient, kept: Any) -> None:
    page = page_of(bea, send(bea, excel(orders(3))))
    assert "Save 3 rows" in page
    assert total(bea) == 0

    done = page_of(bea, confirm(bea, page))

    assert "All rows are saved." in done
    assert "Save 3 rows" not in done
    assert total(bea) == 3
    first = min(
        bea.get(f"{REST}/").json["ids"]
    )  # The dry run has used up ids where the database does not give them back.
    assert shown(bea, first)["ordered_on"] == "2026-03-02"
    assert kept() == []


def test_confirming_twice_saves_once(bea: FlaskClient) -> None:
    page = page_of(bea, send(bea, excel([("A-1", "Wang", "2026-03-02")])))

    assert confirm(bea, page).status_code == 302
    again = confirm(bea, page)

    assert again.status_code == 422
    assert "This file is not kept any more" in again.text
    assert total(bea) == 1


def test_one_wrong_row_saves_nothing(bea: FlaskClient) -> None:
    rows = [*orders(2), ("A-3", "", "2026-02-30"), ("A-4", "王", "昨天"), ("A-5" * 9, "<b>王</b>", "2026-03-02")]

    page = page_of(bea, send(bea, excel(rows), run="1"))

    assert total(bea) == 0
    table = re.findall(r"<tr><td.*?</tr>", page, re.DOTALL)
    found = [re.sub(r"<[^>]+>", "|", row) for row in table]
    assert [re.findall(r"\|(\d+)\|", row)[0] for row in found] == ["4", "4", "5", "6"]
    assert [name for row in found for name in ("Customer", "Ordered on", "Number") if f"|{name}|" in row] == [
        "Customer",
        "Ordered on",
        "Ordered on",
        "Number",
    ]
    assert "At most 20 characters" in found[3]


@pytest.mark.rule("S:CORE-13")
def test_the_policy_says_whether_rows_in_order_are_kept(world: Any, bea: FlaskClient, run_in: Any) -> None:
    rows = [*orders(97), *[(f"B-{number}", "", "2026-03-02") for number in range(3)]]

    page = page_of(bea, send(bea, excel(rows), run="1"))
    assert (total(bea), page.count("<tr><td")) == (0, 3)

    run_in(world.one, partial(decide, world, "good_rows"))
    checked = page_of(bea, send(bea, excel(rows)))
    assert ("Save 97 rows" in checked, total(bea)) == (True, 0)
    done = page_of(bea, confirm(bea, checked))
    assert ("The rows that are in order are saved." in done, done.count("<tr><td"), total(bea)) == (True, 3, 97)


def decide(world: Any, mode: str) -> None:
    """Set the policy."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import IMPORT_MODE

    IMPORT_MODE.set(mode, valid_from=dt.date(2026, 1, 1), actor=session.get_one(User, world.users["bea"]))


@pytest.mark.rule("S:CORE-13")
@pytest.mark.parametrize("user", ["cal", "oli"])
def test_only_those_with_the_right_import(world: Any, login: Login, user: str) -> None:
    client = login(user, world.one)
    sent = {"file": (io.BytesIO(excel(orders(1))), "orders.xlsx"), "run": "1"}

    assert f"{IMPORT}" not in client.get(f"{VIEW}/list/").text
    assert [client.get(address).status_code for address in (IMPORT, f"{IMPORT}/template")] == [403, 403]
    assert client.post(IMPORT, data=sent, content_type="multipart/form-data").status_code == 403
    sent = {"file": (io.BytesIO(excel(orders(1))), "orders.xlsx"), "run": "1"}
    assert client.post(f"{REST}/import", data=sent, content_type="multipart/form-data").status_code == 403
    assert total(client) == 0


def test_duplicates_are_named_and_may_be_left_out(bea: FlaskClient) -> None:
    add(bea, number="A-2")

    page = page_of(bea, send(bea, excel([*orders(3), ("A-3", "again", "2026-03-02")])))
    assert total(bea) == 1
    assert page.count("this value is already taken") == 2
    # A plain unique key is wrong; only a service that raises Duplicate knows which record is repeated.
    assert "Leave out" not in page


def test_the_problems_as_excel(world: Any, login: Login, bea: FlaskClient) -> None:
    rows = [("A-1", "", "2026-03-02"), ("A-2", "王", "=1+1")]
    answer = send(bea, excel(rows))
    address = re.search(r'href="([^"]*/import/problems/\d+)"', page_of(bea, answer))[1]

    head, *found = sheet_of(bea, address)

    assert head == ["Row", "Column", "What is wrong", "Existing record"]
    assert [row[:2] for row in found] == [[2, "Customer"], [3, "Ordered on"]]
    assert login("bea", world.two).get(address).status_code == 404
    assert login("root", world.one).get(address).status_code == 404  # It is her job, not his.
    assert bea.get(re.sub(r"\d+$", "999", address)).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "cannot be read"),
        (b"not a workbook", "a.xlsx", "cannot be read"),
        (b"PK\x03\x04 broken", "a.xlsx", "cannot be read"),
        (excel([])[:2_000], "a.xlsx", "cannot be read"),
        (excel(orders(1)), "a.exe", "Send an .xlsx or a .csv file"),
        (excel(orders(1)), "a", "Send an .xlsx or a .csv file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.csv", ""),
        (b"", "a.csv", "no rows"),
        (b'"open,quote', "a.csv", ""),
        (bomb(), "a.xlsx", "It was not read"),
        (lying_bomb(), "a.xlsx", ""),
        (laughing(), "a.xlsx", "cannot be read"),
        (excel([], head=[]), "a.xlsx", "no rows"),
        (excel(orders(1), head=("单号", "客户")), "a.xlsx", "&#39;Ordered on&#39; is missing"),
        (excel(orders(1), head=("单号", "客户", "Date of birth")), "a.xlsx", "Date of birth&#39; is not known"),
        (excel(orders(1), head=("单号", "客户", "Number")), "a.xlsx", "Number&#39; stands twice"),
        (excel(orders(1), head=("<b>", "客户", "日期")), "a.xlsx", "&lt;b&gt;&#39; is not known"),
        (excel(orders(1), head=("company_id", "客户", "日期")), "a.xlsx", "company_id&#39; is not known"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_at_once(
    bea: FlaskClient, kept: Any, content: bytes, name: str, said: str
) -> None:
    answer = send(bea, content, name)

    assert answer.status_code == 422, answer.headers
    assert said in answer.text
    assert kept() == []
    assert bea.get("/jobs/").text.count("/jobs/") <= 2


def test_no_file_is_asked_for(bea: FlaskClient) -> None:
    for answer in (bea.post(IMPORT), bea.post(IMPORT, data={"upload": "../../etc/passwd"}), send(bea, b"x", "")):
        assert answer.status_code == 422
    assert "Choose a file first" in bea.post(IMPORT).text


def test_more_rows_than_allowed(world: Any, bea: FlaskClient, run_in: Any) -> None:
    import datetime as dt

    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import IMPORT_MAX_ROWS

    def limit() -> None:
        boss = session.get_one(User, world.users["bea"])
        IMPORT_MAX_ROWS.set(3, valid_from=dt.date(2026, 1, 1), actor=boss)

    run_in(world.one, limit)

    refused = send(bea, excel(orders(4)))
    assert refused.status_code == 422
    assert "more than 3 rows" in refused.text
    assert "At most 3 rows" in bea.get(IMPORT).text
    assert send(bea, excel(orders(3))).status_code == 302


@pytest.mark.parametrize(
    "head",
    [
        ("单号", "客户", "日期"), ("Number", "Customer", "Ordered on"), ("number", "customer", "ordered_on"),
        (" 单 号*", "客户＊", "ORDERED ON"), ("单号", "客户", "日期", None, None),
    ],
)  # fmt: skip
def test_headings_in_every_language(bea: FlaskClient, head: Any) -> None:
    assert "All rows are saved." in page_of(bea, send(bea, excel(orders(2), head=head), run="1"))
    assert total(bea) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv(bea: FlaskClient, encoding: str, end: str) -> None:
    lines = ["单号,客户,日期,备注", 'A-1,王小明,2026/3/2,"一,二', '三"', "", "A-2,李𠮷,2026.3.2,"]

    page = page_of(bea, send(bea, end.join(lines).encode(encoding), "orders.CSV", run="1"))

    assert "All rows are saved." in page
    first, second = shown(bea, 1), shown(bea, 2)
    assert (first["customer"], first["note"]) == ("王小明", "一,二\n三")
    assert (second["customer"], second["note"]) == ("李𠮷", None)


def test_cells_of_every_kind(world: Any, bea: FlaskClient) -> None:
    import datetime as dt

    head = ("单号", "客户", "日期", "手机", "加急", "优惠", "经办人")
    rows = [
        (1001, "王", dt.datetime.fromisoformat("2026-03-02"), 13812345678, "是", 12.5, "Ann"),
        (1002.0, "李", dt.date(2026, 3, 3), "138 1234 5678", True, "１２", "E-ann"),
        ("A-3", "'=1+1 ", "20260304", None, None, 0, None),
    ]

    page = page_of(bea, send(bea, excel(rows, head), run="1"))

    assert "All rows are saved." in page, page
    one, two, three = (shown(bea, key) for key in (1, 2, 3))
    assert (one["number"], one["ordered_on"], one["phone"]) == ("1001", "2026-03-02", "13812345678")
    assert (one["is_urgent"], one["discount"], one["keeper"]["title"]) == (True, "12.50", "Ann")
    assert (two["number"], two["discount"], two["is_urgent"], two["keeper"]) == ("1002", "12.00", True, one["keeper"])
    assert (three["phone"], three["is_urgent"], three["discount"]) == (None, False, "0.00")


def test_formulas_and_strays_are_told(bea: FlaskClient) -> None:
    rows = [("A-1", "#REF!", "2026-03-02"), ("A-2", "王", "2026-03-02", None, "stray"), ("A-3", "李", "2026-03-02")]

    page = page_of(bea, send(bea, excel(rows), run="1"))

    assert "The formula in this cell gives #REF!." in page
    assert "&#39;stray&#39; stands under no heading." in page
    assert total(bea) == 0


def test_a_name_that_several_records_have_is_refused(world: Any, bea: FlaskClient, run_in: Any) -> None:
    import datetime as dt

    from app.companies.models import Employee
    from app.database.session import session

    run_in(world.one, lambda: session.add(Employee(number="E-2", name="Ann", hired_on=dt.date(2026, 1, 1))))

    page = page_of(bea, send(bea, excel([("A-1", "王", "2026-03-02", "Ann")], (*HEAD, "经办人")), run="1"))

    assert "There is no such record: &#39;Ann&#39;." in page
    assert total(bea) == 0


def test_the_template_can_be_filled_and_sent(bea: FlaskClient) -> None:
    bea.get("/lang/zh")
    head, example = sheet_of(bea, f"{IMPORT}/template")
    assert "*" in head[0]

    page = page_of(bea, send(bea, excel([example], head), run="1"))

    assert total(bea) == 1, page


def test_files_of_others_do_not_exist(world: Any, login: Login, bea: FlaskClient) -> None:
    answer = send(bea, excel(orders(2)))
    page = page_of(bea, answer)
    upload = re.search(r'name="upload" value="([^"]+)"', page)[1]
    there, cal, root = login("bea", world.two), login("cal", world.one), login("root", world.one)

    assert there.post(IMPORT, data={"upload": upload, "run": "1"}).status_code == 422
    assert cal.post(IMPORT, data={"upload": upload, "run": "1"}).status_code == 403
    assert root.post("/companies/employee/import", data={"upload": upload, "run": "1"}).status_code == 422
    assert root.get(answer.headers["Location"]).status_code == 404
    assert (total(bea), total(there)) == (0, 0)


@pytest.mark.rule("P:CRM-20")
def test_files_are_kept_for_a_day_at_most(world: Any, bea: FlaskClient, run_in: Any, kept: Any) -> None:
    for _number in range(2):
        page_of(bea, send(bea, excel(orders(1))))
    now, (old, fresh) = utc_now(), kept()
    for path, hours in ((old, 23.1), (fresh, 22.9)):
        moment = (now - dt.timedelta(hours=hours)).timestamp()
        os.utime(path, (moment, moment))
    schedule = world.app.extensions["jobs"].schedules["crud.delete_old_uploads"]
    assert schedule.every == dt.timedelta(hours=1)

    run_in(world.two, lambda: schedule.function(now))
    assert kept() == [old, fresh]
    run_in(world.one, lambda: schedule.function(now))

    assert kept() == [fresh]
