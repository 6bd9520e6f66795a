"""Consent, opting out and erasure (P:CRM-22)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.database.session import session
from app.errors import Conflict, ValidationError
from app.masterdata.choices import AddressKind, ConsentPurpose, EraseState, PartnerRoleName, PointKind, RelationKind
from app.masterdata.duplicates import find_by_id_number, find_by_phone
from app.masterdata.models import Address, Consent, EraseRequest, Partner, PartnerPoint, PartnerRelation
from app.masterdata.partners import add_role, create_partner, relate, set_point, update_partner
from app.masterdata.privacy import (
    anonymise_partner,
    contact_refusal,
    decide_erasure,
    may_contact,
    opt_in,
    opt_out,
    record_consent,
    register_erasure_blocker,
    request_erasure,
    withdraw_consent,
)
from app.search.declaration import declaration_of
from app.search.models import SearchToken
from tests.app.masterdata.people import NOW, TODAY, actor, wang

MARKETING, SERVICE = ConsentPurpose.MARKETING, ConsentPurpose.SERVICE
LATER = NOW + dt.timedelta(days=30)


@pytest.mark.rule("P:CRM-22")
def test_marketing_needs_a_consent_that_is_in_force(world, run_in):
    def check():
        made = create_partner(wang(), actor=actor(world))
        assert not may_contact(made, purpose=MARKETING, now=NOW)
        assert may_contact(made, purpose=SERVICE, now=NOW)

        given = record_consent(made, purpose=MARKETING, source="signed form", now=NOW)
        assert record_consent(made, purpose=MARKETING, source="again", now=LATER) is given
        assert may_contact(made, purpose=MARKETING, now=NOW)
        assert not may_contact(made, purpose=MARKETING, now=NOW - dt.timedelta(seconds=1))
        assert not may_contact(made, purpose=ConsentPurpose.SHARING, now=NOW)

        withdraw_consent(made, purpose=MARKETING, now=LATER)
        assert may_contact(made, purpose=MARKETING, now=NOW)
        assert not may_contact(made, purpose=MARKETING, now=LATER)
        with pytest.raises(Conflict):
            withdraw_consent(made, purpose=MARKETING, now=LATER)
        with pytest.raises(ValidationError):
            record_consent(made, purpose=MARKETING, source=" ", now=LATER)
        assert session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 1

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-22")
def test_whoever_opted_out_is_not_contacted(world, run_in):
    def check():
        made = create_partner(wang(mail="wang@example.com"), actor=actor(world))
        record_consent(made, purpose=MARKETING, source="signed form", now=NOW)

        opt_out(made, kind=PointKind.MAIL, now=NOW)
        assert may_contact(made, purpose=MARKETING, now=NOW)
        opt_out(made, now=LATER)
        assert "not want" in str(contact_refusal(made, purpose=SERVICE, now=LATER))
        opt_in(made)
        assert may_contact(made, purpose=SERVICE, now=LATER)
        assert not may_contact(made, purpose=MARKETING, now=LATER)

    run_in(world.one, check)


def test_a_withdrawn_consent_to_service_counts(world, run_in):
    def check():
        made = create_partner(wang(), actor=actor(world))
        record_consent(made, purpose=SERVICE, source="notice", now=NOW)
        withdraw_consent(made, purpose=SERVICE, now=LATER)

        assert not may_contact(made, purpose=SERVICE, now=LATER)

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-22")
def test_erasure_leaves_the_file_without_the_person(world, run_in):
    def check():
        made = create_partner(wang(), actor=actor(world))
        other = create_partner(wang(name="李四", phone=None, id_no=None), actor=actor(world))
        made.number, made.custom = "C2026030001", {"hobby": "chess"}
        add_role(made, role=PartnerRoleName.PROSPECT, since=TODAY)
        relate(made, other=other, kind=RelationKind.SPOUSE)
        session.add(Address(partner_id=made.id, kind=AddressKind.HOME, admin_code="110105", detail="建国路1号"))
        request = request_erasure(made, source="phone call", now=NOW)
        assert request_erasure(made, source="again", now=LATER) is request

        assert decide_erasure(request, now=LATER) is EraseState.ERASED

        session.expire_all()
        assert (made.name, made.number, made.anonymised_at, made.custom) == (
            "*** C2026030001",
            "C2026030001",
            LATER,
            {},
        )
        assert (made.id_no, made.id_no_hash, made.id_no_last_four, made.pinyin, made.points) == (
            None,
            None,
            None,
            "",
            [],
        )
        assert len(made.roles) == 1
        for model in (Address, PartnerPoint, PartnerRelation):
            assert session.scalars(sa.select(model)).all() == []
        assert find_by_phone("13800138000") is find_by_id_number("11010519491231002X") is None
        number = declaration_of(Partner).number
        left = session.scalars(
            sa.select(SearchToken.token).where(SearchToken.model == number, SearchToken.record_id == made.id)
        ).all()
        assert set(left) == {"c2026030001", "2026030001", "0001"}
        assert not may_contact(made, purpose=SERVICE, now=LATER)
        for change in (
            lambda: set_point(made, kind=PointKind.PHONE, value="13800138000"),
            lambda: update_partner(made, wang()),
            lambda: decide_erasure(request, now=LATER),
        ):
            with pytest.raises(Conflict):
                change()
        anonymise_partner(made, now=NOW)
        assert made.anonymised_at == LATER

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-22")
def test_erasure_is_refused_while_the_law_wants_the_data(world, run_in):
    def check():
        register_erasure_blocker(world.app, lambda _partner: None)
        register_erasure_blocker(world.app, lambda partner: f"{partner.name} has a contract until 2030.")
        made = create_partner(wang(), actor=actor(world))
        with pytest.raises(Conflict) as refusal:
            anonymise_partner(made, now=NOW)
        assert "contract until 2030" in str(refusal.value)

        request = request_erasure(made, source="letter", now=NOW)
        assert decide_erasure(request, now=LATER) is EraseState.REFUSED
        assert (request.refusal, request.decided_at) == ("王小明 has a contract until 2030.", LATER)
        assert (made.name, made.anonymised_at, len(made.points)) == ("王小明", None, 1)
        assert session.scalar(sa.select(sa.func.count()).select_from(EraseRequest)) == 1

    try:
        run_in(world.one, check)
    finally:
        world.app.extensions["erasure_blockers"].clear()
