"""What no form alone makes of the three sales add-ons: prices in force, contracts signed, deals agreed, bank lines."""

import datetime as dt
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from tests.addons.contracts.papers import word as word_file
from tests.every_view.samples import PDF, SHANGHAI, make, values
from tests.every_view.steps import Step, first, take
from tests.every_view.views import page, rest

CLAUSES = (
    *("parties", "content", "price_terms", "delivery_terms", "payment_terms", "after_sales_terms"),
    *("cooperation_terms", "seller_duties", "buyer_duties", "breach_terms"),
)
SUBMITTING = (Step("confirm_read"), Step("submit"))


def approve_prices(client: FlaskClient, colleague: FlaskClient, word: str) -> None:
    """Put a price list in force that prices today."""
    days = {"valid_from": "2021-01-01", "valid_to": None}
    key = make(client, "orders.PriceList", {**values(client, "orders.PriceList", 20, word), **days})
    take(client, "orders.PriceList", key, (Step("approve", by_colleague=True),), colleague)


def miss_goods(client: FlaskClient, colleague: FlaskClient, word: str) -> None:
    """Note for several orders that goods are missing; they wait for a date."""
    for number in (21, 22, 23):
        key = make(client, "orders.Order", values(client, "orders.Order", number, word), steps=False)
        take(client, "orders.Order", key, (Step("submit"), Step("note_shortage", {"missing": "1"})), colleague)


def put_templates_in_force(client: FlaskClient, colleague: FlaskClient, word: str) -> None:
    """Attach the Word files of the templates; contracts can be made of them then."""
    for key in client.get(f"{rest('contracts.Template')}/").json["ids"]:
        _attach(client, "contracts.Template", key, "house.docx", word_file("{{ buyer }}", "{{ breach_terms }}"))
        take(client, "contracts.Template", key, (Step("put_in_force"),), colleague)


def sign_contract(client: FlaskClient, colleague: FlaskClient, word: str) -> None:
    """Bring one contract to its signature, and leave another one with its reviewers."""
    signed, waiting = (_submit(client, number, word) for number in (21, 22))
    for key in client.get(f"{rest('contracts.Review')}/?q=(page_size:100)").json["ids"]:
        review = client.get(f"{rest('contracts.Review')}/{key}").json["result"]
        if review["contract"]["id"] == signed:
            agreed = colleague.post(f"{rest('contracts.Review')}/{key}/agree", json={"opinion": f"{word}rue"})
            assert agreed.status_code == 200, agreed.text
    assert waiting != signed
    take(client, "contracts.Contract", signed, (Step("approve", {"opinion": "Good"}, by_colleague=True),), colleague)
    _attach(client, "contracts.Contract", signed, "scan.pdf", PDF)
    today = str(dt.datetime.now(SHANGHAI).date())
    signing = {"signed_on": today, "sign_mode": "face_to_face", "copies": 2, "sealed": True}
    take(client, "contracts.Contract", signed, (Step("sign", signing),), colleague)


def _submit(client: FlaskClient, number: int, word: str) -> int:
    clauses = dict.fromkeys(CLAUSES, f"{word}erms")
    key = make(client, "contracts.Contract", {**values(client, "contracts.Contract", number, word), **clauses})
    take(client, "contracts.Contract", key, SUBMITTING, None)
    return key


def win_deal(client: FlaskClient, colleague: FlaskClient, word: str) -> None:
    """Agree on a deal, which waits to be entered."""
    key = make(client, "reception.Negotiation", values(client, "reception.Negotiation", 20, word))
    take(client, "reception.Negotiation", key, (Step("win"),), colleague)


def send_bank_statements(client: FlaskClient, colleague: FlaskClient, word: str) -> None:
    """Take in one statement with three lines, and leave another one as a draft."""
    place = make(client, "payments.Place", {"name": f"{word} bank", "kind": "bank_account"})
    for number in (1, 2):
        _send(client, place, number, word)
    statement = int(first(client, "{payments.BankStatement}"))
    take(client, "payments.BankStatement", statement, (Step("take_in"),), colleague)


def _send(client: FlaskClient, place: int, statement: int, word: str) -> None:
    rows = [f"2026-03-0{day},{day},{word}hey,{statement}-{day},{word}hanks" for day in (1, 2, 3)]
    sheet = "\n".join(["交易日期,交易金额,对方户名,流水号,摘要", *rows]).encode()
    sent = {"place": str(place), "file": (BytesIO(sheet), f"{word}{statement}.csv")}
    done = client.post(f"{page('payments.BankImport')}/send", data=sent, content_type="multipart/form-data")
    assert done.status_code == 302, done.text


def _attach(client: FlaskClient, resource: str, key: int, name: str, content: bytes) -> None:
    sent: dict[str, Any] = {"file": (BytesIO(content), name)}
    done = client.post(f"/api/v1/attachments/{resource}/{key}", data=sent, content_type="multipart/form-data")
    assert done.status_code == 201, done.text


# After the samples of which view each of them is done: those of other views need it.
AFTERWARDS = {
    "orders.PriceList": approve_prices,
    "orders.Order": miss_goods,
    "contracts.Template": put_templates_in_force,
    "contracts.Contract": sign_contract,
    "reception.Negotiation": win_deal,
    "payments.Place": send_bank_statements,
}
