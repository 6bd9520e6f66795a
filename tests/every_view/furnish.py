"""Records of every generated view, made through its REST."""

import re
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from tests.every_view.samples import PAGES, WORD, make, values
from tests.every_view.views import resources, rest
from tests.world import PASSWORD

RECORDS = 3  # of each view in each company


def furnish(client: FlaskClient, word: str = WORD) -> dict[str, list[int]]:
    """Make records of every view that has an add form, those that others point at first; return the ids of all."""
    waiting, refused = list(resources()), ""
    _clean(client, "announcements.Announcement", word)
    for _round in range(4):
        still = [one for one in waiting if not _make(client, one, word)]
        if still == waiting:
            break
        waiting = still
    _keep_a_run(client)
    version = client.get(f"{rest('agreements.AgreementVersion')}/").json["ids"][0]
    for address, form in [sent for pages in PAGES.values() for sent in pages]:
        filled = {name: _filled(value, word=word, agreements_version=version) for name, value in form.items()}
        assert client.post(address, data=filled, content_type="multipart/form-data").status_code == 302, address
    found = {resource: client.get(f"{rest(resource)}/").json["ids"] for resource in resources()}
    empty = [resource for resource, ids in found.items() if not ids]
    assert not empty, f"{empty}: no record could be made. {refused}"
    return found


def _keep_a_run(client: FlaskClient) -> None:
    """Keep a report for the dual track, which nobody makes by a form."""
    decided = {"key": "core.dual_track", "value": "on", "valid_from": "2026-01-01"}
    assert client.post("/parameters/values/set", data=decided).status_code == 302
    assert client.post("/reports/orders.sums/keep").status_code == 302


def _filled(value: str | bytes, **words: Any) -> Any:
    """Return what is sent: a text, or a file."""
    return (BytesIO(value), "scan.pdf") if isinstance(value, bytes) else value.format(**words)


def _make(client: FlaskClient, resource: str, word: str) -> bool:
    if "can_add" not in client.get(f"{rest(resource)}/_info").json["permissions"]:
        return True
    for number in range(1, RECORDS + 1):
        try:
            body = values(client, resource, number, word)
        except (IndexError, StopIteration):
            return False  # What it points at is not there yet.
        make(client, resource, body)
    return True


def _clean(client: FlaskClient, resource: str, word: str) -> None:
    """Make a record and clean it away, so that there is a cleaning to be looked at."""
    make(client, resource, values(client, resource, 1, word))
    page = client.get(f"/cleaning/datacleaning/?resource={resource}&preview=1").text
    sent = dict(re.findall(r'name="(as_of|seal)" value="([^"]+)"', page))
    wanted = {**sent, "resource": resource, "count": "1", "password": PASSWORD}
    done = client.post("/cleaning/datacleaning/start", data=wanted)
    assert done.status_code == 302, done.text
