"""Contracts on the screen, over REST and in reports."""

import datetime as dt
import io
import re

import pytest

from tests.addons.contracts.office import CLAUSES, DAY, SHANGHAI, Office, at
from tests.addons.contracts.papers import PDF, changed, word
from tests.addons.contracts.test_signing import PLAN

pytestmark = pytest.mark.by_turns

CONTRACTS = "/contracts/contract"


def rows(client, address):
    """Return the cells of a report's rows."""
    body = client.get(f"/reports/{address}").text.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td.*?</td>", row, re.DOTALL) for row in body.split("</tr>")]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells if row]


@pytest.mark.rule("P:CON-02")
def test_the_officer_uploads_a_template_and_a_hostile_one_keeps_nothing(login, world, run_in):
    client = login("olga", world.one)
    made = client.post("/contracts/template/add", data={"name": "House", "valid_from": "2026-01-01"})
    key = re.search(r"(\d+)$", made.location)[1]
    address = f"/attachments/contracts.Template/{key}"

    def send(content, name="house.docx"):
        return client.post(address, data={"file": (io.BytesIO(content), name)}, follow_redirects=True).text

    assert "There is no field “price_of_gold”" in send(word("{{ price_of_gold }}"))
    assert "“house.docx” carries macros" in send(changed(word(), "word/vbaProject.bin", b"macro"))
    assert "it is damaged, or a file of another type" in send(word()[:3000])
    assert "A template is a Word file" in send(PDF, "house.pdf")
    assert "attached its Word file" not in client.post(f"/contracts/template/transition/put_in_force/{key}").text
    assert client.get(f"/api/v1/attachments/contracts.Template/{key}").json["result"] == []
    send(word())
    assert "data-changes-record" in client.get(f"/contracts/template/show/{key}").text  # Read anew after a file.
    assert client.post(f"/contracts/template/transition/put_in_force/{key}").status_code == 302
    page = client.get(f"/contracts/sample/?template={key}").text
    assert "甲方：云栖置业有限公司" in page
    assert "{{ delivery_date }}" in page


@pytest.mark.rule("P:CON-01", "S:CON-03")
def test_a_contract_goes_its_way_on_pages_and_rest(login, world, run_in):
    template = run_in(world.one, lambda: Office(world).template().id)
    sam = login("sam", world.one)
    today = dt.datetime.now(SHANGHAI).date()
    form = {
        "template_id": template, "partner_id": world.partners["Li"], "subject": "Flat 301", "quantity": "89.5",
        "unit": "m2", "unit_price": "9000", "delivery_date": str(today + dt.timedelta(90)), **CLAUSES,
    }  # fmt: skip
    refused = sam.post(f"{CONTRACTS}/add", data={**form, "amount": "1"})
    assert refused.status_code == 422
    assert "805,500.00" in refused.text
    assert "Flat 301" in refused.text
    made = sam.post(f"{CONTRACTS}/add", data=form)
    key = re.search(r"(\d+)$", made.location)[1]
    for step in ("confirm_read", "submit"):
        assert sam.post(f"{CONTRACTS}/transition/{step}/{key}").status_code == 302
    assert sam.post(f"{CONTRACTS}/transition/approve/{key}", data={"opinion": "Me"}).status_code == 403
    for name in ("lex", "fin"):
        client = login(name, world.one)
        for review in client.get("/api/v1/contracts/review/").json["ids"]:
            client.post(f"/api/v1/contracts/review/{review}/agree", json={"opinion": "Fine"})
    leo = login("leo", world.one)
    assert leo.post(f"/api/v1/contracts/contract/{key}/approve", json={"opinion": "Good"}).status_code == 200
    signing = {"signed_on": str(today), "sign_mode": "by_post", "copies": 2, "sealed": True}
    answer = sam.post(f"/api/v1/contracts/contract/{key}/sign", json=signing)
    assert (answer.status_code, answer.json["error"]) == (422, "contract.scan")
    sent = sam.post(f"/api/v1/attachments/contracts.Contract/{key}", data={"file": (io.BytesIO(PDF), "s.pdf")})
    assert sent.status_code == 201
    assert sam.post(f"/api/v1/contracts/contract/{key}/sign", json=signing).status_code == 200
    page = sam.get(f"{CONTRACTS}/show/{key}").text
    assert f"HT{today.year}-0001" in page
    assert "805,500.00" in page
    files = sam.get(f"/api/v1/attachments/contracts.Contract/{key}").json["result"]
    assert [one["name"] for one in files] == ["Flat 301 v1.docx", "s.pdf"]
    for one in files:  # Both belong to the locked version.
        kept = sam.delete(f"/api/v1/attachments/{one['id']}", json={"reason": "tidy up"})
        assert (kept.status_code, kept.json["error"]) == (409, "contract.file")


