"""T1 and T2 of the policies over REST: each role with its own log-in, on the days of the text."""

import datetime as dt
import io
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests import clock as clocks
from tests.addons.contracts.papers import PDF
from tests.databases import KINDS, Database, furnished
from tests.scenarios.deal_office import ID_NO, MONDAY, THURSDAY, TUESDAY, make_deal_office
from tests.world import PASSWORD


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with both companies in it."""
    addons = ["reception", "payments", "orders", "contracts"]
    with furnished(request.param, tmp_path_factory, "deal", make_deal_office, addons=addons) as made:
        yield made


@pytest.fixture
def world(database: Database) -> Iterator[SimpleNamespace]:
    """A fresh copy: the story commits."""
    database.forget()
    database.restore()
    yield SimpleNamespace(app=database.app, **database.facts)
    database.forget()
    database.restore()


class Desk:
    """The REST of the company as its people use it; each request of a person is one of that person's log-in."""

    def __init__(self, world: SimpleNamespace, clock: clocks.Clock) -> None:
        self.world, self.clock = world, clock
        self._clients: dict[tuple[str, dt.date], object] = {}

    def at(self, day: dt.date, clock: str) -> None:
        """Make it that time."""
        self.clock.set(day, clock)

    def client(self, name: str):
        """Return the day's log-in of a person."""
        key = (name, self.clock.now.date())
        if key not in self._clients:
            client = self._clients[key] = self.world.app.test_client()
            assert client.post("/login/", data={"username": name, "password": PASSWORD}).status_code == 302
        return self._clients[key]

    def get(self, name: str, address: str):
        """Read something; return what was answered."""
        answer = self.client(name).get(f"/api/v1/{address}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, name: str, address: str, /, **values):
        """Make or do something that is not refused; return what was answered."""
        answer = self.client(name).post(f"/api/v1/{address}", json=values)
        assert answer.status_code in (200, 201), f"{name} {address}: {answer.text}"
        return answer.json

    def refused(self, name: str, address: str, /, **values):
        """Try to make or do something; return the refusal's code and its data."""
        answer = self.client(name).post(f"/api/v1/{address}", json=values)
        assert answer.status_code in (403, 409, 422), f"{name} {address}: {answer.status_code} {answer.text}"
        return answer.json

    def attach(self, name: str, resource: str, key: int, file: str) -> None:
        """Attach a PDF."""
        sent = {"file": (io.BytesIO(PDF), file)}
        assert self.client(name).post(f"/api/v1/attachments/{resource}/{key}", data=sent).status_code == 201


@pytest.fixture
def desk(world, monkeypatch) -> Desk:
    """Everybody at work."""
    clock = clocks.Clock()
    clocks.put_in_place(monkeypatch, clock)
    return Desk(world, clock)


def receive(desk):
    """Take T1's visitor from the door to the deal; return the ids of reception, file and round."""
    desk.at(MONDAY, "10:00")
    visitor = {"visitor_name": "赵先生", "phone": "13911110001", "source_id": "Visit"}
    visit = desk.post("sam", "reception/reception/", **visitor)["id"]
    desk.post("sam", f"reception/reception/{visit}/start")
    shown = desk.get("sam", f"reception/reception/{visit}")["result"]
    checks = [{**line, "done": True} for line in shown["checks"]]
    client = desk.client("sam")
    assert client.put(f"/api/v1/reception/reception/{visit}", json={"checks": checks}).status_code == 200
    desk.at(MONDAY, "10:30")
    desk.post("sam", f"reception/reception/{visit}/record")
    desk.post("sam", f"reception/reception/{visit}/assess", intent="A")
    file = desk.get("sam", f"reception/reception/{visit}")["result"]["customer"]["id"]
    assert client.put(f"/api/v1/reception/customer/{file}", json={"notice_given": True}).status_code == 200
    desk.post("sam", f"reception/customer/{file}/submit")
    desk.at(MONDAY, "11:00")
    desk.post("sue", f"reception/customer/{file}/register")
    desk.at(MONDAY, "13:00")
    desk.post("mar", f"reception/customer/{file}/confirm")
    desk.at(MONDAY, "14:00")
    talk = desk.post("sam", "reception/negotiation/", customer_id=file, topic="8-1203")["id"]
    desk.post("sam", f"reception/negotiation/{talk}/win")
    return visit, file, talk


def reserve(desk, world):
    """Write the reservation of the flat, ask for three per cent, and have four people sign; return form and request."""
    desk.at(MONDAY, "14:30")
    line = {"product_id": world.products["flat"], "item_id": world.item, "quantity": "89.50", "tax_included": True}
    partners = desk.get("sam", "masterdata/partner/")["result"]
    zhao = next(one["id"] for one in partners if one["name"] == "赵先生")
    body = {"partner_id": zhao, "deposit": "20000", "lines": [line]}
    form = desk.post("sam", "orders/reservation/", **body)
    assert form["result"]["gross"] == "805500.00"
    asked = {"reservation_id": form["id"], "lines": [{"kind": "percent", "value": "3"}]}
    request = desk.post("sue", "orders/discountrequest/", **asked)["id"]
    desk.post("sue", f"orders/discountrequest/{request}/submit")
    assert desk.refused("sam", f"orders/reservation/{form['id']}/sign")["error"] == "workflow.state"

    for name, clock in (("max", "15:00"), ("mia", "16:00")):
        desk.at(MONDAY, clock)
        (task,) = desk.get(name, "approvals/approvaltask/")["ids"]
        desk.post(name, f"approvals/approvaltask/{task}/agree", opinion="同意")
    shown = desk.get("guy", f"orders/discountrequest/{request}")["result"]
    assert (shown["state"], shown["forwarded_at"]) == ("deciding", "2026-03-02T08:00:00+00:00")  # 16:00 in Shanghai.
    desk.at(TUESDAY, "11:00")
    desk.post("guy", f"orders/discountrequest/{request}/approve", opinion="同意")
    return form["id"], request


def pay_deposit(desk, world, receivable):
    """Take the deposit at the cashier, whole and not a yuan less; return the receipt."""
    payer = {"receivable_id": receivable, "id_no": ID_NO, "id_valid_to": "2030-01-01"}

    def tender(*amounts):
        return {"lines": [{"method_id": world.methods[name], "amount": amount} for name, amount in amounts]}

    short = desk.post("cai", "payments/receipt/", **payer, **tender(("POS", "19999")))["id"]
    refusal = desk.refused("cai", f"payments/receipt/{short}/post")
    assert (refusal["error"], refusal["data"]["limit"]) == ("receipt.too_little", "20,000.00")
    assert desk.client("cai").delete(f"/api/v1/payments/receipt/{short}").status_code == 200
    receipt = desk.post("cai", "payments/receipt/", **payer, **tender(("Transfer", "8000"), ("POS", "12000")))["id"]
    return desk.post("cai", f"payments/receipt/{receipt}/post")


@pytest.mark.rule("P:CRM-04", "P:CRM-08", "P:PRI-03", "P:PRI-06", "P:PRI-07", "P:PRI-08", "P:ORD-01", "P:ORD-02")
@pytest.mark.rule("P:PAY-01", "P:CON-01", "P:CON-04", "P:CON-06", "P:CON-08")
def test_t1_from_the_door_to_the_archive(desk, world):
    _visit, file, _talk = receive(desk)
    form, request = reserve(desk, world)

    shown = desk.get("sue", f"orders/discountrequest/{request}")["result"]
    assert (shown["state"], shown["granted_net"]) == ("issued", "781335.00")
    assert (shown["forwarded_late"], shown["issued_late"]) == (0, 0)
    assert shown["issued_at"] == "2026-03-03T03:00:00+00:00"
    desk.at(TUESDAY, "14:00")
    signed = desk.post("sam", f"orders/reservation/{form}/sign")["result"]
    assert (signed["number"], signed["gross"], signed["state"]) == ("RS2026-0001", "781335.00", "signed")
    (asked,) = desk.get("cai", "payments/receivable/")["result"]
    assert (asked["kind"], asked["amount"]) == ("deposit", "20000.00")
    receipt = pay_deposit(desk, world, asked["id"])
    assert receipt["result"]["number"] == "SJ2026-0001"
    assert desk.get("sam", f"orders/reservation/{form}")["result"]["state"] == "deposit_paid"

    contract = sign_contract(desk)
    assert desk.get("sam", f"orders/reservation/{form}")["result"]["state"] == "contracted"
    assert desk.get("css", f"reception/customer/{file}")["result"]["custodian"]["title"] == "Css"
    balance = next(one for one in desk.get("cai", "payments/receivable/")["result"] if one["state"] == "open")
    assert (balance["kind"], balance["amount"]) == ("balance", "761335.00")
    finish(desk, world, contract, balance["id"])

    trail = desk.get("ada", f"contracts/contract/{contract}/trail")["result"]
    assert [(one["resource"], one["state"], one["amount"]) for one in trail] == [
        ("reception.Reception", "assessed", None),
        ("reception.Customer", "converted", None),
        ("reception.Negotiation", "won", None),
        ("orders.Reservation", "contracted", "781335.00"),
        ("orders.DiscountRequest", "issued", None),
        ("contracts.Contract", "archived", "781335.00"),
        ("payments.Receivable", "settled", "20000.00"),
        ("payments.Receipt", "posted", "20000.00"),
        ("payments.Receivable", "settled", "761335.00"),
        ("payments.Receipt", "posted", "761335.00"),
    ]


def sign_contract(desk):
    """Have the drafted contract reviewed, approved and signed on the fifth; return its id."""
    (contract,) = desk.get("sam", "contracts/contract/")["ids"]
    address = f"contracts/contract/{contract}"
    client = desk.client("sam")
    assert client.put(f"/api/v1/{address}", json={"delivery_date": "2026-06-30"}).status_code == 200
    assert desk.refused("sam", f"{address}/submit")["error"] == "contract.unread"
    desk.post("sam", f"{address}/confirm_read")
    desk.post("sam", f"{address}/submit")
    desk.at(THURSDAY, "10:00")
    for name, kind in (("lex", "legal"), ("fin", "finance")):
        found = desk.get(name, "contracts/review/")["result"]
        review = next(one["id"] for one in found if one["kind"] == kind)
        desk.post(name, f"contracts/review/{review}/agree", opinion="同意")
    signing = {"signed_on": "2026-03-05", "sign_mode": "face_to_face", "copies": 2, "sealed": True}
    assert desk.refused("sam", f"{address}/sign", **signing)["error"] == "workflow.state"  # Nobody has approved it.
    desk.post("guy", f"{address}/approve", opinion="同意签订")
    desk.attach("sam", "contracts.Contract", contract, "scan.pdf")
    signed = desk.post("sam", f"{address}/sign", **signing)["result"]
    assert (signed["number"], signed["amount"], signed["signed_on"]) == ("HT2026-0001", "781335.00", "2026-03-05")
    return contract


def finish(desk, world, contract, balance):
    """Pay the rest, hand the flat over, complete the contract and archive it."""
    address = f"contracts/contract/{contract}"
    lines = [{"method_id": world.methods["Transfer"], "amount": "761335"}]
    receipt = desk.post("cai", "payments/receipt/", receivable_id=balance, lines=lines)["id"]
    desk.post("cai", f"payments/receipt/{receipt}/post")
    assert desk.get("sam", address)["result"]["state"] == "performing"
    assert desk.refused("sam", f"{address}/complete")["error"] == "contract.open_obligations"
    duties = desk.get("sam", "contracts/obligation/")["result"]
    (delivery,) = [one["id"] for one in duties if one["state"] == "open"]
    desk.post("sam", f"contracts/obligation/{delivery}/perform", evidence="交接单 8-1203")
    desk.post("sam", f"{address}/complete")
    desk.post("cle", f"{address}/archive", place="档案室 A-3")


@pytest.mark.rule("P:PAY-01", "P:PIG-01", "P:PIG-02", "S:RE-04", "P:CON-01", "P:CRM-21")
def test_t2_the_contract_comes_first_and_the_deposit_is_at_least_thirty_per_cent(desk, world):
    """The farm has no front desk: whoever writes the contract enters the buyer."""
    desk.at(MONDAY, "09:00")
    buyer = desk.post("pia", "masterdata/partner/", name="李养殖", kind="person", phone="13911110002")["id"]
    refusal = desk.refused("pia", "masterdata/partner/", name="李先生", kind="person", phone="139 1111 0002")
    assert refusal["field"] == "phone"
    assert desk.get("pia", "masterdata/partner/")["count"] == 1
    plan = [
        {"kind": "deposit", "amount": "14999.99", "due_on": "2026-03-05"},
        {"kind": "balance", "amount": "35000.01", "due_on": "2026-03-10"},
    ]
    body = {
        "template_id": desk.get("pia", "contracts/template/")["ids"][0],
        "partner_id": buyer,
        "subject": "种猪 10 头",
        "quantity": "10",
        "unit": "头",
        "unit_price": "5000",
        "delivery_date": "2026-03-10",
        "plan": plan,
    }
    contract = desk.post("pia", "contracts/contract/", **body)
    assert contract["result"]["amount"] == "50000.00"
    address = f"contracts/contract/{contract['id']}"
    _approve_at_the_farm(desk, contract["id"])
    signing = {"signed_on": "2026-03-02", "sign_mode": "face_to_face", "copies": 2, "sealed": True}
    refusal = desk.refused("pia", f"{address}/sign", **signing)
    assert (refusal["error"], refusal["data"]["limit"]) == ("receivable.deposit_minimum", "15,000.00")
    assert desk.get("tom", "payments/receivable/")["count"] == 0

    desk.post("lea", f"{address}/give_back", reason="定金不足 30%")
    plan[0]["amount"], plan[1]["amount"] = "15000", "35000"
    assert desk.client("pia").put(f"/api/v1/{address}", json={"plan": plan}).status_code == 200
    _approve_at_the_farm(desk, contract["id"])
    assert desk.post("pia", f"{address}/sign", **signing)["result"]["number"] == "HT2026-0001"
    asked = desk.get("tom", "payments/receivable/")["result"]
    assert sorted((one["kind"], one["amount"]) for one in asked) == [("balance", "35000.00"), ("deposit", "15000.00")]
    deposit = next(one["id"] for one in asked if one["kind"] == "deposit")
    _pay_at_the_farm(desk, world, deposit)
    shown = desk.get("pia", address)["result"]
    assert shown["state"] == "performing"
    from addons.payments.models import Receivable
    from addons.payments.queries import ding_of
    from app.database.session import as_company, session

    with world.app.app_context(), as_company(world.two):
        receivable = session.get_one(Receivable, deposit)
        ding = ding_of(receivable).amount
        assert (ding, receivable.amount - ding) == (10_000, 5_000)


def _approve_at_the_farm(desk, contract):
    address = f"contracts/contract/{contract}"
    desk.post("pia", f"{address}/confirm_read")
    desk.post("pia", f"{address}/submit")
    for name, kind in (("vic", "legal"), ("fay", "finance")):
        found = desk.get(name, "contracts/review/")["result"]
        review = next(one["id"] for one in found if (one["kind"], one["state"]) == (kind, "pending"))
        desk.post(name, f"contracts/review/{review}/agree", opinion="同意")
    desk.post("lea", f"{address}/approve", opinion="同意")
    desk.attach("pia", "contracts.Contract", contract, "scan.pdf")


def _pay_at_the_farm(desk, world, deposit):
    """WeChat is refused, and so is a fen too little; cash is posted."""
    payer = {"receivable_id": deposit, "id_no": ID_NO, "id_valid_to": "2030-01-01"}
    for method, amount, code in (
        ("WeChat", "15000", "receipt.method"),
        ("Banknotes", "14999.99", "receipt.too_little"),
    ):
        lines = [{"method_id": world.farm_methods[method], "amount": amount}]
        receipt = desk.post("tom", "payments/receipt/", **payer, lines=lines)["id"]
        assert desk.refused("tom", f"payments/receipt/{receipt}/post")["error"] == code
        assert desk.get("tom", f"payments/receipt/{receipt}")["result"]["state"] == "draft"
        assert desk.client("tom").delete(f"/api/v1/payments/receipt/{receipt}").status_code == 200
    lines = [{"method_id": world.farm_methods["Banknotes"], "amount": "15000"}]
    receipt = desk.post("tom", "payments/receipt/", **payer, lines=lines)["id"]
    posted = desk.post("tom", f"payments/receipt/{receipt}/post")["result"]
    assert (posted["number"], posted["amount"], posted["settled"]) == ("SJ2026-0001", "15000.00", "15000.00")
