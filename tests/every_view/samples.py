"""Values that a view takes, made from what it says about itself over REST."""

import datetime as dt
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from tests.every_view.steps import STEPS, first, take
from tests.every_view.views import page, rest

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
PHONE = 13_800_000_000
WORD = "T"  # Begins the texts of samples.
ABROAD = "Ǫ"  # Begins the texts of company two: whoever reads it in company one sees too much.
SCORES = ("volume_score", "frequency_score", "potential_score", "loyalty_score")
# Fields that a view does not require, but without which its service makes no record.
ALSO = {
    "reception.Customer": ("phone", "intent", "notice_given", *SCORES),
    "reception.Reception": ("phone", "visitor_name", "source_id", "need"),
    "reception.Inquiry": ("phone", "visitor_name", "source_id", "need"),
    "market.Order": ("phone", "keeper_id", "lines"),
    "orders.PriceList": ("valid_to", "lines"),
    "orders.Quotation": ("partner_id", "lines"),
    "orders.Reservation": ("partner_id", "lines", "deposit"),
    "orders.DiscountRequest": ("reservation_id", "lines"),
    "orders.Order": ("partner_id", "lines"),
    "orders.ReturnOrder": ("order_id", "handed_over_on", "lines"),
    "orders.InvoiceRequest": ("order_id", "amount"),
    "orders.OrderChange": ("order_id", "lines"),
    "orders.RequiredPaper": ("product_id", "paper"),
    "orders.SaleRecord": ("sold_on",),
    "contracts.Contract": ("amount", "delivery_date"),
    "channels.ChatChannel": ("new_web_hook",),
    "masterdata.Product": ("category_id",),
    "payments.Receipt": ("partner_id", "lines"),
    "payments.Receivable": ("due_on",),
}
BY_NAME = {"factor": "2", "exponent": "2", "rate": "0.13", "day": "2026-05-{number:02}", "notice_given": "y"}
BY_FIELD = {
    ("reception.Category", "code"): "00{number}",
    ("payments.Receivable", "amount"): "{number}00",
    ("payments.Invoice", "amount"): "1",
    ("payments.BadDebt", "amount"): "1",
    ("payments.Shift", "opening"): "0",
    ("orders.PriceList", "valid_from"): "2020-03-{number:02}",
    ("orders.PriceList", "valid_to"): "2020-03-{number:02}",
    ("orders.Order", "promised_on"): "2099-03-{number:02}",
    ("orders.ReturnOrder", "handed_over_on"): "{today}",
    ("orders.InvoiceRequest", "amount"): "1",
    ("orders.SaleRecord", "quantity"): "1",
    ("orders.SaleRecord", "unit_price"): "{number}",
    ("orders.SaleRecord", "total"): "{number}",
    ("contracts.Contract", "delivery_date"): "2099-03-{number:02}",
    ("payments.Receivable", "due_on"): "2020-01-0{number}",  # Long enough ago to be given up.
    ("contracts.Obligation", "due_on"): "2099-03-{number:02}",
    ("approvals.ApprovalDeputy", "first_day"): "2099-03-{number:02}",
    ("approvals.ApprovalDeputy", "last_day"): "2099-03-{number:02}",
    ("agreements.AgreementVersion", "valid_from"): "2099-01-0{number}",  # Nobody is asked to sign it yet.
    ("agreements.DataShare", "valid_from"): "2026-04-0{number}",  # Later than the agreement.
    ("agreements.DataShare", "valid_to"): "2026-05-0{number}",
    ("parameters.RuleSet", "code"): "rules_{number}",
    ("channels.ChatChannel", "new_web_hook"): "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={number}",
    ("reception.SmsGateway", "address"): "https://sms.example.com/{number}",
    ("reception.SmsGateway", "body_template"): "to=$phone&text=$text",
}


class Own(NamedTuple):
    """A record that a sample points at and no other one may: `fields` tell it from its like, `steps` follow.

    Where the field points at what comes with the record, as a partner with a customer, that is `searched` for.
    """

    target: str
    fields: tuple[str, ...]
    steps: bool = False
    searched: bool = False


