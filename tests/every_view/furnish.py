"""Records of every generated view, made through its REST."""

import datetime as dt
import re
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from tests.every_view.deals import AFTERWARDS
from tests.every_view.samples import PAGES, WORD, make, values
from tests.every_view.views import page, resources, rest
from tests.world import PASSWORD

RECORDS = 3  # of each view in each company
# What samples of other views cannot do without, though nothing in their forms points at it.
FOUNDATIONS = (
    *("masterdata.UnitOfMeasure", "masterdata.ProductCategory", "masterdata.Product"),
    *("reception.Customer", "payments.Receivable"),
    *("orders.PriceList", "orders.DispatchRule", "contracts.Template"),
)


def furnish(client: FlaskClient, colleague: FlaskClient, word: str = WORD) -> dict[str, list[int]]:
    """Make records of every view that has an add form, those that others point at first; return the ids of all.

    The colleague checks what nobody checks of his own.
    """
    _stay_at_home(client)
    _clean(client, "announcements.Announcement", word)
    waiting = list(dict.fromkeys([*FOUNDATIONS, *resources()]))
    for _round in range(5):
        still = [one for one in waiting if not _make(client, colleague, one, word)]
        if still == waiting:
            break
        waiting = still
    _keep_a_run(client)
    _ask_for_approval(client, word)
    _ask_for_changes(client, word)
    version = client.get(f"{rest('agreements.AgreementVersion')}/").json["ids"][0]
    for address, form in [sent for pages in PAGES.values() for sent in pages]:
        filled = {name: _filled(value, word=word, agreements_version=version) for name, value in form.items()}
        assert client.post(address, data=filled, content_type="multipart/form-data").status_code == 302, address
    found = {resource: client.get(f"{rest(resource)}/").json["ids"] for resource in resources()}
    found[
        "approvals.ApprovalFile"
    ].sort()  # As their tasks are: what is done to the last one leaves the first task open.
    empty = [resource for resource, ids in found.items() if not ids]
    assert not empty, f"{empty}: no record could be made, or none of {waiting}."
    return found


def _stay_at_home(client: FlaskClient) -> None:
    """Let messages to chats wait: the servers that they name are real ones."""
    decided = {"key": "core.online_features", "value": "sms", "valid_from": "2026-01-01"}
    assert client.post("/parameters/values/set", data=decided).status_code == 302


def _keep_a_run(client: FlaskClient) -> None:
    """Keep a report for the dual track, which nobody makes by a form."""
    decided = {"key": "core.dual_track", "value": "on", "valid_from": "2026-01-01"}
    assert client.post("/parameters/values/set", data=decided).status_code == 302
    assert client.post("/reports/market.sums/keep").status_code == 302


def _ask_for_approval(client: FlaskClient, word: str) -> None:
    """Leave two requests that wait for ann, whose deputy is root: one may be withdrawn, and a task still waits."""
    deputies, chains = "approvals.ApprovalDeputy", "/approvals/chains/edit"
    offered = client.get(f"{page(deputies)}/lookup/absent_id").json
    people = {one["text"]: one["id"] for one in offered}
    today = dt.datetime.now(dt.UTC).date()
    days = {"first_day": str(today - dt.timedelta(days=1)), "last_day": str(today + dt.timedelta(days=30))}
    make(client, deputies, {"absent_id": people["Ann"], "deputy_id": people["Root"], **days})
    chain = {
        "of": "visits.Visit:cancel", "step": "1", "step-1-key": "a", "step-1-name": f"{word}alk",
        "step-1-who": "person", "step-1-person": people["Ann"], "step-1-mode": "one",
        "rule": "1", "rule-1-name": "All", "rule-1-steps": "a",
    }  # fmt: skip
    assert client.post(chains, data={**chain, "do": "activate"}).status_code == 302
    for number in (27, 28):
        visit = make(client, "visits.Visit", values(client, "visits.Visit", number, word))
        assert client.post(f"{rest('visits.Visit')}/{visit}/cancel", json={}).status_code == 202
    assert client.post(chains, data={**chain, "do": "retire"}).status_code == 302


def _ask_for_changes(client: FlaskClient, word: str) -> None:
    """Ask that registered customers count from another day: requests are written on the page of the record."""
    customers = f"{rest('reception.Customer')}/"
    for key in client.get(customers).json["ids"]:
        sent = {"values": {"received_on": "2026-01-09"}, "reason": f"{word}he day was wrong"}
        asked = client.post(f"{customers}{key}/ask_change", json=sent)
        assert asked.status_code == 201, asked.text


def _filled(value: str | bytes, **words: Any) -> Any:
    """Return what is sent: a text, or a file."""
    return (BytesIO(value), "scan.pdf") if isinstance(value, bytes) else value.format(**words)


def _make(client: FlaskClient, colleague: FlaskClient, resource: str, word: str) -> bool:
    if "can_add" in client.get(f"{rest(resource)}/_info").json["permissions"]:
        for number in range(1, RECORDS + 1):
            try:
                body = values(client, resource, number, word)
            except (IndexError, StopIteration, ValueError):
                return False  # What it points at is not there yet.
            make(client, resource, body, colleague=colleague)
    if resource in AFTERWARDS:
        AFTERWARDS[resource](client, colleague, word)
    return True


def _clean(client: FlaskClient, resource: str, word: str) -> None:
    """Make a record and clean it away, so that there is a cleaning to be looked at."""
    make(client, resource, values(client, resource, 1, word))
    page = client.get(f"/cleaning/datacleaning/?resource={resource}&preview=1").text
    sent = dict(re.findall(r'name="(as_of|seal)" value="([^"]+)"', page))
    wanted = {**sent, "resource": resource, "count": "1", "password": PASSWORD}
    done = client.post("/cleaning/datacleaning/start", data=wanted)
    assert done.status_code == 302, done.text
