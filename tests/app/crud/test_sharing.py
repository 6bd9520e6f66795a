"""A file with personal data for somebody outside: his agreement and a data share of today, or nothing (S:CORE-18)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.database.columns import utc_now
from tests.app.crud.orders import REST, VIEW, add, sheet_of
from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
SHARES, AGREEMENTS = "/api/v1/agreements/datashare", "/api/v1/agreements/recipientagreement"
REFUSED = "there is no data share of today under a confidentiality agreement"
TODAY = utc_now().date()
BEFORE, AFTER = str(TODAY - dt.timedelta(days=3)), str(TODAY + dt.timedelta(days=3))
EXPORT = f"{VIEW}/export/"


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """Sees and exports orders with personal data, of which there is one."""
    client = login("bea", world.one)
    add(client)
    return client


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    """Keeps the agreements."""
    return login("root", world.one)


@pytest.fixture
def partner(world: Any, run_in: Any) -> int:
    """A partner outside."""

    def make() -> int:
        from app.database.session import session
        from app.masterdata.models import Partner

        found = Partner(name="Printing house", name_key="printinghouse")
        session.add(found)
        session.flush()
        return found.id

    made: int = run_in(world.one, make)
    return made


def agree(root: FlaskClient, partner: int, **dates: Any) -> Any:
    """Keep the partner's agreement."""
    return root.post(f"{AGREEMENTS}/", json={"partner_id": partner, "signatory": "Ms Wu", "signed_on": BEFORE, **dates})


def share(root: FlaskClient, partner: int, **dates: Any) -> Any:
    """Open a data share."""
    form = {"partner_id": partner, "purpose": "Printing letters", "valid_from": BEFORE, "valid_to": AFTER, **dates}
    return root.post(f"{SHARES}/", json=form)


def events(run_in: Any, kind: str) -> list[dict[str, Any]]:
    """Return the details of the security events of a kind."""
    from app.audit import SecurityEvent
    from app.database.session import session

    found = sa.select(SecurityEvent.details).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id)
    return run_in(None, lambda: list(session.scalars(found)))


@pytest.mark.rule("S:CORE-18")
def test_partner_export_without_agreement_is_blocked(bea: FlaskClient, partner: int, run_in: Any) -> None:
    page = bea.get(f"{EXPORT}?recipient={partner}")
    rest = bea.get(f"{REST}/export?recipient={partner}")

    assert page.status_code == 403
    assert f"Nothing may go to Printing house: {REFUSED}" in page.text
    assert (rest.status_code, rest.json["error"]) == (403, "share.refused")
    assert bea.post(f"{EXPORT}?recipient={partner}").status_code == 403  # Nor by a job.
    assert events(run_in, "list.exported") == []
    assert events(run_in, "denied")[0]["partner"] == partner


@pytest.mark.rule("S:CORE-18")
def test_under_an_agreement_and_a_share_it_leaves_and_is_recorded(
    bea: FlaskClient, root: FlaskClient, partner: int, run_in: Any
) -> None:
    assert agree(root, partner).status_code == 201
    assert bea.get(f"{EXPORT}?recipient={partner}").status_code == 403  # The agreement alone says not what for.
    made = share(root, partner)
    assert made.status_code == 201

    assert len(sheet_of(bea, f"{EXPORT}?recipient={partner}")) == 2

    told = {"resource": "market.Order", "partner": partner, "share": made.json["id"], "rows": 1}
    assert events(run_in, "data.shared") == [told]


@pytest.mark.rule("S:CORE-18")
def test_a_share_takes_an_agreement_that_covers_its_days(root: FlaskClient, partner: int) -> None:
    first = share(root, partner)
    agree(root, partner, valid_to=str(TODAY))
    later = share(root, partner)
    within = share(root, partner, valid_to=str(TODAY))
    backwards = share(root, partner, valid_from=AFTER, valid_to=BEFORE)

    for answer in (first, later):
        assert (answer.status_code, answer.json["error"]) == (422, "share.agreement")
        assert "Printing house has signed no confidentiality agreement" in answer.json["message"]
    assert within.status_code == 201
    assert (backwards.status_code, backwards.json["error"]) == (422, "share.days")
    assert root.get(f"{SHARES}/").json["count"] == 1


@pytest.mark.rule("S:CORE-18")
def test_nothing_leaves_after_its_last_day_nor_that_of_the_agreement(
    bea: FlaskClient, root: FlaskClient, partner: int
) -> None:
    agreement = agree(root, partner).json["id"]
    key = share(root, partner).json["id"]
    address = f"{EXPORT}?recipient={partner}"

    assert root.put(f"{SHARES}/{key}", json={"valid_to": BEFORE}).status_code == 200
    assert bea.get(address).status_code == 403
    assert root.put(f"{SHARES}/{key}", json={"valid_to": AFTER}).status_code == 200
    assert len(sheet_of(bea, address)) == 2
    assert root.put(f"{AGREEMENTS}/{agreement}", json={"valid_to": BEFORE}).status_code == 200
    assert bea.get(address).status_code == 403


@pytest.mark.rule("S:CORE-18")
def test_the_list_asks_for_whom_the_file_is(bea: FlaskClient, root: FlaskClient, partner: int) -> None:
    agree(root, partner)
    share(root, partner)
    listed = bea.get(f"{VIEW}/list/?_flt_0_number=A-1").text
    assert "/share/?next=/market/order/export/?_flt_0_number%3DA-1" in listed

    page = bea.get("/share/?next=/market/order/export/?_flt_0_number%3DA-1").text

    assert 'action="/market/order/export/"' in page
    assert 'name="_flt_0_number" value="A-1"' in page  # The filters are kept.
    assert f'<option value="{partner}">Printing house · Printing letters' in page
    assert len(sheet_of(bea, f"{EXPORT}?_flt_0_number=A-1&recipient=")) == 2  # Inside the company.


def test_without_the_policy_nobody_is_asked(bea: FlaskClient, partner: int, world: Any, run_in: Any) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import NDA_REQUIRED

    def off() -> None:
        NDA_REQUIRED.set(False, valid_from=FIRST_DAY, actor=session.get_one(User, world.users["root"]))

    run_in(world.one, off)

    assert "/share/?next=" not in bea.get(f"{VIEW}/list/").text
    assert len(sheet_of(bea, f"{EXPORT}?recipient={partner}")) == 2
    assert events(run_in, "data.shared")[0]["partner"] == partner  # It is known all the same.


@pytest.mark.parametrize("recipient", ["0", "x", "999", "%E4%BD%A0", "9" * 30])
def test_a_recipient_that_is_none(bea: FlaskClient, recipient: str) -> None:
    answer = bea.get(f"{REST}/export?recipient={recipient}")

    assert (answer.status_code, answer.json["field"]) == (422, "recipient")


def test_the_page_leads_to_no_other_site(bea: FlaskClient) -> None:
    assert 'action="/"' in bea.get("/share/?next=https://elsewhere.test/x").text
    assert bea.get("/share/").status_code == 404


@pytest.mark.rule("S:CORE-18")
@pytest.mark.parametrize("kind", ["excel", "pdf"])
def test_a_report_is_printed_for_nobody_outside_either(
    bea: FlaskClient, root: FlaskClient, partner: int, run_in: Any, kind: str
) -> None:
    address = f"/reports/market.sums/{kind}?recipient={partner}"

    assert bea.get(address).status_code == 403
    assert events(run_in, "report.exported") == []
    agree(root, partner)
    share(root, partner)

    with bea.get(address) as file:
        assert file.status_code == 200
    assert [one["partner"] for one in events(run_in, "data.shared")] == [partner]
