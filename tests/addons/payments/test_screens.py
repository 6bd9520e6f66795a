"""Payments on the screen, over REST and on paper."""

import datetime as dt
import html
import io
import re

import pypdfium2
import pytest
from flask_babel import force_locale

from addons.payments import services
from addons.payments.parameters import BAD_DAYS, COLLECTION_BASE
from app.i18n import translated
from app.masterdata.models import Partner
from tests.addons.payments.chains import put_under_chain
from tests.addons.payments.till import DAY, SHANGHAI, Till, at, yuan

pytestmark = pytest.mark.by_turns

RECEIPTS = "/payments/receipt"


@pytest.fixture
def due(world, run_in):
    """Return the id of an open deposit of 20,000 on 50,000."""
    return run_in(world.one, lambda: Till(world).deposit(20_000, 50_000).id)


@pytest.fixture
def receipt(world, run_in, due):
    """Return the id of a draft that would pay it: 8,000 in cash and 12,000 by card."""
    return run_in(world.one, lambda: Till(world).received(("cash", 8_000), ("pos", 12_000), receivable_id=due).id)


def press(client, name, pk, **values):
    return client.post(f"{RECEIPTS}/transition/{name}/{pk}", data=values, follow_redirects=True)


def paper(client, pk):
    page = client.post(f"{RECEIPTS}/bulk/print_out", data={"rowid": str(pk)}).text
    client.post(f"{RECEIPTS}/bulk/print_out", data=dict(re.findall(r'name="(version-\d+)" value="(\d+)"', page)))
    with client.get(f"{RECEIPTS}/printed/?ids={pk}") as answer:
        return answer.status_code, answer.data


def text_of(data):
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.rule("P:PAY-01")
def test_the_cashier_takes_a_deposit_in_two_tenders(login, world, due):
    client = login("cai", world.one)
    form = {
        "receivable_id": str(due),
        "doc_date": "2026-03-02",
        "lines-0-method_id": str(world.ways["cash"]),
        "lines-0-amount": "8000",
        "lines-1-method_id": str(world.ways["pos"]),
        "lines-1-amount": "12000",
        "lines-1-bank_ref": "P-1",
    }
    answer = client.post(f"{RECEIPTS}/add", data=form)
    assert answer.status_code == 302, answer.text[-3000:]
    pk = re.search(r"(\d+)$", answer.location)[1]

    page = press(client, "post", pk).text

    assert "SJ2026-0001" in page
    assert "20,000.00" in page


@pytest.mark.rule("P:PAY-06")
def test_whoever_takes_money_may_name_the_customer_whose_it_is(login, world):
    for name in ("cai", "abe", "fay"):
        taken = {"partner_id": world.partners["Wu"], "lines": [{"method_id": world.ways["cash"], "amount": "5"}]}
        answer = login(name, world.one).post("/api/v1/payments/receipt/", json=taken)
        assert (answer.status_code, answer.json["result"]["partner"]["title"]) == (201, "Wu")


def test_a_refused_form_keeps_what_was_typed(login, world, due):
    client = login("cai", world.one)
    form = {"receivable_id": str(due), "payer_name": "Mr Li", "lines-0-method_id": str(world.ways["cash"])}
    answer = client.post(f"{RECEIPTS}/add", data={**form, "lines-0-amount": "-5"})
    assert answer.status_code == 422
    assert "Mr Li" in answer.text


def test_a_short_deposit_is_refused_over_rest_naming_the_amount(login, world, run_in, due):
    pk = run_in(world.one, lambda: Till(world).received(("cash", 19_999), receivable_id=due).id)
    answer = login("cai", world.one).post(f"/api/v1/payments/receipt/{pk}/post", json={})
    assert (answer.status_code, answer.json["error"]) == (422, "receipt.too_little")
    assert answer.json["data"]["limit"] == "20,000.00"


@pytest.mark.rule("S:RE-06")
def test_only_a_posted_receipt_is_printed_and_a_copy_is_marked(login, world, receipt):
    client = login("cai", world.one)
    assert paper(client, receipt)[0] == 409
    press(client, "post", receipt)

    first, second = (text_of(paper(client, receipt)[1]) for _ in range(2))

    assert "SJ2026-0001" in first
    assert "贰万元整" in first
    assert "Ding 10,000.00, prepayment 10,000.00" in first
    assert "Copy" not in first
    assert "Copy, printing no. 2" in second