@pytest.mark.rule("P:CON-04")
def test_the_text_is_read_and_two_versions_are_compared(login, world, run_in):
    from addons.contracts import services
    from addons.contracts.queries import open_reviews

    def fill():
        office = Office(world)
        contract = office.submitted()
        legal = open_reviews(contract)[0]
        person = office.user("lex" if legal.kind.value == "legal" else "fin")
        services.give_back_review(legal, actor=person, reason="More", now=at())
        services.update_contract(contract, actor=office.user("sam"), breach_terms="每日万分之八")
        office.submit(contract)
        return contract.id

    key = run_in(world.one, fill)
    sam = login("sam", world.one)
    assert "每日万分之八" in sam.get(f"/contracts/reading/?contract={key}").text
    page = sam.get(f"/contracts/reading/?contract={key}&left=1&right=2").text
    assert "<del>五</del>" in page
    assert "<ins>八</ins>" in page
    review = max(login("lex", world.one).get("/api/v1/contracts/review/").json["ids"])
    page = login("lex", world.one).get(f"/contracts/review/show/{review}").text
    assert f"/contracts/reading/?contract={key}&amp;right=2&amp;left=1" in page  # The reviewer sees what has changed.
    assert "每日" not in login("sue", world.one).get(f"/contracts/reading/?contract={key}").text
    for nonsense in ("x", "0", "99999999999999999999"):
        assert sam.get(f"/contracts/reading/?contract={nonsense}&left=1").status_code == 200


@pytest.mark.rule("P:CON-10", "P:RP-08", "S:R-07", "S:R-43")
def test_the_reports_tell_late_contracts_the_execution_rate_and_who_was_kept(login, world, run_in):
    before = DAY - dt.timedelta(10)

    def fill():
        from addons.contracts import services

        office = Office(world)
        template_id = office.template().id
        first = office.draft(100_000, template_id=template_id, doc_date=before)
        office.submit(first, now=at(before))
        office.approve(first, now=at(before))
        office.scan(first, now=at(before, "11:00"))
        office.sign(first, now=at(before, "12:00"), signed_on=before)
        late = office.signed(800_000, template_id=template_id, plan=PLAN)
        office.signed(
            50_000, template_id=template_id, partner_id=world.partners["Wu"], delivery_date=dt.date(2099, 1, 1)
        )
        office.pay(late.plan[0].receivable_id, 20_000)
        duty = services.create_obligation(actor=office.user("sam"), contract_id=late.id, title="Registered", due_on=DAY)
        services.perform_obligation(duty, actor=office.user("sam"), evidence="No. 7", now=at())
        services.report_incident(actor=office.user("sam"), contract_id=late.id, what_happened="Flooded", now=at())

    run_in(world.one, fill)
    client = login("mia", world.one)
    ledger = rows(client, "contracts.ledger")
    assert [row[0] for row in ledger] == ["HT2026-0001", "HT2026-0002", "HT2026-0003"]
    assert [row[9] for row in ledger].count("Yes") == 2  # Delivery and the mortgage were due in spring.
    assert ledger[1][3:9] == ["800,000.00", "2026-03-02", "50.00%", "20,000.00", "780,000.00", "1"]
    rate = rows(client, "contracts.execution_rate?period_from=2026-03-01&period_to=2026-04-30")
    assert rate == [["Sam", "3", "1", "33.33%"]]
    kept = rows(client, "contracts.signed_and_kept?period_from=2026-03-01&period_to=2026-03-28")
    assert kept[0] == ["Sam", "2", "850,000.00", "1", "1", "100.00%"]


@pytest.mark.parametrize(
    "address",
    [
        *(f"/contracts/{name}/list/" for name in ("contract", "template", "review", "obligation", "incident")),
        *("/contracts/supplement/list/", "/contracts/party/list/", "/contracts/sample/", "/contracts/reading/"),
    ],
)
def test_every_screen_opens(login, world, address):
    assert login("mia", world.one).get(address).status_code == 200


@pytest.mark.rule("S:CON-04")
def test_three_contracts_and_a_supplement_of_one_customer_and_year_are_found(login, world, run_in):
    def fill():
        from addons.contracts import services

        office, days = Office(world), [dt.date(2025, month, 1) for month in (1, 6, 12)]
        first = office.signed()
        contracts = [first, *(office.signed(template_id=first.template_id) for _more in range(4))]
        for contract, day in zip(contracts, days, strict=False):
            contract.signed_on = day
        contracts[4].signed_on, contracts[4].partner_id = days[1], world.partners["Wu"]
        values = {"actor": office.user("sam"), "subject": "Garage", "text": "A garage comes along."}
        supplement = services.create_supplement(contract_id=contracts[0].id, **values)
        services.create_supplement(contract_id=contracts[3].id, **values)
        services.sign_supplement(supplement, actor=office.user("sam"), signed_on=dt.date(2025, 12, 31), now=at())
        return [contract.number for contract in contracts[:3]]

    numbers = run_in(world.one, fill)
    client = login("olga", world.one)
    asked = f"_flt_0_partner_id={world.partners['Li']}&_flt_1_signed_on=2025-01-01&_flt_2_signed_on=2025-12-31"
    listed = client.get(f"{CONTRACTS}/list/?{asked}").text.partition("<tbody>")[2]
    assert sorted(set(re.findall(r"HT\d{4}-\d{4}", listed))) == numbers
    listed = client.get(f"/contracts/supplement/list/?{asked}").text.partition("<tbody>")[2]
    assert len(set(re.findall(r"BC\d{4}-\d{4}", listed))) == 1
