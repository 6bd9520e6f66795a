"""The steps that samples take after they are made, so that other views have records and steps have where to begin."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from tests.every_view.views import rest

RESOURCE = re.compile(r"\{(\w+\.\w+)\}")


class Step(NamedTuple):
    """A transition with what its dialog asks for; nobody checks his own document, so a colleague does."""

    name: str
    dialog: Mapping[str, Any] = MappingProxyType({})
    by_colleague: bool = False


STEPS: dict[str, tuple[Step, ...]] = {
    "channels.ChatChannel": (Step("try_out"),),
    "payments.Receivable": (Step("open"),),
    "payments.Receipt": (
        Step("post"),
        Step("refund", {"amount": "1", "method": "{payments.Method}", "reason": "Too much"}),
    ),
    "reception.Customer": (
        Step("submit"),
        Step("register"),
        Step("follow_up", {"method": "phone", "note": "Talked about the price."}),
        Step("propose_grade"),
        Step("send_sms", {"text": "It is ready."}),
    ),
    "orders.Order": (
        Step("submit"),
        Step("audit", by_colleague=True),
        Step("check", {"check": "stock", "passed": True}),
        Step("audit_finance", by_colleague=True),
        Step("confirm"),
        Step("release"),
        Step("ship"),
        Step("deliver", {"line_number": 1, "quantity": "50"}),
    ),
}


def take(client: FlaskClient, resource: str, key: int, steps: tuple[Step, ...], colleague: FlaskClient | None) -> None:
    """Take steps of one record."""
    for step in steps:
        actor = colleague if step.by_colleague else client
        assert actor is not None, f"{resource}: {step.name} takes a colleague"
        filled = {name: first(client, value) for name, value in step.dialog.items()}
        done = actor.post(f"{rest(resource)}/{key}/{step.name}", json=filled)
        assert done.status_code == 200, f"{resource}: {step.name}: {done.text}"


def first(client: FlaskClient, value: Any) -> Any:
    """Return a value; for '{payments.Method}', the id of the first record of that view."""
    named = RESOURCE.fullmatch(value) if isinstance(value, str) else None
    if named is None:
        return value
    return str(min(client.get(f"{rest(named[1])}/?q=(page_size:1000)").json["ids"]))