@pytest.mark.rule("S:RE-06")
def test_the_button_of_a_receipt_counts_a_printing_and_gives_the_paper(login, world, receipt):
    client = login("cai", world.one)
    press(client, "post", receipt)
    page = client.get(f"{RECEIPTS}/show/{receipt}").text
    assert f'data-post="{RECEIPTS}/transition/print/{receipt}"' in page
    assert "data-print" not in page  # The page itself would be a copy that nobody has counted.

    first, second = (press(client, "print", receipt) for _ in range(2))

    assert (first.mimetype, second.mimetype) == ("application/pdf", "application/pdf")
    assert "Copy" not in text_of(first.data)
    assert "Copy, printing no. 2" in text_of(second.data)


def test_a_refund_is_paid_from_the_page_and_printed(login, world, receipt, due):
    press(login("cai", world.one), "post", receipt)
    client = login("abe", world.one)
    values = {"amount": "20000", "method": str(world.ways["cash"]), "reason": "called off", "receivable": str(due)}

    assert "Done" in press(client, "refund", receipt, **values).text

    page = client.get("/payments/refund/list/").text
    assert "TK2026-0001" in page
    assert 'href="/payments/refund/printed/?ids=1"' in client.get("/payments/refund/show/1").text
    with client.get("/payments/refund/printed/?ids=1") as answer:
        assert "called off" in text_of(answer.data)


@pytest.mark.rule("P:PAY-02")
def test_a_third_decimal_is_refused_on_the_page_and_by_rest_and_nothing_is_paid_back(login, world, receipt, due):
    press(login("cai", world.one), "post", receipt)
    client = login("abe", world.one)
    values = {"amount": "100.005", "method": world.ways["cash"], "reason": "called off", "receivable": due}

    answer = client.post(f"/api/v1/payments/receipt/{receipt}/refund", json=values)
    assert (answer.status_code, answer.json["field"], answer.json["data"]["limit"]) == (422, "amount", 2)
    assert "At most 2 decimals are allowed." in press(client, "refund", receipt, **values).text
    assert client.get("/api/v1/payments/refund/").json["count"] == 0


@pytest.mark.parametrize(
    "address",
    [
        *(f"/payments/{name}/list/" for name in ("receivable", "receipt", "refund", "posting", "cashday", "shift")),
        *(f"/payments/{name}/list/" for name in ("period", "baddebt", "place", "method", "invoice", "recovery")),
        "/payments/receivable/show/1",
        "/payments/receipt/show/1",
        "/payments/posting/show/1",
    ],
)
def test_every_screen_opens(login, world, run_in, address):
    def fill():
        till = Till(world)
        till.posted(("cash", 100), receivable_id=till.owed(100).id)

    run_in(world.one, fill)
    answer = login("fay", world.one).get(address)
    assert answer.status_code == 200
    if "receipt/show" in address:
        assert "<th>Account</th><th>Place</th><th>Amount</th>" in answer.text, "Words, not names of columns."


def rows(client, address):
    """Return the cells of a report's rows."""
    body = client.get(f"/reports/{address}").text.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td.*?</td>", row, re.DOTALL) for row in body.split("</tr>")]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells if row]


@pytest.mark.rule("S:RE-07", "S:R-26", "S:R-39", "P:RP-10", "P:PAY-05", "S:PAY-09")
def test_the_reports_say_what_the_ledger_says(login, world, run_in):
    def fill():
        till, day = Till(world), dt.timedelta(1)
        first = till.owed(200_000, due_on=DAY)
        till.posted(("cash", 150_000), receivable_id=first.id)
        till.owed(45, due_on=dt.datetime.now(dt.UTC).date() - 45 * day)

    run_in(world.one, fill)
    client = login("fay", world.one)
    span = "period_from=2026-03-01&period_to=2026-03-31"
    rate = ["Abe", "200,000.00", "150,000.00", "75.00%", "0.00", "45.00", "0.00", "50,000.00"]
    assert rows(client, f"payments.collection_rate?{span}")[0] == rate
    april = ["Abe", "0.00", "0.00", "–", "0.00", "45.00", "0.00", "50,000.00"]  # What is overdue is so all the same.
    assert rows(client, "payments.collection_rate?period_from=2026-04-01&period_to=2026-04-30")[0] == april
    page = client.get(f"/reports/payments.collection_rate?{span}").text
    for heading in ("1–30 days overdue", "31–60 days overdue", "61–90 days overdue", "More than 90 days overdue"):
        assert heading in page
    cash = rows(client, f"payments.cash_report?{span}")[0]
    assert cash[1:7] == ["Desk", "Cai", "Receive", "150,000.00", "0.00", "150,000.00"]
    aged = ["Li", "0.00", "0.00", "45.00", "0.00", "50,000.00", "50,045.00"]
    assert rows(client, "payments.ageing")[0] == aged


