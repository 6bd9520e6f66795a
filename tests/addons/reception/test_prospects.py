"""The prospect register: who registers, confirms, rejects and keeps a file, from the first hand-in to the deal."""

import pytest
import sqlalchemy as sa

from addons.reception import services
from addons.reception.choices import CustomerState
from addons.reception.events import DealAgreed
from addons.reception.models import Customer
from addons.reception.parameters import PROSPECT_CONFIRM_ROLE
from app.companies.models import LegalEntity, Membership, OrgUnit, Scope
from app.errors import Conflict, NotAllowed, ValidationError
from app.security.scope import visible
from app.workflow.engine import buttons
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_receptions import recorded

SERVICE = "reception_service_supervisor"


def submitted(office, **values):
    """Return a file that Amy has handed in."""
    customer = opened(office, notice_given=True, received_on=DAY, **values)
    services.submit_customer(customer, actor=office.user("amy"), now=at("10:30"))
    return customer


def registered(office, **values):
    """Return a file that Sue has registered."""
    customer = submitted(office, **values)
    services.register_customer(customer, actor=office.user("sue"), now=at("11:00"))
    return customer


def employ_service_supervisor(office, name="dee"):
    """Let one of the staff be customer-service supervisor besides."""
    from app.security.permissions import permission_cache

    role_id = permission_cache().get().names[SERVICE]
    office.session.add(
        Membership(company_id=office.world.one, user_id=office.world.users[name], role_id=role_id, scope=Scope.COMPANY)
    )
    office.session.flush()


@pytest.mark.rule("P:CRM-02")
def test_the_first_prospect_of_the_year_has_number_one_and_keeps_its_owner(office):
    customer = registered(office)

    assert customer.prospect_number == "PC2026-0001"
    assert (customer.state, customer.registered_at) == (CustomerState.REGISTERED, at("11:00"))
    assert (customer.owner.name, customer.custodian.name) == ("Amy", "Sue")
    assert registered(office, name="李四", phone="13800000002").prospect_number == "PC2026-0002"


@pytest.mark.rule("P:CRM-02")
def test_a_registered_prospect_cannot_be_deleted(office, refused):
    customer = registered(office)

    error = refused(services.delete_customer, customer, actor=office.user("max"))

    assert (type(error), error.code) == (Conflict, "customer.registered")
    assert "PC2026-0001" in str(error)


@pytest.mark.rule("P:CRM-02")
def test_only_the_supervisor_registers(office, refused):
    customer = submitted(office)

    assert isinstance(
        refused(services.register_customer, customer, actor=office.user("amy"), now=at("11:00")), NotAllowed
    )
    assert (customer.state, customer.prospect_number) == (CustomerState.SUBMITTED, None)


@pytest.mark.rule("P:CRM-03")
def test_a_rejected_prospect_goes_back_to_the_consultant_with_the_reason(office):
    customer = registered(office)
    with pytest.raises(ValidationError) as blank:
        services_reject(office, customer, "")
    assert (blank.value.code, blank.value.field) == ("argument.missing", "reason")
    assert customer.state is CustomerState.REGISTERED

    services_reject(office, customer, "number unreachable")

    assert customer.state is CustomerState.REJECTED
    assert reason_of_last_step(office, customer) == "number unreachable"
    ready = [one.transition.name for one in buttons(workflow(), customer, office.user("amy")) if one.enabled]
    assert ready == ["submit"]
    services.submit_customer(customer, actor=office.user("amy"), now=at("14:00"))
    services.register_customer(customer, actor=office.user("sue"), now=at("15:00"))
    assert customer.prospect_number == "PC2026-0001"  # It keeps its number.


def workflow():
    from addons.reception.workflow import CUSTOMER_WORKFLOW

    return CUSTOMER_WORKFLOW


def services_reject(office, customer, reason):
    """Press the button as a form does, with what was typed."""
    from app.workflow import engine
    from app.workflow.arguments import load

    transition = workflow().transitions["reject"]
    arguments = load({"reason": reason}, transition.arguments)
    engine.perform(workflow(), transition, customer, actor=office.user("mia"), arguments=arguments)


def reason_of_last_step(office, customer):
    from app.workflow.models import TransitionLog

    log = (
        sa.select(TransitionLog.reason).where(TransitionLog.record_id == customer.id).order_by(TransitionLog.id.desc())
    )
    return office.session.scalars(log).first()


