"""Who a registered customer is changes only by an approved request, and no request tells more than his file."""

import pytest
import sqlalchemy as sa

from addons.reception import services
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import at

OLD, NEW = "11010519491231002X", "110105199001011232"
FILES = "/api/v1/reception/customer"
CHANGES = "/api/v1/changes/changerequest"


@pytest.fixture
def customer(world, run_in):
    """The id of a customer of Amy's whom Sue has registered."""

    def register():
        office = Office(world)
        made = services.create_customer(
            actor=office.user("amy"), now=at("09:00"), name="王小明", phone="13812345678", id_no=OLD,
            source_id=office.source(), notice_given=True, sensitive_consent=True,
        )  # fmt: skip
        services.submit_customer(made, actor=office.user("amy"), now=at("10:00"))
        services.register_customer(made, actor=office.user("sue"), now=at("11:00"))
        return made.id

    return run_in(world.one, register)


@pytest.mark.rule("S:CORE-10")
def test_a_request_for_a_masked_field_stays_masked_and_whoever_reads_it_is_noted(customer, login, world, run_in):
    from app.audit.models import AccessEntry
    from app.database.session import session

    amy, bob, sue = (login(name, world.one) for name in ("amy", "bob", "sue"))
    refused = amy.put(f"{FILES}/{customer}", json={"id_no": NEW})
    assert (refused.status_code, refused.json["error"], refused.json["field"]) == (409, "change.confirmed", "id_no")
    assert amy.put(f"{FILES}/{customer}", json={"remark": "Called"}).status_code == 200
    asked = amy.post(f"{FILES}/{customer}/ask_change", json={"values": {"id_no": NEW}, "reason": "Misread"})
    assert asked.status_code == 201, asked.text
    request = asked.json["id"]
    assert NEW in asked.json["asked"]  # It is her own file.

    masked = "110***********002X → 110***********1232"
    assert masked in sue.get(f"{CHANGES}/{request}").json["result"]["asked"]
    assert NEW not in sue.get("/changes/changerequest/list/").text
    assert bob.get(f"{CHANGES}/{request}").status_code == 404

    def noted():
        seen = sa.select(AccessEntry).where(AccessEntry.user_id == world.users["sue"])
        return [(one.resource, one.columns) for one in session.scalars(seen)]

    assert run_in(world.one, noted) == []
    assert f"{OLD} → {NEW}" in sue.get(f"/changes/changerequest/show/{request}").text
    assert run_in(world.one, noted) == [("reception.Customer", ["id_no"])]
    assert sue.post(f"{CHANGES}/{request}/approve").status_code == 200
    assert sue.get(f"{CHANGES}/{request}").json["result"]["state"] == "applied"
    assert amy.get(f"{FILES}/{customer}").json["result"]["id_no"] == NEW
