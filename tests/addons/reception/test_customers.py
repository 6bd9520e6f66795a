"""Customer files: what they need, how they are numbered, whose they are, and how they are handed in."""

import datetime as dt

import pytest

from addons.reception import services
from addons.reception.choices import CustomerStage, CustomerState, DutyState, Intent
from addons.reception.models import Customer
from app.errors import Conflict, Duplicate, NotAllowed, ValidationError
from tests.addons.reception.office import DAY, at


def opened(office, by="amy", now=None, **values):
    """Return a new file of one of the staff."""
    values = {"name": "王小明", "phone": "13812345678", "source_id": office.source(), **values}
    return services.create_customer(actor=office.user(by), now=now or at("10:00"), **values)


@pytest.mark.rule("S:REC-01", "P:CRM-12")
@pytest.mark.parametrize(
    ("field", "value"), [("phone", None), ("phone", "  "), ("name", None), ("name", " \u3000"), ("name", "\u200b")]
)
def test_a_file_needs_name_and_phone(office, refused, field, value):
    error = refused(opened, office, **{field: value})
    assert isinstance(error, ValidationError)
    assert (error.code, error.field) == ("customer.required", field)


@pytest.mark.rule("S:REC-01", "P:COR-03")
def test_a_company_decides_what_a_file_needs(office, refused):
    from addons.reception.parameters import REQUIRED

    REQUIRED.set(["name", "phone", "decision_maker"], valid_from=DAY, actor=office.user("max"))

    error = refused(opened, office)
    assert (error.field, str(error)) == ("decision_maker", "Decision maker is required.")
    assert opened(office, decision_maker="李总").decision_maker == "李总"


@pytest.mark.rule("S:REC-01")
def test_a_card_keeps_everything_the_rule_names(office):
    facts = {
        "legal_representative": "张三",
        "address": "杭州市西湖区文三路 1 号",
        "business_scope": "建材批发",
        "decision_maker": "李总",
        "intent": Intent.B,
        "buying_power": "三百万",
        "cooperation_need": "长期供货",
        "kind": "organisation",
        "name": "杭州云栖建材有限公司",
        "tax_no": "91330106MA2B0QAF3T",
    }
    facts.pop("tax_no")
    customer = opened(office, **facts)
    assert {name: getattr(customer, name) for name in facts} == facts


@pytest.mark.rule("S:REC-05")
def test_a_blank_source_is_refused(office, refused):
    error = refused(opened, office, source_id=None)
    assert (error.code, error.field) == ("customer.required", "source_id")


@pytest.mark.rule("S:REC-02")
def test_the_third_file_of_a_month_has_number_three(office):
    day = dt.date(2025, 11, 3)
    codes = [
        opened(office, name=f"客户{number}", phone=f"1380000000{number}", received_on=day).code for number in range(3)
    ]
    assert codes == ["C2025110001", "C2025110002", "C2025110003"]
    assert opened(office, received_on=dt.date(2025, 12, 1)).code == "C2025120001"


@pytest.mark.rule("S:REC-02")
def test_a_refused_file_uses_up_no_number(office, refused):
    opened(office, phone="13800000001")
    refused(opened, office, phone="12")
    refused(opened, office, phone="+86 138 0000 0001")
    assert opened(office).code == "C2026030002"


@pytest.mark.rule("P:CRM-01")
def test_a_prospect_handed_in_a_day_later_is_a_day_late(office):
    customer = opened(office, received_on=DAY, notice_given=True)

    services.submit_customer(customer, actor=office.user("amy"), now=at("09:00", DAY + dt.timedelta(days=1)))

    assert (customer.state, customer.days_late) == (CustomerState.SUBMITTED, 1)
    assert customer.is_late


