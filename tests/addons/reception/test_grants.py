"""A colleague follows somebody else's customer until a day, on every way to the record, and not a day longer."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.reception import services
from addons.reception.models import Customer, Reception
from app.crud.lookups import find_titles
from app.database.columns import utc_now
from app.errors import Conflict, NotAllowed, NotFound, ValidationError
from app.masterdata.models import Partner
from app.security.masking import may_see_personal
from app.security.scope import visible
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_receptions import recorded

NOVEMBER = dt.date(2026, 11, 1)
LIST, REST = "/reception/customer/list/", "/api/v1/reception/customer/"


def granted(office, customer, by="sue", to="bob", on=DAY, until=None):
    """Let a colleague follow a customer."""
    services.grant_customer(
        customer, actor=office.user(by), colleague=office.employee(to), until=until, now=at("12:00", on)
    )


def sees(office, model, name, on):
    """Return the ids of the rows of a model that somebody reaches on a day."""
    return list(office.session.scalars(sa.select(model.id).where(visible(model, office.user(name), on=on))))


@pytest.mark.rule("S:REC-18")
def test_a_grant_to_30_november_is_over_on_1_december(office):
    recorded(office)
    customer = office.session.scalars(sa.select(Customer)).one()
    last = dt.date(2026, 11, 30)
    granted(office, customer, on=NOVEMBER, until=last)

    for model in (Customer, Reception):
        key = office.session.scalars(sa.select(model.id)).one()
        days = [NOVEMBER - dt.timedelta(1), NOVEMBER, last, last + dt.timedelta(1)]
        assert [sees(office, model, "bob", day) for day in days] == [[], [key], [key], []]
        assert sees(office, model, "cat", NOVEMBER) == []
        assert sees(office, model, "amy", NOVEMBER) == [key]


@pytest.mark.rule("S:REC-18")
def test_every_way_to_the_customer_is_open_and_none_to_another(world, login, run_in):
    def prepare() -> tuple[int, int]:
        office = Office(world)
        customer = opened(office)
        opened(office, name="李四", phone="13900000000")
        granted(office, customer, on=utc_now().date())
        return customer.id, customer.partner_id

    key, partner_id = run_in(world.one, prepare)
    bob = login("bob", world.one)

    page = bob.get(LIST).text
    assert ("王小明" in page, "13812345678" in page, "李四" in page) == (True, True, False)
    assert "王小明" in bob.get(LIST, query_string={"q": "王小"}).text
    assert [row["id"] for row in bob.get(REST).json["result"]] == [key]
    assert bob.get(f"/reception/customer/show/{key}").status_code == 200
    offered = run_in(world.one, lambda: find_titles(Customer, "", actor=Office(world).user("bob")))
    assert [one["id"] for one in offered] == [key]
    assert bob.get(f"/reception/customer/edit/{key}").status_code == 403  # He follows; the file stays Amy's.

    def end() -> None:
        office = Office(world)
        customer = office.session.get_one(Customer, key)
        colleague = office.employee("bob")
        services.end_customer_grant(customer, actor=office.user("max"), colleague=colleague, now=utc_now())
        assert not may_see_personal(office.user("bob"), office.session.get_one(Partner, partner_id))

    run_in(world.one, end)
    assert "王小明" not in bob.get(LIST).text
    assert bob.get(f"/reception/customer/show/{key}").status_code == 404
    assert bob.get(f"{REST}{key}").status_code == 404


@pytest.mark.rule("S:REC-18")
def test_a_grant_lasts_as_long_as_the_company_allows(office, refused):
    from addons.reception.views import GRANTS

    customer = opened(office)
    for wrong in (DAY - dt.timedelta(1), DAY + dt.timedelta(31)):
        error = refused(granted, office, customer, until=wrong)
        assert (type(error), error.field) == (ValidationError, "until")

    granted(office, customer)
    granted(office, customer, until=DAY + dt.timedelta(7))  # Another day changes the running grant.

    (row,) = GRANTS.rows(customer.id)
    assert (row["grantee"].name, row["valid_from"], row["valid_to"]) == ("Bob", DAY, DAY + dt.timedelta(7))


@pytest.mark.rule("S:REC-18")
def test_the_right_is_needed_and_the_colleague_must_be_there(office, refused):
    customer = opened(office)
    assert isinstance(refused(granted, office, customer, by="amy"), NotAllowed)
    office.employee("bob").left_on = DAY - dt.timedelta(1)
    assert isinstance(refused(granted, office, customer), Conflict)
    error = refused(
        services.end_customer_grant,
        customer,
        actor=office.user("max"),
        colleague=office.employee("cat"),
        now=at("12:00"),
    )
    assert isinstance(error, NotFound)


@pytest.mark.rule("S:REC-18")
def test_grants_cost_one_statement_at_most_and_none_for_other_models(office):
    from app.masterdata.models import Product

    opened(office)
    office.session.flush()
    bob = office.user("bob")
    counted = []
    listener = lambda *arguments: counted.append(arguments[2])  # noqa: E731
    engine = office.session.connection().engine
    sa.event.listen(engine, "before_cursor_execute", listener)
    try:
        for model in (Customer, Product):
            visible(model, bob)
    finally:
        sa.event.remove(engine, "before_cursor_execute", listener)

    assert sum("security_partner_grant" in statement for statement in counted) == 1
