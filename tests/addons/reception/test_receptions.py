"""Receptions: from the door to the printed record."""

import datetime as dt

import pytest

from addons.reception import services
from addons.reception.choices import CustomerStage, CustomerState, Intent, ReceptionState
from addons.reception.models import Customer
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.reception.office import DAY, at


def started(office, name="amy", **values):
    """Return a reception in progress since 10:00, its checklist done."""
    values = {"visitor_name": "王小明", "phone": "13812345678", "source_id": office.source(), **values}
    reception = services.create_reception(actor=office.user(name), now=at("10:00"), arrived_at=at("10:00"), **values)
    services.start_reception(reception, actor=office.user(name), now=at("10:00"))
    for check in reception.checks:
        check.done = True
    office.session.flush()
    return reception


def recorded(office, name="amy", **values):
    """Return a recorded reception from 10:00 to 10:45."""
    reception = started(office, name, **values)
    services.record_reception(reception, actor=office.user(name), now=at("11:00"), left_at=at("10:45"))
    return reception


def assessed(office, intent=Intent.B, name="amy", **values):
    """Return an assessed reception."""
    reception = recorded(office, name, **values)
    services.assess_reception(reception, actor=office.user(name), now=at("11:00"), intent=intent)
    return reception


@pytest.mark.rule("P:REC-01")
def test_a_reception_lasts_from_in_to_out(office):
    reception = recorded(office)

    assert reception.minutes == 45
    assert reception.state is ReceptionState.RECORDED
    assert reception.number == "R2026030001"
    assert reception.doc_date == DAY


@pytest.mark.rule("P:REC-01")
@pytest.mark.parametrize("out", ["09:50", "10:00"])
def test_nobody_leaves_before_arriving(office, refused, out):
    reception = started(office)

    error = refused(services.record_reception, reception, actor=office.user("amy"), now=at("11:00"), left_at=at(out))

    assert isinstance(error, ValidationError)
    assert (error.code, error.field) == ("reception.left_at", "left_at")
    assert str(error) == "The visitor cannot have left before arriving, at 2026-03-02 10:00."
    assert reception.state is ReceptionState.IN_PROGRESS
    assert reception.left_at is None


@pytest.mark.rule("P:REC-01")
def test_an_open_checklist_holds_the_record_back(office, refused):
    reception = started(office)
    reception.checks[1].done = False

    error = refused(
        services.record_reception, reception, actor=office.user("amy"), now=at("11:00"), left_at=at("10:45")
    )

    assert isinstance(error, Conflict)
    assert str(error) == "Not done of the checklist: Products explained."
    assert reception.state is ReceptionState.IN_PROGRESS


@pytest.mark.rule("P:REC-01")
def test_the_checklist_is_the_companys_and_can_only_be_ticked(office, refused):
    reception = services.create_reception(
        actor=office.user("amy"), now=at("10:00"), checks=[{"item": "Needs asked", "done": True}]
    )

    assert [(one.item, one.done) for one in reception.checks] == [
        ("Company introduced", False),
        ("Products explained", False),
        ("Needs asked", True),
        ("Brochure handed over", False),
    ]

    rows = [{"id": one.id, "item": "something else", "done": True} for one in reception.checks[:2]]
    services.update_reception(reception, actor=office.user("amy"), checks=rows)
    assert [(one.item, one.done) for one in reception.checks][:2] == [
        ("Company introduced", True),
        ("Products explained", True),
    ]
    error = refused(
        services.update_reception, reception, actor=office.user("amy"), checks=[{"item": "Coffee", "done": True}]
    )
    assert error.code == "reception.no_such_check"
    assert len(reception.checks) == 4


@pytest.mark.rule("P:REC-02")
def test_a_blank_phone_needs_the_visitors_refusal(office, refused):
    reception = started(office, phone=None)

    error = refused(services.record_reception, reception, actor=office.user("amy"), now=at("11:00"))

    assert isinstance(error, ValidationError)
    assert (error.code, error.field) == ("reception.visitor", "phone")
    assert reception.state is ReceptionState.IN_PROGRESS
    assert reception.number is None


@pytest.mark.rule("P:REC-02")
def test_a_visitor_who_declines_is_recorded_and_counted_but_no_prospect(office):
    from addons.reception.queries import count_receptions

    reception = started(office, visitor_name=None, phone=None, declined_reason="declined")
    services.record_reception(reception, actor=office.user("amy"), now=at("11:00"), left_at=at("10:30"))

    assert reception.state is ReceptionState.RECORDED
    assert reception.number == "R2026030001"
    assert reception.customer is None
    assert office.count(Customer) == [0]
    assert count_receptions(DAY, actor=office.user("amy")) == 1


@pytest.mark.rule("P:REC-02", "P:COR-03")
def test_a_company_may_insist_on_the_number_from_a_day_on(office, refused):
    from addons.reception.parameters import ANONYMOUS_ALLOWED

    ANONYMOUS_ALLOWED.set("no", valid_from=DAY, actor=office.user("max"))
    reception = started(office, phone=None, declined_reason="declined")

    error = refused(services.record_reception, reception, actor=office.user("amy"), now=at("11:00"))
    assert (error.code, str(error)) == ("reception.visitor", "Ask for name and phone.")

    reception.doc_date = DAY - dt.timedelta(days=1)
    services.record_reception(reception, actor=office.user("amy"), now=at("11:00"), left_at=at("10:30"))
    assert reception.state is ReceptionState.RECORDED