OWN = {
    ("reception.Negotiation", "customer_id"): Own("reception.Customer", ("phone",), steps=True),
    ("payments.Shift", "place_id"): Own("payments.Place", ("name",)),
    ("orders.DiscountRequest", "reservation_id"): Own("orders.Reservation", ("note",)),
    ("orders.CustomerTerms", "partner_id"): Own("reception.Customer", ("phone", "name"), searched=True),
    ("contracts.Party", "contract_id"): Own("contracts.Contract", ("note",)),
    ("contracts.Party", "partner_id"): Own("reception.Customer", ("phone", "name"), searched=True),
}
# What is typed into the combobox of a field, so that what is chosen binds somebody (it has a number) or can sign.
TYPED = {
    ("approvals.ApprovalDeputy", "deputy_id"): "Root",
    ("payments.Receipt", "receivable_id"): "YS",
    ("payments.BadDebt", "receivable_id"): "YS",
    ("payments.Invoice", "receivable_id"): "YS",
    ("orders.ReturnOrder", "order_id"): "SO",
    ("orders.InvoiceRequest", "order_id"): "SO",
    ("orders.OrderChange", "order_id"): "SO",
    ("contracts.Obligation", "contract_id"): "HT",
    ("contracts.Incident", "contract_id"): "HT",
    ("contracts.Supplement", "contract_id"): "HT",
}
# What a line of each view says; a name in braces is the first record of that view.
LINES: dict[str, dict[str, Any]] = {
    "payments.Receipt": {"method_id": "{payments.Method}", "amount": "{number}"},
    "orders.PriceList": {"product_id": "{masterdata.Product}", "price": "10"},
    "orders.Quotation": {"product_id": "{masterdata.Product}", "quantity": "{number}"},
    "orders.Reservation": {"product_id": "{masterdata.Product}", "quantity": "100"},
    "orders.DiscountRequest": {"kind": "percent", "value": "{number}"},
    "orders.Order": {"product_id": "{masterdata.Product}", "quantity": "100"},
    "orders.ReturnOrder": {"product_id": "{masterdata.Product}", "quantity": "1"},
    "orders.OrderChange": {"product_id": "{masterdata.Product}", "quantity": "1{number:02}"},
    "market.Order": {"item": "{word}hing {number}", "quantity": 1},
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# What makes the records of views that people write into by no form of theirs: pages and what they are sent.
PAGES = {
    "companies.Viewing": (
        ("/companies/viewas/begin", {"username": "eve", "reason": "{word}he list looks odd"}),
        ("/viewing/end", {}),
    ),
    "agreements.Signature": (
        (
            "/agreements/paper/record",
            {"username": "eve", "signed_on": "2026-03-02", "agreement": "{agreements_version}", "file": PDF},
        ),
    ),
}
PHONES = count(PHONE + 1_000)


@cache
def described(client: FlaskClient, resource: str, kind: str = "add_columns") -> list[dict[str, Any]]:
    """Return the fields of the form of a view, which are the same as long as its app runs."""
    answer = client.get(f"{rest(resource)}/_info")
    assert answer.status_code == 200, answer.text
    return answer.json[kind]


def values(client: FlaskClient, resource: str, number: int, word: str = WORD) -> dict[str, Any]:
    """Return a body for the create address; two numbers give two different records. `word` begins every text."""
    wanted = ALSO.get(resource, ())
    fields = [one for one in described(client, resource) if one["required"] or one["name"] in wanted]
    return {one["name"]: _value(client, resource, one, number, word) for one in fields}


def make(
    client: FlaskClient,
    resource: str,
    body: dict[str, Any],
    *,
    steps: bool = True,
    colleague: FlaskClient | None = None,
) -> int:
    """Create a record, and take the steps that make records of other views of it; return its id."""
    answer = client.post(f"{rest(resource)}/", json=body)
    assert answer.status_code == 201, f"{resource}: {body}: {answer.text}"
    key: int = answer.json["id"]
    take(client, resource, key, STEPS.get(resource, ()) if steps else (), colleague)
    return key


def _line(client: FlaskClient, resource: str, number: int, word: str) -> dict[str, Any]:
    said = {name: first(client, value) for name, value in LINES[resource].items()}
    return {name: _filled(value, number, word) for name, value in said.items()}


def _filled(value: Any, number: int, word: str) -> Any:
    return (
        value.format(number=number, word=word, today=dt.datetime.now(SHANGHAI).date())
        if isinstance(value, str)
        else value
    )


def _value(client: FlaskClient, resource: str, field: dict[str, Any], number: int, word: str) -> Any:
    name, kind = field["name"], field["type"]
    if fixed := BY_FIELD.get((resource, name)) or BY_NAME.get(name):
        return _filled(fixed, number, word)
    match kind:
        case "ParsedField":
            return str(PHONE + number)
        case "DayField":
            return f"2026-03-{number:02}"
        case "InstantField":
            return f"2026-03-02T10:{number:02}"
        case "WholeNumberField" | "DecimalField":
            return str(number)
        case "ReferenceField":
            return str(_referred(client, resource, name, word))
        case "ChoiceField" | "OptionField":
            return next(value for value, _label in field["choices"] if value)
        case "FlagField":
            return False
        case "LinesField":
            return [_line(client, resource, number, word)]
        case _:
            return f"{word}{number}"


def _referred(client: FlaskClient, resource: str, name: str, word: str) -> int:
    typed = TYPED.get((resource, name), "")
    if own := OWN.get((resource, name)):
        typed = str(next(PHONES))
        made = make(
            client,
            own.target,
            {**values(client, own.target, 1, word), **dict.fromkeys(own.fields, typed)},
            steps=own.steps,
        )
        if not own.searched:
            return made
    offered = client.get(f"{page(resource)}/lookup/{name}?q={typed}").json
    found: int = offered[0]["id"]
    return found


def as_form(body: dict[str, Any]) -> dict[str, str]:
    """Return a body as a page would post it."""
    found = {}
    for name, value in body.items():
        if isinstance(value, list):
            found |= {f"{name}-{at}-{key}": str(inner) for at, row in enumerate(value) for key, inner in row.items()}
        elif value is not False:
            found[name] = str(value)
    return found