@pytest.mark.rule("P:CRM-01", "P:COR-03")
def test_the_days_allowed_are_those_of_the_day_it_was_received(office):
    from addons.reception.parameters import PROSPECT_SUBMIT_DAYS

    PROSPECT_SUBMIT_DAYS.set(2, valid_from=DAY, actor=office.user("max"))
    earlier = opened(office, received_on=DAY - dt.timedelta(days=1), notice_given=True)
    later = opened(office, phone="13800000001", received_on=DAY, notice_given=True)

    for customer in (earlier, later):
        services.submit_customer(customer, actor=office.user("amy"), now=at("23:59", DAY + dt.timedelta(days=1)))

    assert (earlier.days_late, later.days_late) == (2, 0)


@pytest.mark.rule("P:CRM-01")
def test_a_file_nobody_can_call_is_not_handed_in(office, refused):
    customer = opened(office, notice_given=True)
    for point in customer.points:
        office.session.delete(point)
    office.session.flush()
    office.session.expire(customer)

    error = refused(services.submit_customer, customer, actor=office.user("amy"), now=at("11:00"))
    assert (error.code, error.field) == ("customer.contact", "phone")


@pytest.mark.rule("P:CRM-05")
@pytest.mark.parametrize(("clock", "late"), [("14:00", 0), ("14:01", 1), ("16:30", 150)])
def test_a_customer_file_is_due_within_four_hours(office, clock, late):
    customer = opened(office, intent=Intent.B, notice_given=True)
    assert customer.stage is CustomerStage.CUSTOMER_FILE

    services.submit_customer(customer, actor=office.user("amy"), now=at(clock))

    assert customer.file_minutes_late == late


@pytest.mark.rule("P:CRM-05")
def test_without_intent_there_is_a_prospect_only(office, refused):
    customer = opened(office, intent=Intent.NONE)
    assert customer.stage is CustomerStage.PROSPECT
    assert customer.file_opened_at is None

    error = refused(services.open_customer_file, customer, intent=Intent.NONE, now=at("11:00"))
    assert isinstance(error, Conflict)
    assert (error.code, error.field) == ("customer.no_intent", "intent")

    services.update_customer(customer, actor=office.user("amy"), now=at("11:00"), intent=Intent.C)
    assert (customer.stage, customer.file_opened_at) == (CustomerStage.CUSTOMER_FILE, at("11:00"))


SAME = [
    "13812345678",
    "+86 13812345678",
    "0086-138-1234-5678",
    "138 1234 5678",
    "１３８１２３４５６７８",
    "8613812345678",
]


@pytest.mark.rule("P:CRM-21")
@pytest.mark.parametrize("phone", SAME)
def test_one_number_is_one_customer_however_it_is_written(office, refused, phone):
    first = opened(office)

    error = refused(opened, office, phone=phone, name="另一个名字")

    assert isinstance(error, Duplicate)
    assert (error.code, error.field, error.match) == ("customer.own", "phone", f"{first.code} 王小明")


@pytest.mark.rule("P:CRM-21")
@pytest.mark.parametrize(
    "id_no",
    ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X"],
)
def test_one_identity_number_is_one_customer(office, refused, id_no):
    opened(office, id_no="11010519491231002X")

    error = refused(opened, office, "bob", phone="13900000000", id_no=id_no)

    assert isinstance(error, Duplicate)
    assert (error.code, error.field, error.data["owner"]) == ("customer.protected", "id_no", "Amy")


@pytest.mark.rule("P:CRM-21")
def test_a_colleagues_customer_is_refused_ten_days_after_the_contact(office, refused):
    customer = opened(office, now=at("10:00"))

    error = refused(opened, office, "bob", now=at("10:00", DAY + dt.timedelta(days=10)))

    assert isinstance(error, Duplicate)
    assert error.code == "customer.protected"
    assert str(error) == f"{customer.code} 王小明 is the customer of Amy, protected until 2026-04-01."
    assert customer.owner == office.employee("amy")


