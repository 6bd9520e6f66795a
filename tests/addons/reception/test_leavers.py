"""Somebody's last day: one page shows what he holds and hands it to others; then he is out."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.reception.models import Customer, TurnMember
from app.companies.models import Assignment, Membership
from app.database.columns import utc_now
from app.errors import Conflict, NotAllowed, ValidationError
from app.masterdata.leaving import end_employment, list_held
from app.masterdata.models import OwnershipChange
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_inquiries import registered
from tests.addons.reception.test_transfer import file_of

PAGE = "/companies/leaver/"
KINDS = ("masterdata.partners", "reception.customers", "reception.inquiries")


def prepared(office):
    """Amy has three customers and an open inquiry."""
    for number in range(3):
        file_of(office, number)
    registered(office, owner_id=office.employee("amy").id)


def left(office, name="amy", by="max", last_day=DAY, to=("bob", "bob", "cat")):
    """End somebody's employment; bob takes the customers, cat the inquiries."""
    successors = {kind: office.employee(who) for kind, who in zip(KINDS, to, strict=True) if who}
    return end_employment(
        office.employee(name), last_day=last_day, successors=successors, actor=office.user(by), now=at("18:00")
    )


@pytest.mark.rule("S:REC-17")
def test_everything_passes_to_several_successors_and_access_ends(office):
    prepared(office)
    amy = office.employee("amy")
    assert [(one.holding.name, one.count) for one in list_held(amy)] == [
        ("masterdata.partners", 3),
        ("reception.customers", 3),
        ("reception.inquiries", 1),
    ]

    assert left(office) == 7

    assert list_held(amy) == []
    assert set(office.session.scalars(sa.select(Customer.owner_id))) == {office.employee("bob").id}
    assert [(one.holding.name, one.count) for one in list_held(office.employee("cat"))] == [("reception.inquiries", 1)]
    assert office.count(OwnershipChange) == [3]
    assert (amy.left_on, amy.user.active) == (DAY, True)  # She still has a role in the other company.
    held = sa.select(Membership.company_id).where(Membership.user_id == amy.user_id)
    assert list(office.session.scalars(held)) == [office.world.two]
    ends = sa.select(Assignment.valid_to).where(Assignment.employee_id == amy.id)
    assert list(office.session.scalars(ends)) == [DAY]
    seats = sa.select(TurnMember.is_active).where(TurnMember.employee_id == amy.id)
    assert list(office.session.scalars(seats)) == [False]


@pytest.mark.rule("S:REC-17")
def test_nothing_is_left_in_nobodys_hands(office, refused):
    prepared(office)

    error = refused(left, office, to=("bob", "bob", None))
    assert (type(error), error.field) == (ValidationError, "successor:reception.inquiries")
    assert refused(left, office, to=("bob", "bob", "amy")).code == "leaving.successor"
    office.employee("cat").left_on = DAY - dt.timedelta(1)
    assert isinstance(refused(left, office), Conflict)
    assert refused(left, office, to=("bob",) * 3, last_day=DAY + dt.timedelta(1)).field == "last_day"
    assert isinstance(refused(left, office, name="max"), NotAllowed)
    assert (office.employee("amy").left_on, office.count(OwnershipChange)) == (None, [0])


@pytest.mark.rule("S:REC-17")
def test_the_page_hands_over_and_the_leaver_is_logged_out(world, login, run_in):
    def prepare() -> dict[str, int]:
        office = Office(world)
        prepared(office)
        return {name: office.employee(name).id for name in ("amy", "bob")}

    ids = run_in(world.one, prepare)
    amy, root = login("amy", world.one), login("root", world.one)
    assert amy.get(PAGE).status_code == 403

    page = root.get(PAGE, query_string={"employee": ids["amy"], "successor": ids["bob"]}).text
    assert [f'name="successor:{kind}" value="{ids["bob"]}"' in page for kind in KINDS] == [True] * 3
    sent = {"employee": ids["amy"], "last_day": utc_now().date().isoformat()}
    refused = root.post(f"{PAGE}hand_over", data=sent, follow_redirects=True)
    assert "Choose who takes over: Partners." in refused.text
    some = sent | {f"successor:{kind}": ids["bob"] if kind == KINDS[0] else "" for kind in KINDS}
    refused = root.post(f"{PAGE}hand_over", data=some, follow_redirects=True)
    assert "Choose who takes over: Customers." in refused.text
    kept = [f'name="successor:{kind}" value="{ids["bob"]}"' in refused.text for kind in KINDS]
    assert kept == [True, False, False], "What was chosen stands there still."
    assert amy.get("/reception/customer/list/").status_code == 200
    sent |= {f"successor:{kind}": ids["bob"] for kind in KINDS}
    answer = root.post(f"{PAGE}hand_over", data=sent, follow_redirects=True)

    assert "7 records of Amy are in other hands." in answer.text
    assert amy.get("/reception/customer/list/").status_code in {302, 401, 404}
