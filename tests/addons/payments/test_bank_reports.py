"""Books beside bank, the collection base, the ages of debts, and the design of receipts."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from PIL import Image

from addons.payments import parameters, services
from tests.addons.payments.test_bank_lines import taken
from tests.addons.payments.test_screens import paper, rows, text_of
from tests.addons.payments.till import DAY, Till, at, yuan

MARCH = "period_from=2026-03-01&period_to=2026-03-31"
DESIGN = "/payments/receiptdesign"


@pytest.mark.rule("P:PAY-06")
def test_books_stand_beside_the_bank_and_differences_are_listed(login, world, run_in):
    def fill():
        till = Till(world)
        due = till.owed(20_000)
        first, _fee, _open = taken(till, (20_000, "Li", "B-1", ""), (-15, "", "", "Fee"), (700, "Wu", "B-3", ""))
        services.match_line(first, actor=till.user("abe"), receivables=[due], now=at())
        till.posted(("transfer", 500, "B-9"), payer_name="Mr Xu")
        gone = till.posted(("pos", 90))
        services.void_receipt(gone, actor=till.user("abe"), reason="Typed twice", now=at("11:00"))

    run_in(world.one, fill)
    client = login("fay", world.one)
    assert rows(client, f"payments.reconciliation?{MARCH}")[0] == [
        *(f"{DAY}", "Bank", "20,590.00", "20,700.00", "90.00", "15.00", "185.00")
    ]
    assert sorted(row[2:4] for row in rows(client, f"payments.bank_differences?{MARCH}")) == [
        ["in the books", "500.00"], ["on the statement", "-15.00"], ["on the statement", "700.00"],
    ]  # fmt: skip
    page = client.get(f"/reports/payments.bank_differences?{MARCH}").text
    assert len(re.findall(r"/payments/bankline/show/[0-9]+\"", page)) == 2
    assert "show/None" not in page, "Money in the books only has no line to lead to."


@pytest.mark.rule("P:PAY-05")
def test_the_collection_rate_has_the_base_that_the_company_decided(login, world, run_in):
    def fill(base=None):
        till = Till(world)
        if base is not None:
            till.set(parameters.COLLECTION_BASE, base)
            return
        due = till.owed(200_000, base_amount=yuan(600_000), due_on=DAY)
        till.posted(("cash", 150_000), receivable_id=due.id)
        till.posted(("cash", 10_000), receivable_id=due.id, now=at(day=dt.date(2026, 4, 1)))  # Not in March.
        till.owed(999, due_on=dt.date(2026, 4, 2))

    run_in(world.one, fill)
    client, address = login("fay", world.one), f"payments.collection_rate?{MARCH}"
    ages = ["0.00", "0.00", "0.00", "40,999.00"]  # What is overdue, by days: of any month, and not only of the base.
    assert rows(client, address) == [["Abe", "200,000.00", "150,000.00", "75.00%", *ages]]
    assert "Amount due: what is due in 2026-03-01" in client.get(f"/reports/{address}").text
    run_in(world.one, lambda: fill("contract_amount"))
    assert rows(client, address) == [["Abe", "600,000.00", "150,000.00", "25.00%", *ages]]
    assert "Contract amount" in client.get(f"/reports/{address}").text


@pytest.mark.rule("S:PAY-09")
def test_the_headings_of_the_ages_follow_the_policy_on_screen_and_in_excel(login, world, run_in):
    client = login("fay", world.one)
    run_in(world.one, lambda: Till(world).set(parameters.AGEING, ["10", "20", "40"]))
    page = client.get("/reports/payments.ageing").text
    assert "How this is reckoned" in page
    assert "21–40 days overdue" in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/reports/payments.ageing/excel").data)).worksheets[0]
    assert [cell.value for cell in sheet[1]][1:6] == [
        *("Not due", "1–10 days overdue", "11–20 days overdue", "21–40 days overdue", "More than 40 days overdue")
    ]


def picture(kind="PNG", side=20):
    target = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(target, kind)
    target.seek(0)
    return target


def test_a_receipt_is_printed_as_the_company_designed_it(login, world, run_in):
    pk = run_in(world.one, lambda: Till(world).posted(("cash", 50)).id)
    client = login("fay", world.one)
    sent = {"paper": "a5", "title": "One Finance", "footer": "Valid with the seal only."}
    sent |= {"seal": (picture(), "chop.png"), "logo": (picture("JPEG"), "logo.jpg")}
    assert client.post(f"{DESIGN}/save", data=sent).status_code == 302
    _status, data = paper(client, pk)
    assert "One Finance" in text_of(data)
    assert "Valid with the seal only." in text_of(data)
    assert re.search(rb"/MediaBox \[0 0 595.28 419.53\]", data)
    assert data.count(b"/Subtype /Image") == 2
    assert "Copy, printing no. 2" in text_of(paper(client, pk)[1])


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.4", "seal.png", "“seal.png” is no PNG or JPEG picture."),
        (b"x" * 600_000, "seal.png", "“seal.png” is larger than 500 KB."),
        (picture(side=4_001).getvalue(), "seal.png", "“seal.png” has a side of more than 4000 pixels."),
    ],
)
def test_a_seal_is_a_picture_of_reasonable_size(login, world, content, name, said):
    client = login("fay", world.one)
    page = client.post(
        f"{DESIGN}/save",
        data={"paper": "a5", "title": "Sunny", "footer": "Valid with seal", "seal": (io.BytesIO(content), name)},
        follow_redirects=True,
    ).text
    assert said in page
    assert "data:image" not in page
    assert all(kept in page for kept in ('value="a5" selected', 'value="Sunny"', ">Valid with seal</textarea>"))
    assert "Sunny" not in client.get(f"{DESIGN}/").text  # Nothing was changed.