@pytest.mark.rule("P:PAY-05", "S:PAY-10")
@pytest.mark.parametrize("base", ["due_in_period", "contract_amount"])
def test_a_debt_that_is_written_off_was_due_and_does_not_raise_the_rate(login, world, run_in, base):
    def fill():
        till = Till(world)
        till.set(COLLECTION_BASE, base)
        till.set(BAD_DAYS, 0)
        due = till.owed(200_000)
        till.posted(("cash", 150_000), receivable_id=due.id)
        lost = {"receivable_id": due.id, "reason": "bankrupt", "now": at()}
        debt = services.propose_bad_debt(actor=till.user("abe"), **lost)
        services.approve_bad_debt(debt, actor=till.user("fay"))
        services.write_off(debt, actor=till.user("fay"), now=at())
        services.recover_bad_debt(debt, actor=till.user("fay"), reason="A part", amount=yuan(10_000), now=at())

    run_in(world.one, fill)
    (row,) = rows(login("fay", world.one), "payments.collection_rate?period_from=2026-03-01&period_to=2026-03-31")[:1]
    assert row[:4] == ["Abe", "200,000.00", "150,000.00", "75.00%"]


@pytest.mark.rule("S:PAY-09", "P:PAY-05", "P:RP-10", "S:R-39")
def test_what_is_dated_later_is_in_no_figure_before_its_day(login, world, run_in):
    today = dt.datetime.now(dt.UTC).astimezone(SHANGHAI).date()
    later, past = today + dt.timedelta(1), today - dt.timedelta(45)

    def fill():
        till = Till(world)
        till.owed(70, doc_date=today, due_on=past)
        till.owed(500, doc_date=later, due_on=past)

    run_in(world.one, fill)
    client = login("fay", world.one)
    span = f"period_from={past}&period_to={later}"
    assert rows(client, "payments.ageing")[0] == ["Li", "0.00", "0.00", "70.00", "0.00", "0.00", "70.00"]
    assert rows(client, f"payments.collection_rate?{span}")[0][1:3] == ["70.00", "0.00"]
    for asked in (span, "period_from=&period_to="):
        (found,) = [row for row in rows(client, f"payments.statement?{asked}") if row[0] == "Li"]
        assert (found[1], found[-1]) == (f"{today}", "70.00")
    page = client.get("/reports/payments.ageing").text
    assert "A receivable that is dated later than today is left out until its day." in page


@pytest.mark.parametrize(("language", "word"), [("en", "Receivable"), ("zh", "应收款")])
def test_the_ledger_calls_what_came_to_be_owed_a_receivable_and_nothing_open(login, world, run_in, language, word):
    run_in(world.one, lambda: Till(world).owed(100) and None)
    client = login("fay", world.one)
    client.get(f"/lang/{language}")
    page = client.get("/payments/posting/list/").text.partition("<tbody>")[2]
    assert (word in page, "待处理" in page, ">Open<" in page) == (True, False, False)


def test_a_month_of_the_books_is_open_in_other_words_than_a_task(login, world, run_in):
    run_in(world.one, lambda: Till(world).owed(100) and None)
    client = login("fay", world.one)
    client.get("/lang/zh")
    for address in ("/payments/period/list/", "/payments/receivable/list/"):
        page = client.get(address).text.partition("<tbody>")[2]
        assert ("未结" in page, "待处理" in page) == (True, False), address
    with world.app.test_request_context("/approvals/approvalfile/list/"), force_locale("zh"):
        assert translated("Open") == "待处理"


@pytest.mark.rule("P:RP-10")
def test_the_figures_of_the_collection_rate_lead_to_the_receivables_behind_them(login, world, run_in):
    today = dt.datetime.now(dt.UTC).date()
    said = ("Paid in part", "Never asked for", "On the last day", "A day later", "Late")

    def fill():
        till = Till(world)
        till.posted(("cash", 150_000), receivable_id=till.owed(200_000, subject="Paid in part", due_on=DAY).id)
        till.owed(7, subject="Never asked for", due_on=DAY, opened=False)
        till.owed(1, subject="On the last day", due_on=dt.date(2026, 3, 31))
        till.owed(2, subject="A day later", due_on=dt.date(2026, 4, 1))
        till.owed(45, subject="Late", due_on=today - dt.timedelta(45))

    run_in(world.one, fill)
    client = login("fay", world.one)
    report = "/reports/payments.collection_rate?period_from={}&period_to={}"
    page = client.get(report.format("2026-03-01", "2026-03-31")).text.partition("<tbody>")[2]
    figures = re.findall(r'<a href="([^"]*/receivable/list/[^"]*)">([\d,.]+)</a>', page)
    behind = [(figure, re.findall("|".join(said), rows_of(client, html.unescape(link)))) for link, figure in figures]
    assert [(figure, sorted(found)) for figure, found in behind] == [
        ("200,001.00", ["On the last day", "Paid in part"]),
        ("150,000.00", ["Paid in part"]),
        ("45.00", ["Late"]),
        ("50,003.00", ["A day later", "On the last day", "Paid in part"]),
    ]


