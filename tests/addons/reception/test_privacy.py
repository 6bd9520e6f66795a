"""Consent, opting out, erasure."""

import json

import pytest
import sqlalchemy as sa

from addons.reception import api, services
from addons.reception.choices import CustomerState, Intent
from addons.reception.models import Customer
from app.audit import AuditEntry, list_entries
from app.documents.references import ref_of
from app.errors import Conflict
from app.masterdata.choices import ConsentPurpose
from app.masterdata.models import Consent, EraseRequest
from tests.addons.reception.office import at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_inquiries import registered
from tests.addons.reception.test_receptions import assessed


@pytest.mark.rule("P:CRM-22")
def test_no_file_is_handed_in_before_the_purpose_notice(office, refused):
    customer = opened(office)

    error = refused(services.submit_customer, customer, actor=office.user("amy"), now=at("11:00"))
    assert isinstance(error, Conflict)
    assert (error.code, error.field) == ("customer.notice", "notice_given")

    services.update_customer(customer, actor=office.user("amy"), now=at("11:00"), notice_given=True)
    assert customer.notice_given_at == at("11:00")
    services.submit_customer(customer, actor=office.user("amy"), now=at("11:00"))
    assert customer.state is CustomerState.SUBMITTED


@pytest.mark.rule("P:CRM-22")
def test_sensitive_data_needs_a_consent_of_its_own(office, refused):
    customer = opened(office, id_no="11010519491231002X", notice_given=True)

    error = refused(services.submit_customer, customer, actor=office.user("amy"), now=at("11:00"))
    assert (error.code, error.field) == ("customer.sensitive", "sensitive_consent")

    services.update_customer(customer, actor=office.user("amy"), now=at("11:00"), sensitive_consent=True)
    consent = office.session.scalars(sa.select(Consent)).one()
    assert (consent.purpose, consent.given_at, consent.withdrawn_at) == (
        ConsentPurpose.SENSITIVE_DATA,
        at("11:00"),
        None,
    )
    services.submit_customer(customer, actor=office.user("amy"), now=at("11:00"))


@pytest.mark.rule("P:CRM-22", "P:COR-03")
def test_a_company_may_do_without_the_notice(office):
    from addons.reception.parameters import CONSENT_NOTICE
    from tests.addons.reception.office import DAY

    CONSENT_NOTICE.set(False, valid_from=DAY, actor=office.user("max"))
    services.submit_customer(opened(office), actor=office.user("amy"), now=at("11:00"))


@pytest.mark.rule("P:CRM-22")
def test_opting_out_stops_marketing_contact(office, refused):
    customer = opened(office, marketing_consent=True)
    api.refuse_unwanted_contact(customer.partner, purpose=ConsentPurpose.MARKETING, now=at("11:00"))

    services.update_customer(customer, actor=office.user("amy"), now=at("12:00"), opt_out=True)

    assert (customer.opt_out, customer.marketing_consent) == (True, False)
    error = refused(api.refuse_unwanted_contact, customer.partner, purpose=ConsentPurpose.MARKETING, now=at("13:00"))
    assert isinstance(error, Conflict)
    assert error.code == "customer.contact_refused"
    services.update_customer(customer, actor=office.user("amy"), now=at("14:00"), opt_out=False, marketing_consent=True)
    assert (customer.opt_out, customer.marketing_consent) == (False, True)
    assert len(office.session.scalars(sa.select(Consent)).all()) == 2


@pytest.mark.rule("P:CRM-22")
def test_an_erased_prospect_is_anonymous_everywhere(office):
    reception = assessed(office, Intent.B, id_no="11010519491231002X")
    customer, code = reception.customer, reception.customer.code
    services.update_customer(customer, actor=office.user("amy"), address="杭州市西湖区文三路 1 号", remark="爱喝茶")

    services.erase_customer(customer, actor=office.user("max"), source="letter of 2026-03-02", now=at("18:00"))

    office.session.expire_all()
    assert customer.state is CustomerState.ERASED
    assert (customer.name, customer.phone, customer.id_no, customer.address) == (f"*** {code}", None, None, None)
    assert (customer.code, customer.remark) == (code, None)
    assert (reception.visitor_name, reception.phone, reception.id_no) == (None, None, None)
    assert (reception.number, reception.minutes) == ("R2026030001", 45)
    assert office.session.scalars(sa.select(EraseRequest)).one().state == "erased"


