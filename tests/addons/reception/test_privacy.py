"""Consent, opting out, erasure."""

import pytest
import sqlalchemy as sa

from addons.reception import api, services
from addons.reception.choices import CustomerState, Intent
from addons.reception.models import Customer
from app.errors import Conflict
from app.masterdata.choices import ConsentPurpose
from app.masterdata.models import Consent, EraseRequest
from tests.addons.reception.office import at
from tests.addons.reception.test_customers import opened
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