@pytest.mark.rule("P:REC-02", "S:REC-05")
def test_a_new_visitor_needs_a_source(office, refused):
    reception = started(office, source_id=None)

    error = refused(services.record_reception, reception, actor=office.user("amy"), now=at("11:00"))

    assert (error.code, error.field) == ("reception.source", "source_id")


@pytest.mark.rule("P:REC-02")
def test_a_new_visitor_becomes_a_prospect_draft_of_the_consultant(office):
    reception = recorded(office, phone="+86 138-1234-5678")

    customer = reception.customer
    assert (customer.stage, customer.state) == (CustomerStage.PROSPECT, CustomerState.DRAFT)
    assert (customer.name, customer.phone, customer.code) == ("王小明", "13812345678", "C2026030001")
    assert customer.owner == office.employee("amy")
    assert customer.received_on == DAY
    assert customer.last_contact_at == at("10:45")
    assert reception.partner_id == customer.partner_id
    assert not reception.is_returning


@pytest.mark.rule("P:REC-04", "P:CRM-05")
def test_two_of_five_with_intent_make_two_files_and_three_prospects(office):
    intents = [Intent.A, Intent.NONE, Intent.B, Intent.NONE, Intent.NONE]
    receptions = [
        assessed(office, intent, visitor_name=f"客户{number}", phone=f"1380000000{number}")
        for number, intent in enumerate(intents)
    ]

    stages = [one.customer.stage for one in receptions]
    assert stages.count(CustomerStage.CUSTOMER_FILE) == 2
    assert stages.count(CustomerStage.PROSPECT) == 3
    assert {one.customer.state for one in receptions} == {CustomerState.DRAFT}
    assert [one.customer.intent for one in receptions] == intents


@pytest.mark.rule("P:REC-04")
def test_the_intent_must_be_said(office):
    from addons.reception.workflow import RECEPTION_WORKFLOW
    from app.workflow.arguments import load

    arguments = RECEPTION_WORKFLOW.transitions["assess"].arguments
    for body in ({}, {"intent": ""}, {"intent": "D"}, {"intent": 1}):
        with pytest.raises(ValidationError) as caught:
            load(body, arguments)
        assert caught.value.field == "intent"


@pytest.mark.rule("P:REC-03")
def test_a_record_is_printed_once_everything_is_assessed(office, refused):
    for number in range(4):
        assessed(office, Intent.NONE, visitor_name=f"客户{number}", phone=f"1380000000{number}")
    last = recorded(office, visitor_name="客户4", phone="13800000004")

    error = refused(services.print_day, DAY, actor=office.user("amy"), now=at("18:00"))
    assert (error.code, error.data["names"]) == ("reception.unfinished", "R2026030005")
    error = refused(services.print_reception, last, actor=office.user("amy"), now=at("18:00"))
    assert error.code == "workflow.state"

    services.assess_reception(last, actor=office.user("amy"), now=at("17:00"), intent=Intent.C)
    assert services.print_day(DAY, actor=office.user("amy"), now=at("18:00")) == 5
    assert (last.state, last.printed_at, last.print_count) == (ReceptionState.PRINTED, at("18:00"), 1)


@pytest.mark.rule("P:REC-03")
def test_there_is_nothing_to_print_of_an_empty_day(office, refused):
    error = refused(services.print_day, DAY, actor=office.user("amy"), now=at("18:00"))
    assert error.code == "reception.none"


def test_a_supervisor_closes_when_the_file_is_in(office, refused):
    reception = assessed(office)
    services.print_reception(reception, actor=office.user("amy"), now=at("18:00"))

    assert isinstance(refused(services.close_reception, reception, actor=office.user("amy")), NotAllowed)
    error = refused(services.close_reception, reception, actor=office.user("sue"))
    assert error.code == "reception.file_due"

    services.update_customer(reception.customer, actor=office.user("amy"), now=at("18:00"), notice_given=True)
    services.submit_customer(reception.customer, actor=office.user("amy"), now=at("18:00"))
    services.close_reception(reception, actor=office.user("sue"))
    assert reception.state is ReceptionState.CLOSED


def test_cancelling_needs_a_reason_and_ends_before_the_record(office, refused):
    from app.workflow.activity import list_transitions

    reception = started(office)
    services.cancel_reception(reception, actor=office.user("amy"), reason="wrong door")
    assert reception.state is ReceptionState.CANCELLED
    assert list_transitions("reception.Reception", reception.id)[0].reason == "wrong door"

    error = refused(services.cancel_reception, recorded(office), actor=office.user("amy"), reason="late")
    assert error.code == "workflow.state"


def test_an_assessed_reception_is_not_changed_any_more(office, refused):
    reception = assessed(office)
    error = refused(services.update_reception, reception, actor=office.user("amy"), visitor_name="李四")
    assert error.code == "reception.finished"


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "123"), ("phone", "12345678901234567890"), ("id_no", "110105194912310021"), ("id_no", "abc")],
)
def test_malformed_numbers_are_named(office, refused, field, value):
    error = refused(services.create_reception, actor=office.user("amy"), now=at("10:00"), **{field: value})
    assert isinstance(error, ValidationError)
    assert error.field == field