@pytest.mark.rule("P:CRM-22", "S:CORE-07")
def test_the_audit_log_never_knew_who_was_erased(office):
    received = registered(office, phone="13812345678", visitor_name="王小明", need="学区房")
    services.receive_inquiry(received, actor=office.user("amy"), now=at("09:30"))
    customer = assessed(office, Intent.B, needs="三居室，南向", note="爱喝茶").customer
    services.update_customer(customer, actor=office.user("amy"), address="杭州市西湖区文三路 1 号", remark="怕狗")
    services.update_customer(customer, actor=office.user("amy"), name="王大明")
    services.erase_customer(customer, actor=office.user("max"), source="letter", now=at("18:00"))

    kept = json.dumps([one.changes for one in office.session.scalars(sa.select(AuditEntry))], ensure_ascii=False)
    for told in ("王", "明", "wang", "13812345678", "5678", "学区房", "三居室", "爱喝茶", "怕狗", "西湖", "***"):
        assert told not in kept, told
    entries = list_entries("masterdata_partner", customer.partner_id)
    names = [one.changes["name"] for one in entries if "name" in one.changes]
    assert names == [["•••", "•••"], ["•••", "•••"], [None, "•••"]]


@pytest.mark.rule("P:CRM-22")
@pytest.mark.parametrize("linked", [True, False])
def test_an_erased_partners_inquiries_are_erased_with_the_receptions_they_led_to(office, linked):
    customer, others = opened(office), registered(office, 1)
    mine = registered(office, phone="13812345678", visitor_name="王小明")
    ref = ref_of(mine, "reception.Inquiry")
    if linked:
        services.receive_inquiry(mine, actor=office.user("amy"), now=at("10:00"))
        mine.reception.partner_id, mine.phone, mine.reception.phone = customer.partner_id, None, None

    services.erase_customer(customer, actor=office.user("max"), source="letter", now=at("18:00"))

    office.session.expire_all()
    assert (mine.visitor_name, mine.phone, mine.need, mine.note) == (None, None, None, None)
    assert (ref.title, ref.partner_id) == (f"#{mine.id}", None)
    assert mine.reception is None or mine.reception.visitor_name is None
    assert (others.visitor_name, others.phone) == ("客户1", "13800000001")


@pytest.mark.rule("P:CRM-22")
def test_what_the_law_wants_kept_is_kept(office, refused, database):
    from app.masterdata.privacy import register_erasure_blocker

    customer = opened(office)
    register_erasure_blocker(database.app, lambda _partner: "a contract is open")
    try:
        error = refused(services.erase_customer, customer, actor=office.user("max"), source="letter", now=at("18:00"))
    finally:
        database.app.extensions["erasure_blockers"].clear()

    assert isinstance(error, Conflict)
    assert str(error) == "The data must be kept: a contract is open"
    assert (customer.name, customer.state) == ("王小明", CustomerState.DRAFT)


def test_an_erased_number_may_come_back_as_somebody_new(office):
    first = opened(office)
    services.erase_customer(first, actor=office.user("max"), source="letter", now=at("18:00"))

    second = opened(office)

    assert second.code == "C2026030002"
    assert office.count(Customer) == [2]


def test_only_the_manager_erases(office, refused):
    error = refused(services.erase_customer, opened(office), actor=office.user("amy"), source="letter", now=at("18:00"))
    assert error.code.startswith("security.")


@pytest.mark.rule("P:CRM-22")
def test_idle_files_are_proposed_once_and_people_decide(office):
    import datetime as dt

    idle, fresh = opened(office), opened(office, phone="13900139000", name="李四")
    idle.last_contact_at, fresh.last_contact_at = at("09:00"), at("09:00") + dt.timedelta(days=3)
    later = at("23:00") + dt.timedelta(days=1097)  # 36 months and a day.

    assert services.propose_idle_erasures(now=later) == 1
    assert services.propose_idle_erasures(now=later) == 0

    proposed = office.session.scalars(sa.select(EraseRequest)).one()
    assert (proposed.partner_id, proposed.state, proposed.source) == (idle.partner_id, "proposed", "idle")
    assert (idle.name, fresh.name) == ("王小明", "李四")
