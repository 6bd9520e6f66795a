"""The phone-in and walk-in register."""

import pytest

from addons.reception import services
from addons.reception.choices import InquiryChannel, InquiryState, ReceptionState
from addons.reception.models import Customer, Inquiry
from app.errors import Duplicate, ValidationError
from tests.addons.reception.office import DAY, at


def registered(office, number=0, by="dee", **values):
    """Return an entry of the register."""
    values = {
        "channel": InquiryChannel.PHONE_IN,
        "visitor_name": f"客户{number}",
        "phone": f"1380000000{number}",
        "need": "三居室",
        "source_id": office.source("Phone"),
        "owner_id": office.employee("amy").id,
        **values,
    }
    return services.create_inquiry(actor=office.user(by), now=at("09:00"), **values)


@pytest.mark.rule("S:REC-23")
def test_three_calls_and_two_walk_ins_are_five(office):
    for number in range(5):
        registered(office, number, channel=InquiryChannel.PHONE_IN if number < 3 else InquiryChannel.WALK_IN)

    assert office.count(Inquiry) == [5]


@pytest.mark.rule("S:REC-23")
@pytest.mark.parametrize("field", ["visitor_name", "phone", "need", "source_id", "channel"])
def test_every_field_is_required(office, refused, field):
    error = refused(registered, office, **{field: None})
    assert isinstance(error, ValidationError)
    assert (error.code, error.field) == ("inquiry.required", field)


@pytest.mark.rule("S:REC-23", "P:COR-03")
def test_a_company_may_ask_for_less(office):
    from addons.reception.parameters import INQUIRY_REQUIRED

    INQUIRY_REQUIRED.set(["phone"], valid_from=DAY, actor=office.user("max"))
    assert registered(office, visitor_name=None, need=None).phone == "13800000000"


@pytest.mark.rule("S:REC-23")
def test_a_malformed_number_is_refused(office, refused):
    assert refused(registered, office, phone="12345").field == "phone"


def test_an_inquiry_becomes_a_reception(office, refused):
    inquiry = registered(office)

    services.receive_inquiry(inquiry, actor=office.user("amy"), now=at("10:00"))

    assert inquiry.state is InquiryState.RECEIVED
    assert (inquiry.reception.state, inquiry.reception.owner.name) == (ReceptionState.DRAFT, "Amy")
    assert (inquiry.reception.visitor_name, inquiry.reception.phone) == ("客户0", "13800000000")
    assert (
        refused(services.receive_inquiry, inquiry, actor=office.user("amy"), now=at("10:00")).code == "workflow.state"
    )


def test_an_inquiry_becomes_a_prospect_unless_he_is_on_file(office, refused):
    inquiry = registered(office)
    services.open_file_of_inquiry(inquiry, actor=office.user("amy"), now=at("10:00"))
    assert (inquiry.state, inquiry.customer.code) == (InquiryState.FILED, "C2026030001")

    again = registered(office, owner_id=office.employee("bob").id)
    error = refused(services.open_file_of_inquiry, again, actor=office.user("bob"), now=at("10:00"))
    assert isinstance(error, Duplicate)
    assert error.match == "C2026030001 客户0"
    assert again.state is InquiryState.OPEN
    assert office.count(Customer) == [1]


def test_closing_needs_a_reason(office):
    inquiry = registered(office)
    services.close_inquiry(inquiry, actor=office.user("amy"), reason="wrong number")
    assert inquiry.state is InquiryState.CLOSED
