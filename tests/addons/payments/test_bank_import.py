"""A bank's file is sent on the page: odd files say what is wrong with them, and long ones are read quickly."""

import datetime as dt
import io
import re
from itertools import groupby

import pytest
import sqlalchemy as sa

from addons.payments import queries, services
from addons.payments.models import BankLine, BankStatement, Place
from app.database.session import db
from tests.addons.payments.test_bank_lines import draft, taken
from tests.addons.payments.till import DAY, at

PAGE = "/payments/bankimport/"
HEAD = "交易日期,借方发生额,贷方发生额,对方户名,交易流水号"
GOOD = f'{HEAD}\n2026-03-02,,"1,250.00",王芳,G-1\n2026-03-02,"1,234.50",,张三,G-2'
LONG = "\n".join([HEAD, *["2026-03-02,,1.00,x,"] * 20_000])
MOST = 10  # Statements for a file, however long.


def send(client, world, text, *, name="流水.csv", encoding="gbk"):
    values = {"new": "1", "place": str(world.ways["bank"]), "file": (io.BytesIO(text.encode(encoding)), name)}
    return client.post(f"{PAGE}send", data=values, content_type="multipart/form-data", follow_redirects=True)


def kept(run_in, world):
    """Return how many statements and lines are kept."""
    counts = [sa.select(sa.func.count(model.id)) for model in (BankStatement, BankLine)]
    return run_in(world.one, lambda: [db.session.scalar(one) for one in counts])


@pytest.mark.rule("S:PAY-01")
def test_a_file_in_the_banks_own_code_is_read_to_the_fen(login, world, run_in):
    page = send(login("abe", world.one), world, GOOD).text
    assert all(text in page for text in ("1,250.00", "-1,234.50", "王芳", "G-1", "Take in 2 lines"))
    assert kept(run_in, world) == [1, 0]


@pytest.mark.rule("S:PAY-01")
@pytest.mark.parametrize("encoding", ["utf-16", "gbk", "utf-8-sig"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_files_of_other_banks_are_read_to_the_fen(login, world, run_in, encoding, separator):
    text = f"户名：云栖置业,一分公司\n{HEAD.replace(',', separator)}\n" + separator.join(
        ["2026-03-02\t" if separator != "\t" else "2026-03-02", "", "1,250.00", "王芳", '="00815"']
    )

    page = send(login("abe", world.one), world, text, encoding=encoding).text

    assert all(each in page for each in ("1,250.00", "王芳", "00815", "Take in 1 lines"))
    assert "&#34;00815" not in page
    assert kept(run_in, world) == [1, 0]


@pytest.mark.rule("S:PAY-01")
@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("", "empty.csv", "The file has no rows."),
        ("a,b", "notes.txt", "Send an .xlsx or a .csv file."),
        ("", "flow.XLS", "This is a file of an old Excel. Open it there, and save it as .xlsx."),
        ("no archive", "fake.xlsx", "The file cannot be read"),
        (
            "\n".join([HEAD, *["2026-03-02,,1.00,x,"] * 20_000]),
            "big.csv",
            "The file has more than 5000 rows. Split it.",
        ),
    ],
)
def test_what_is_refused_leaves_the_form_and_no_older_draft_below_it(login, world, run_in, text, name, told):
    client = login("abe", world.one)
    send(client, world, GOOD)

    page = send(client, world, text, name=name).text

    assert told in page
    assert ('type="file"' in page, "G-1" in page) == (True, False)
    assert kept(run_in, world) == [1, 0]
    assert "G-1" in client.get(PAGE).text  # The draft is still there.


@pytest.mark.rule("S:PAY-01")
@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("opening", "ten", "Opening balance: This is no number. Example: 1,234.50."),
        ("closing", "1.005", "Closing balance: At most 2 decimals are allowed."),
    ],
)
def test_a_balance_that_is_no_amount_is_named_and_kept(login, world, run_in, name, typed, told):
    file = (io.BytesIO(GOOD.encode("gbk")), "a.csv")
    sent = {"new": "1", "place": str(world.ways["bank"]), "file": file, name: typed}

    page = login("abe", world.one).post(f"{PAGE}send", data=sent, follow_redirects=True).text

    assert told in page
    assert re.search(rf'name="{name}"[^>]*value="{typed}"', page)
    assert kept(run_in, world) == [0, 0]