def rows_of(client, address):
    """Return the rows of a list as it is written."""
    return client.get(address).text.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.rule("P:PAY-06")
def test_the_statement_of_account_ends_with_what_the_ledger_says(login, world, run_in):
    def fill():
        till, later = Till(world), DAY + dt.timedelta(30)
        first = till.owed(1_000, subject="House")
        receipt = till.posted(("cash", 600), receivable_id=first.id)
        values = {"actor": till.user("fay"), "now": at(day=later)}
        services.refund_money(
            receipt, receivable=first, amount=yuan(100), method=till.way("cash"), reason="x", **values
        )
        till.posted(("cash", 450), receivable_id=first.id, now=at(day=later))
        spare = till.posted(("transfer", 30), payer_name="?", now=at(day=later))
        services.match_receipt(spare, partner=till.session.get_one(Partner, world.partners["Wu"]), **values)
        return till.balances()

    held = run_in(world.one, fill)
    assert ("receivable" in held, held["advance"]) == (False, "-80.00")
    client = login("fay", world.one)
    found = rows(client, "payments.statement?period_from=2026-03-01&period_to=2026-03-31")
    assert [[*row[:3], *row[5:]] for row in found] == [
        ["Li", "2026-03-02", "Receivable", "1,000.00", "0.00", "1,000.00"],
        ["Li", "2026-03-02", "Receive", "0.00", "600.00", "400.00"],
    ]
    assert [row[4] for row in found] == ["House", "–"]  # What for.
    found = rows(client, "payments.statement?period_from=2026-04-01&period_to=2026-04-30")
    assert [[*row[:3], *row[5:]] for row in found] == [
        ["Li", "2026-04-01", "Opening balance", "0.00", "0.00", "400.00"],
        ["Li", "2026-04-01", "Refund", "-100.00", "-100.00", "400.00"],
        ["Li", "2026-04-01", "Receive", "0.00", "450.00", "-50.00"],
        ["Wu", "2026-04-01", "Match", "0.00", "30.00", "-30.00"],
    ]


def test_a_word_is_worded_as_its_own_screen_means_it(login, world, run_in):
    """“Receive” is a reception's button and a posting of money; each add-on translates it for itself."""
    run_in(world.one, lambda: Till(world).posted(("cash", 100)) and None)
    client = login("fay", world.one)
    client.get("/lang/zh")
    for address in ("/payments/posting/list/", "/reports/payments.cash_report?period_from=&period_to="):
        page = client.get(address).text
        assert ("收款" in page.partition("<tbody>")[2], "开始接待" in page) == (True, False), address


@pytest.mark.rule("P:COR-02")
def test_whoever_signs_reads_the_reason_and_the_history_no_machine_words(login, world, run_in):
    def ask():
        till = Till(world)
        receipt = till.posted(("cash", 15_000), partner_id=world.partners["Li"])
        values = {"amount": yuan("1234.50"), "method": till.way("cash"), "reason": "The buyer was ill", "now": at()}
        services.refund_money(receipt, actor=till.user("abe"), **values)
        return receipt.id

    run_in(world.one, lambda: put_under_chain(Till(world), "payments.Receipt", "refund", above=1_000))
    receipt_id = run_in(world.one, ask)
    client = login("fay", world.one)
    page = client.get("/approvals/approvaltask/show/1").text
    places = [page.index(text) for text in ("The buyer was ill", "1,234.50", "15,000")]
    assert places == sorted(places)  # What is asked for stands before what the receipt says.
    assert client.post("/api/v1/approvals/approvaltask/1/agree", json={"opinion": "Fine"}).status_code == 200
    shown = client.get(f"{RECEIPTS}/activity/{receipt_id}").text
    assert ("Terms hash" in shown, "The buyer was ill" in shown) == (False, True)


@pytest.mark.rule("S:CORE-09")
def test_a_chain_tells_the_amount_of_a_refund_from_that_of_its_receipt(world):
    from app.workflow.facts import facts_of

    with world.app.test_request_context():
        flow = world.app.extensions["workflows"]["payments.Receipt"]
        facts = facts_of(flow, flow.transitions["refund"])
        assert (str(facts["amount"].label), str(facts["asked.amount"].label)) == ("Amount", "Refund · Amount")
        for workflow in world.app.extensions["workflows"].values():
            for transition in workflow.transitions.values():
                labels = [str(fact.label) for fact in facts_of(workflow, transition).values()]
                assert len(set(labels)) == len(labels), (workflow.resource, transition.name, sorted(labels))