@pytest.mark.rule("P:CRM-21")
def test_after_the_protection_a_new_owner_may_take_over(office, refused):
    customer = opened(office, now=at("10:00"))
    last_day, next_day = DAY + dt.timedelta(days=30), DAY + dt.timedelta(days=31)

    error = refused(opened, office, "bob", now=at("10:00", last_day), take_over=True)
    assert error.code == "customer.protected"
    error = refused(opened, office, "bob", now=at("10:00", next_day))
    assert (error.code, error.data["owner"]) == ("customer.known", "Amy")
    assert customer.owner == office.employee("amy")

    assert opened(office, "bob", now=at("10:00", next_day), take_over=True) is customer
    assert (customer.owner, customer.partner.owner) == (office.employee("bob"), office.employee("bob"))
    assert customer.last_contact_at == at("10:00", next_day)
    assert office.count(Customer) == [1]


def visit(office, name, now, **values):
    """Return a reception of the same visitor, recorded by one of the staff."""
    reception = services.create_reception(
        actor=office.user(name),
        now=now,
        visitor_name="王小明",
        phone="138 1234 5678",
        source_id=office.source(),
        arrived_at=now,
    )
    services.start_reception(reception, actor=office.user(name), now=now)
    for check in reception.checks:
        check.done = True
    left = now + dt.timedelta(minutes=30)
    services.record_reception(reception, actor=office.user(name), now=left, left_at=left, **values)
    return reception


@pytest.mark.rule("P:CRM-21")
def test_a_returning_visitor_is_linked_and_stays_with_the_owner(office):
    customer = opened(office, now=at("10:00", DAY - dt.timedelta(days=40)))

    reception = visit(office, "amy", at("10:00"))

    assert (reception.customer, reception.is_returning) == (customer, True)
    assert customer.last_contact_at == at("10:30")
    assert office.count(Customer) == [1]


@pytest.mark.rule("P:CRM-21")
def test_receiving_a_colleagues_customer_is_refused_unless_he_is_on_leave(office, refused):
    customer = opened(office, now=at("10:00", DAY - dt.timedelta(days=10)))

    error = refused(visit, office, "bob", at("10:00"))
    assert (error.code, error.field, error.data["owner"]) == ("customer.protected", "phone", "Amy")

    services.set_duty(office.seat("amy"), state=DutyState.LEAVE, actor=office.user("amy"))
    reception = visit(office, "bob", at("10:00"))

    assert (reception.owner, reception.customer) == (office.employee("bob"), customer)
    assert customer.owner == office.employee("amy")


@pytest.mark.rule("P:CRM-21")
def test_receiving_after_the_protection_changes_the_owner_only_when_asked(office):
    customer = opened(office, now=at("10:00", DAY - dt.timedelta(days=100)))

    visit(office, "bob", at("10:00"))
    assert customer.owner == office.employee("amy")

    visit(office, "bob", at("10:00", DAY + dt.timedelta(days=40)), take_over=True)
    assert customer.owner == office.employee("bob")


@pytest.mark.rule("P:CRM-21")
def test_a_file_cannot_take_the_number_of_another(office, refused):
    first = opened(office)
    second = opened(office, "bob", name="李四", phone="13900000000")

    error = refused(services.update_customer, second, actor=office.user("bob"), phone="+86 13812345678")

    assert isinstance(error, Duplicate)
    assert (error.field, error.match) == ("phone", str(first))
    assert second.phone == "13900000000"


def test_changing_one_thing_leaves_the_others(office):
    customer = opened(office, address="杭州市西湖区文三路 1 号", intent=Intent.B)
    version = customer.version

    services.update_customer(customer, actor=office.user("amy"), phone="13900000000")

    assert (customer.phone, customer.name, customer.address) == ("13900000000", "王小明", "杭州市西湖区文三路 1 号")
    assert customer.version > version
    services.update_customer(customer, actor=office.user("amy"), address=None, name="王大明")
    assert (customer.address, customer.name) == (None, "王大明")


def test_only_those_with_the_right_submit(office, refused):
    customer = opened(office, notice_given=True)
    error = refused(services.submit_customer, customer, actor=office.user("mia"), now=at("11:00"))
    assert isinstance(error, NotAllowed)
    assert customer.state is CustomerState.DRAFT