@pytest.mark.rule("P:CRM-03")
def test_the_company_says_which_role_confirms(office, refused):
    customer = registered(office)
    error = refused(services.confirm_prospect, customer, actor=office.user("max"), now=at("13:00"))
    assert (type(error), error.code, str(error)) == (
        NotAllowed,
        "customer.confirm_role",
        "Prospects are confirmed by: Marketing supervisor.",
    )

    PROSPECT_CONFIRM_ROLE.set("reception_manager", valid_from=DAY, actor=office.user("max"))
    services.confirm_prospect(customer, actor=office.user("max"), now=at("13:00"))

    assert (customer.state, customer.confirmed_at) == (CustomerState.CONFIRMED, at("13:00"))


@pytest.mark.rule("P:CRM-04")
def test_with_the_deal_the_file_passes_to_customer_service(office, refused, monkeypatch):
    heard = []
    monkeypatch.setattr("addons.reception.services.custody.publish", heard.append)
    employ_service_supervisor(office)
    customer = registered(office)

    services.agree_deal(customer, actor=office.user("amy"), now=at("10:00"))
    services.agree_deal(customer, actor=office.user("amy"), now=at("10:05"))  # Said twice, agreed once.

    assert (customer.state, customer.custodian.name) == (CustomerState.CONVERTED, "Dee")
    assert (customer.agreed_at, customer.awaits_custodian) == (at("10:00"), False)
    assert [(type(event), event.customer_id) for event in heard] == [(DealAgreed, customer.id)]
    amy = office.user("amy")
    seen = sa.select(Customer.id).where(Customer.id == customer.id, visible(Customer, amy))
    assert office.session.scalar(seen) == customer.id  # She reads the file,
    error = refused(services.update_customer, customer, actor=amy, remark="x")
    assert (type(error), error.code) == (NotAllowed, "customer.kept_by")
    receive(office, customer)  # and still logs what happens.
    services.update_customer(customer, actor=office.user("dee"), remark="Moved in")
    assert customer.remark == "Moved in"


def receive(office, customer):
    """Let Amy receive the customer again."""
    reception = recorded(office, phone=customer.phone, visitor_name=customer.name)
    assert (reception.customer_id, reception.is_returning) == (customer.id, True)


@pytest.mark.rule("P:CRM-04")
def test_a_deal_that_is_undone_gives_the_file_back(office):
    employ_service_supervisor(office)
    customer = registered(office)
    services.agree_deal(customer, actor=office.user("amy"), now=at("10:00"))

    services.undo_deal(customer, actor=office.user("amy"), reason="Loan refused")

    assert (customer.state, customer.custodian.name, customer.agreed_at) == (CustomerState.REGISTERED, "Sue", None)
    assert [role.role.value for role in customer.partner.roles] == ["prospect"]


@pytest.mark.rule("P:CRM-04")
def test_without_customer_service_the_deal_stands_and_waits_for_a_keeper(office):
    customer = registered(office)

    services.agree_deal(customer, actor=office.user("amy"), now=at("10:00"))

    assert (customer.state, customer.custodian.name) == (CustomerState.CONVERTED, "Sue")
    assert customer.awaits_custodian
    assert [shown_todos_of(office, name) for name in ("max", "sue")] == [[str(customer)], []]
    services.assign_custodian(customer, actor=office.user("max"), custodian=office.employee("dee"), now=at("11:00"))
    assert (customer.custodian.name, customer.awaits_custodian) == ("Dee", False)
    assert shown_todos_of(office, "max") == []


def shown_todos_of(office, name):
    """Return the titles that the to-do list of files without a keeper shows somebody."""
    from addons.reception.views import FILES_WITHOUT_CUSTODIAN

    return [todo.title for todo in FILES_WITHOUT_CUSTODIAN.find(office.user(name), at("12:00"))]


@pytest.mark.rule("P:CRM-04")
def test_there_is_no_deal_with_a_file_that_nobody_registered(office, refused):
    customer = submitted(office)

    error = refused(services.agree_deal, customer, actor=office.user("amy"), now=at("10:00"))

    assert (error.code, customer.state) == ("workflow.state", CustomerState.SUBMITTED)


@pytest.mark.rule("P:REC-03")
def test_each_legal_entity_numbers_its_own_receptions(office, refused):
    root = office.session.scalars(sa.select(OrgUnit)).one()
    first = recorded(office, phone="13800000001")
    assert (first.number, first.legal_entity_id) == (
        "R2026030001",
        office.session.scalars(sa.select(LegalEntity.id)).one(),
    )
    second = LegalEntity(name="Second Homes")
    root.legal_entity = second
    office.session.add(second)
    office.session.flush()

    other = recorded(office, phone="13800000002", visitor_name="Li")

    assert (other.number, other.legal_entity_id) == ("R2026030001", second.id)
    root.legal_entity = None
    with pytest.raises(Conflict) as unknown:
        recorded(office, phone="13800000003", visitor_name="Sun")
    assert unknown.value.code == "reception.legal_entity"
