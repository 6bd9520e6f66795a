"""What was cleaned of customers does not come back once they were erased (S:CORE-15, P:CRM-22)."""

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.addons.reception.texting import open_file
from tests.world import PASSWORD

DESK, RUNS = "/cleaning/datacleaning", "/cleaning/cleanrun"


def clean(client: FlaskClient, resource: str, count: int) -> None:
    """Clean all of a list that can go."""
    page = client.get(f"{DESK}/?resource={resource}&preview=1").text
    sent = dict(re.findall(r'name="(as_of|seal)" value="([^"]+)"', page))
    wanted = {**sent, "resource": resource, "count": str(count), "password": PASSWORD}
    done = client.post(f"{DESK}/start", data=wanted)
    assert done.status_code == 302, done.text


def test_records_of_an_erased_customer_stay_deleted(
    login: Callable[..., FlaskClient], world: Any, run_in: Callable[..., Any]
) -> None:
    from addons.reception.models import Inquiry
    from app.database.session import session

    customer = open_file(world, run_in)
    max_, root = login("max", world.one), login("root", world.one)
    owner = max_.get("/reception/inquiry/lookup/owner_id?q=Amy").json[0]["id"]
    added = max_.post(
        "/api/v1/reception/inquiry/",
        json={"channel": "phone_in", "visitor_name": "Li", "phone": "13812345678", "need": "A flat", "owner_id": owner,
              "source_id": _source(world, run_in)},
    )  # fmt: skip
    assert added.status_code == 201, added.text
    tied = sa.update(Inquiry).values(customer_id=customer)
    run_in(world.one, lambda: session.execute(tied) and None)
    clean(root, "reception.Inquiry", 1)
    assert max_.post(f"/reception/customer/transition/erase/{customer}", data={"source": "asked"}).status_code == 302

    assert root.post(f"{RUNS}/transition/put_back/1").status_code == 302

    job = re.findall(r'href="(/jobs/\d+)"', root.get("/jobs/").text)[0]
    assert "they stay deleted" in root.get(job).text
    assert run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(Inquiry.id)))) == 0


def _source(world: Any, run_in: Callable[..., Any]) -> int:
    from app.masterdata.options import find_option

    found = run_in(world.one, lambda: find_option("reception.source", "Visit"))
    return found.id