@pytest.mark.rule("S:PAY-01")
@pytest.mark.parametrize(
    "above",
    [
        "账号：1202000009100123456",
        "账号,1202 0000 0910 0123 456",
        "卡号:1202********3456",
        "账号：0910 0123 456",
        "对方账号：62220000,",
    ],
)
def test_a_file_of_the_account_is_taken_however_its_number_is_written(till, above):
    assert problems_of(till, above) == []


@pytest.mark.rule("S:PAY-01")
@pytest.mark.parametrize(
    "above", ["账号：6225880200000009999", "账号,6225 8802 0000 0009 999", "Account No. 6225880200000009999"]
)
def test_a_file_of_another_account_is_refused_naming_both(till, refused, above):
    statement = named(till, above)
    (problem,) = queries.check_statement(statement, today=DAY).problems
    assert (problem.row, str(problem.label)) == (1, "Account")
    assert re.fullmatch(r"The file is of account 6225[\d ]+, not of 1202 0000 0910 0123 456\.", problem.message)

    assert refused(services.take_in_statement, statement, actor=till.user("abe")).code == "bank.problems"
    assert queries.list_lines(statement.id) == []


def named(till, above):
    """Return the draft of a file that says above its headings what account it is of."""
    place = db.session.get(Place, till.world.ways["bank"])
    place.account_no = "1202 0000 0910 0123 456"
    rows = [(number, text.split(",")) for number, text in enumerate([above, *GOOD.split("\n")[:1]], start=1)]
    rows.append((3, ["2026-03-02", "", "5", "x", "N-1"]))
    return services.send_statement(actor=till.user("abe"), place_id=place.id, name="a.csv", rows=rows, now=at())


def problems_of(till, above):
    return queries.check_statement(named(till, above), today=DAY).problems


@pytest.mark.rule("S:PAY-01")
def test_every_odd_cell_is_named_and_nothing_is_taken_in(login, world, run_in):
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(2)
    rows = ["日期,金额,流水号", "2026-03-02,(500.00),N-1", "2026-03-02,1.234,N-2", f"{tomorrow},5,N-3"]
    rows += ["2026-03-02,7,N-4", "2026-03-02,7,N-4"]
    client = login("abe", world.one)

    page = send(client, world, "\n".join(rows), encoding="utf-8-sig").text

    for told in (
        "This is no number. Example: 1,234.50.",
        "At most 2 decimals are allowed.",
        "The date is later than today,",
    ):
        assert told in page
    assert "Row 5 has the same bank reference." in page
    assert "Take in 2 lines" not in page
    client.post(f"{PAGE}take_in", data={"statement": "1", "heading_row": "1"})
    assert kept(run_in, world) == [1, 0]


@pytest.mark.rule("S:PAY-01")
def test_a_reference_of_an_earlier_month_is_refused_in_a_later_one(till, refused):
    taken(till, (200, "Wu", "B-7", ""))
    later = [[f"{DAY + dt.timedelta(40)}", "200", "", "Wu", "6222", "B-7", ""]]
    head = ["交易日期", "收入", "支出", "对方户名", "对方账号", "流水号", "摘要"]
    sent = {"actor": till.user("abe"), "place_id": till.world.ways["bank"], "now": at()}
    again = services.send_statement(name="april.csv", rows=[(1, head), (2, later[0])], **sent)

    assert refused(services.take_in_statement, again, actor=till.user("abe")).code == "bank.problems"
    (problem,) = queries.check_statement(again, today=DAY + dt.timedelta(40)).problems
    assert (problem.row, problem.match) == (2, "march.xlsx · B-7")


def test_a_long_file_takes_no_statement_per_line(till):
    rows = [(100 + number, "Wu", f"B-{number}", "") for number in range(300)]
    for number in (3, 250):
        till.posted(("transfer", 100 + number, f"B-{number}"))
    statement = draft(till, *rows)
    asked = []

    def note(_connection, _cursor, text, *_more):
        asked.append(text)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        reading = queries.check_statement(statement, today=DAY)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)

    assert reading.problems == []
    assert len(asked) <= MOST, [text for text, _same in groupby(asked)]
    services.take_in_statement(statement, actor=till.user("abe"))
    matched = [line.bank_ref for line in queries.list_lines(statement.id) if line.receipt_id is not None]
    assert matched == ["B-3", "B-250"]
