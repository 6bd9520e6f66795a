"""Customers pass to another consultant, one or all of a leaver's, and who had them before is kept."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.reception import services
from addons.reception.models import Customer, Reception
from app.errors import Conflict, NotAllowed, ValidationError
from app.masterdata.models import OwnershipChange
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_receptions import assessed, recorded

PAGE = "/reception/transfer/"


def file_of(office, number, by="amy"):
    return opened(office, by=by, name=f"客户{number}", phone=f"1380000{number:04}")


def handed(office, customers, by="max", receiver="bob", reason="Amy leaves"):
    """Give customers to somebody."""
    return services.transfer_customers(
        customers, receiver=office.employee(receiver), reason=reason, actor=office.user(by), now=at("12:00")
    )


@pytest.mark.rule("S:REC-17")
def test_a_leavers_35_customers_and_what_is_open_go_along_and_the_past_stays(office):
    customers = [file_of(office, number) for number in range(35)]
    open_one = recorded(office, phone=customers[0].phone, visitor_name="客户0")
    done = assessed(office, phone=customers[1].phone, visitor_name="客户1")
    other = opened(office, by="cat", name="另一位", phone="13900000000")
    version = customers[5].version

    assert handed(office, [*customers, other][:35]) == 35

    owners = sa.select(sa.func.count(Customer.id)).where(Customer.owner_id == office.employee("bob").id)
    assert office.session.scalar(owners) == 35
    assert {one.partner.owner.name for one in customers} == {"Bob"}
    assert (open_one.owner.name, done.owner.name, other.owner.name) == ("Bob", "Amy", "Cat")
    assert customers[5].version == version + 1  # Whoever has it open is told.
    change = office.session.scalars(sa.select(OwnershipChange).order_by(OwnershipChange.id)).first()
    assert (change.former_owner.name, change.owner.name, change.reason, change.changed_at) == (
        "Amy",
        "Bob",
        "Amy leaves",
        at("12:00"),
    )


@pytest.mark.rule("S:REC-17")
def test_one_customer_is_transferred_by_a_button_and_the_file_tells(office):
    from addons.reception.views import FORMER_OWNERS

    customer = file_of(office, 1)

    services.transfer_customer(
        customer, actor=office.user("max"), receiver=office.employee("cat"), reason="Her district", now=at("12:00")
    )

    assert (customer.owner.name, customer.partner.owner.name) == ("Cat", "Cat")
    (row,) = FORMER_OWNERS.rows(customer.id)
    assert (row["former_owner"].name, row["owner"].name, row["reason"]) == ("Amy", "Cat", "Her district")


@pytest.mark.rule("S:REC-17")
@pytest.mark.parametrize("way", ["left", "no_login"])
def test_nobody_who_left_takes_over(office, refused, way):
    customer = file_of(office, 1)
    bob = office.employee("bob")
    if way == "left":
        bob.left_on = DAY - dt.timedelta(days=1)
    else:
        bob.user.active = False

    error = refused(handed, office, [customer])

    assert (type(error), error.code, error.field) == (Conflict, f"transfer.{way}", "receiver")
    assert (customer.owner.name, office.count(OwnershipChange)) == ("Amy", [0])


@pytest.mark.rule("S:REC-17")
def test_a_transfer_needs_a_reason_and_the_right(office, refused):
    customer = file_of(office, 1)

    error = refused(handed, office, [customer], reason=" ")
    assert (type(error), error.field) == (ValidationError, "reason")
    error = refused(
        services.transfer_customer,
        customer,
        actor=office.user("amy"),
        receiver=office.employee("bob"),
        reason="x",
        now=at("12:00"),
    )
    assert isinstance(error, NotAllowed)


@pytest.mark.rule("S:REC-17")
def test_the_page_shows_what_goes_along_before_it_does(world, login, run_in):
    def prepare() -> list[int]:
        office = Office(world)
        customers = [file_of(office, number) for number in range(3)]
        recorded(office, phone=customers[0].phone, visitor_name="客户0")
        return [office.employee("amy").id, office.employee("bob").id, *(one.id for one in customers)]

    amy_id, bob_id, first, second, third = run_in(world.one, prepare)
    asked = {"giver": amy_id, "receiver": bob_id}
    assert login("amy", world.one).get(PAGE).status_code == 403
    max_ = login("max", world.one)

    page = max_.get(PAGE, query_string=asked).text
    for label, count in (("Customers", 3), ("Open receptions", 1)):
        assert f'{label}</span><span class="kpi-value">{count}<' in page
    sent = {**asked, "reason": "Holiday", f"customer:{first}": "on", f"customer:{third}": "on"}
    answer = max_.post(f"{PAGE}transfer", data=sent, follow_redirects=True)

    assert "Bob has 2 customers more." in answer.text
    owners = run_in(
        world.one, lambda: [Office(world).session.get_one(Customer, key).owner_id for key in (first, second, third)]
    )
    assert owners == [bob_id, amy_id, bob_id]
    assert run_in(world.one, lambda: Office(world).session.scalars(sa.select(Reception.owner_id)).all()) == [bob_id]
