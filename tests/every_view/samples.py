"""Values that a view takes, made from what it says about itself over REST."""

from itertools import count
from typing import Any

from flask.testing import FlaskClient

from tests.every_view.views import page, rest

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
    "channels.ChatChannel": ("new_web_hook",),
    "masterdata.Product": ("category_id",),
    "payments.Receipt": ("partner_id", "lines"),
    "payments.Receivable": ("due_on",),
}
BY_NAME = {"factor": "2", "exponent": "2", "rate": "0.13", "day": "2026-05-{number:02}", "notice_given": "y"}
BY_FIELD = {
    ("reception.Category", "code"): "00{number}",
    ("payments.Receivable", "amount"): "{number}00",
    ("payments.Receivable", "due_on"): "2020-01-0{number}",  # Long enough ago to be given up.
    ("agreements.AgreementVersion", "valid_from"): "2099-01-0{number}",  # Nobody is asked to sign it yet.
    ("agreements.DataShare", "valid_from"): "2026-04-0{number}",  # Later than the agreement.
    ("agreements.DataShare", "valid_to"): "2026-05-0{number}",
    ("parameters.RuleSet", "code"): "rules_{number}",
    ("channels.ChatChannel", "new_web_hook"): "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={number}",
    ("reception.SmsGateway", "address"): "https://sms.example.com/{number}",
    ("reception.SmsGateway", "body_template"): "to=$phone&text=$text",
}
# Views of which no two records may point at one and the same: each sample gets one of its own.
OWN = {("reception.Negotiation", "customer_id"): "reception.Customer"}
# Fields for which the last record offered is chosen, because the first stands in another field.
LAST = {("approvals.ApprovalDeputy", "deputy_id")}
# Likewise, but each takes one of those that are there.
NTH = {("payments.Shift", "place_id")}
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
# What makes the records of views without an add form: steps of others, by name with what their dialog asks for.
STEPS: dict[str, dict[str, dict[str, Any]]] = {
    "channels.ChatChannel": {"try_out": {}},
    "payments.Receivable": {"open": {}},
    "payments.Receipt": {"post": {}, "refund": {"amount": "1", "method": "{payments.Method}", "reason": "Too much"}},
    "reception.Customer": {
        "submit": {},
        "register": {},
        "follow_up": {"method": "phone", "note": "Talked about the price."},
        "propose_grade": {},
        "send_sms": {"text": "It is ready."},
    },
}


def described(client: FlaskClient, resource: str, kind: str = "add_columns") -> list[dict[str, Any]]:
    """Return the fields of the form of a view."""
    answer = client.get(f"{rest(resource)}/_info")
    assert answer.status_code == 200, answer.text
    return answer.json[kind]


def values(client: FlaskClient, resource: str, number: int, word: str = WORD) -> dict[str, Any]:
    """Return a body for the create address; two numbers give two different records. `word` begins every text."""
    wanted = ALSO.get(resource, ())
    fields = [one for one in described(client, resource) if one["required"] or one["name"] in wanted]
    return {one["name"]: _value(client, resource, one, number, word) for one in fields}


def make(client: FlaskClient, resource: str, body: dict[str, Any]) -> int:
    """Create a record, and take the steps that make records of other views of it; return its id."""
    answer = client.post(f"{rest(resource)}/", json=body)
    assert answer.status_code == 201, f"{resource}: {body}: {answer.text}"
    key: int = answer.json["id"]
    for step, dialog in STEPS.get(resource, {}).items():
        filled = {name: _first(client, value) for name, value in dialog.items()}
        done = client.post(f"{rest(resource)}/{key}/{step}", json=filled)
        assert done.status_code == 200, f"{resource}: {step}: {done.text}"
    return key


def _line(client: FlaskClient, resource: str, number: int, word: str) -> dict[str, Any]:
    if resource == "payments.Receipt":
        return {"method_id": _first(client, "{payments.Method}"), "amount": str(number)}
    return {"item": f"{word}hing {number}", "quantity": 1}


def _first(client: FlaskClient, value: str) -> str:
    """Return a value; for '{payments.Method}', the id of the first record of that view."""
    if not value.startswith("{"):
        return value
    return str(min(client.get(f"{rest(value.strip('{}'))}/").json["ids"]))


def _value(client: FlaskClient, resource: str, field: dict[str, Any], number: int, word: str) -> Any:
    name, kind = field["name"], field["type"]
    if fixed := BY_FIELD.get((resource, name)) or BY_NAME.get(name):
        return fixed.format(number=number)
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
            return str(_referred(client, resource, name, word, number))
        case "ChoiceField" | "OptionField":
            return next(value for value, _label in field["choices"] if value)
        case "FlagField":
            return False
        case "LinesField":
            return [_line(client, resource, number, word)]
        case _:
            return f"{word}{number}"


def _referred(client: FlaskClient, resource: str, name: str, word: str, number: int) -> int:
    if target := OWN.get((resource, name)):
        return make(client, target, {**values(client, target, 1, word), "phone": str(next(PHONES))})
    offered = client.get(f"{page(resource)}/lookup/{name}").json
    at = -1 if (resource, name) in LAST else number - 1 if (resource, name) in NTH else 0
    found: int = offered[at]["id"]
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
