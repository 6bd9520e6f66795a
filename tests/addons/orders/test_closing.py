"""The close of a month, which waits for what orders has not decided on."""

import pytest

from addons.orders import services
from addons.payments import services as payments
from addons.payments.models import Period
from addons.payments.parameters import CLOSE_REQUIRES
from addons.payments.services.ledger import enter_period
from app.companies.org import legal_entity_of
from app.errors import Conflict
from tests.addons.orders.office import DAY, at


@pytest.fixture
def month(office):
    """The month of the office's books."""
    entity = legal_entity_of(office.ordered().org_unit_id)
    return enter_period(DAY, legal_entity_id=entity.id if entity else None)


def close(office, period):
    payments.close_period(period, actor=office.user("abe"))


@pytest.mark.rule("S:PAY-05")
def test_a_month_is_not_closed_while_orders_wait_for_their_audits(office, refused, month):
    submitted, audited = office.ordered(to="submitted"), office.ordered(to="audited")
    order = office.ordered(to="confirmed")
    request = services.create_invoice_request(actor=office.user("sam"), now=at(), order_id=order.id)

    error = refused(close, office, month)
    assert (type(error), error.code) == (Conflict, "period.orders")
    assert {name: error.data[name] for name in ("month", "orders", "returns", "requests")} == {
        "month": "2026-03",
        "orders": 2,
        "returns": 0,
        "requests": 1,
    }
    assert month.state == "open"

    services.give_back_order(submitted, actor=office.user("sue"), reason="Incomplete", now=at())
    office.brought(audited, "finance_audited")
    services.reject_invoice_request(request, actor=office.user("fin"), reason="No")
    close(office, month)
    assert month.state == "closed"


@pytest.mark.rule("S:PAY-05")
def test_a_company_that_asks_for_no_audits_closes_all_the_same(office, month):
    office.set(CLOSE_REQUIRES, "all_posted")
    office.ordered(to="submitted")
    close(office, month)
    assert office.session.query(Period).one().state == "closed"
