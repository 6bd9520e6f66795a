"""One person or organisation is one partner, however the numbers are typed."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.companies.models import Employee
from app.companies.org import employee_of
from app.database.session import db, session
from app.errors import Conflict, NotFound, ValidationError
from app.masterdata.choices import IdentityType, PartnerKind, PartnerRoleName, PointKind, RelationKind
from app.masterdata.duplicates import (
    DuplicateKey,
    find_by_id_number,
    find_by_name_key,
    find_by_phone,
    find_by_tax_no,
    list_duplicates,
)
from app.masterdata.models import Partner, PartnerPoint, PartnerRelation, PartnerRole
from app.masterdata.partners import (
    add_role,
    create_partner,
    details_of,
    relate,
    remove_point,
    set_point,
    set_stage,
    update_partner,
)
from tests.app.masterdata.people import TODAY, actor, wang

CODE = "91350100M000100Y43"


def count(model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_partner_is_kept_normalised_encrypted_and_owned(world, run_in):
    def check():
        made = create_partner(wang(mail="Wang@Example.COM", wechat="Wang_Xiaoming"), actor=actor(world))

        assert (made.name, made.name_key, made.pinyin) == ("王小明", "王小明", "wangxiaoming")
        assert (made.id_no, made.id_no_last_four, made.id_type) == (
            "11010519491231002X",
            "002X",
            IdentityType.RESIDENT_CARD,
        )
        assert [(point.kind, point.value, point.last_four, point.is_primary) for point in made.points] == [
            (PointKind.PHONE, "13800138000", "8000", True),
            (PointKind.MAIL, "wang@example.com", "", True),
            (PointKind.WECHAT, "wang_xiaoming", "", True),
        ]
        assert made.owner == employee_of(world.users["ann"])
        assert made.owner is not None
        raw = session.connection().exec_driver_sql(
            "SELECT id_no, value FROM masterdata_partner, masterdata_partner_point"
        )
        assert not any("1949" in text or "13800138000" in text for row in raw for text in row)

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-21")
def test_the_same_phone_is_the_same_customer_and_the_refusal_names_the_owner(world, run_in):
    def check():
        known = create_partner(wang(), actor=actor(world))
        for typed in ("13800138000", "+86 138-0013-8000", "１３８００１３８０００", "0086 138 0013 8000"):
            with pytest.raises(Conflict) as refusal:
                create_partner(wang(name="王先生", phone=typed, id_no=None), actor=actor(world, "rob"))

            assert (refusal.value.code, refusal.value.field) == ("partner.duplicate", "phone")
            assert refusal.value.data == {
                "partner_id": known.id,
                "match": "王小明",
                "name": "王小明",
                "owner": str(known.owner),
            }
            assert "Ann" in str(refusal.value)
            assert find_by_phone(typed) is known
        assert count(Partner) == 1

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-21")
def test_the_same_identity_number_is_the_same_customer(world, run_in):
    def check():
        known = create_partner(wang(phone=None), actor=actor(world))
        with pytest.raises(Conflict) as refusal:
            create_partner(
                wang(name="王晓明", phone="13900139000", id_no="１１０１０５１９４９１２３１００２Ｘ"),
                actor=actor(world),
            )

        assert refusal.value.field == "id_no"
        assert find_by_id_number("110105 19491231 002x") is known

    run_in(world.one, check)


@pytest.mark.rule("S:REC-16")
def test_the_same_tax_number_or_name_is_the_same_organisation(world, run_in):
    def check():
        firm = wang(name="福建(省)贸易有限公司", kind=PartnerKind.ORGANISATION, phone=None, id_no=None)
        known = create_partner(replace(firm, tax_no=CODE), actor=actor(world))
        for change, field in (
            ({"name": "福建实业", "tax_no": "9135 0100 m000100y43"}, "tax_no"),
            ({"name": "福建（省）贸易公司"}, "name"),
        ):
            with pytest.raises(Conflict) as refusal:
                create_partner(replace(firm, **change), actor=actor(world))

            assert refusal.value.field == field
        assert find_by_tax_no(CODE) is find_by_name_key("福建 省 贸易 有限责任公司") is known
        create_partner(replace(firm, name="福建（省）贸易公司"), actor=actor(world), keys=[DuplicateKey.TAX_NO])
        assert count(Partner) == 2

    run_in(world.one, check)


def test_people_may_share_a_name(world, run_in):
    def check():
        create_partner(wang(), actor=actor(world))
        create_partner(wang(phone="13900139000", id_no=None), actor=actor(world))

        assert count(Partner) == 2

    run_in(world.one, check)


def test_another_company_knows_nothing_of_a_customer(world, run_in):
    run_in(world.one, lambda: create_partner(wang(), actor=actor(world)))

    def check():
        assert find_by_phone("13800138000") is None
        assert find_by_id_number("11010519491231002X") is None
        create_partner(wang(), actor=actor(world))
        assert count(Partner) == 1

    run_in(world.two, check)


def test_the_database_refuses_a_second_claim_that_the_check_did_not_see(world, run_in, monkeypatch):
    def check():
        create_partner(wang(), actor=actor(world))
        monkeypatch.setattr("app.masterdata.partners.refuse_duplicates", lambda *_arguments, **_options: None)
        with pytest.raises(IntegrityError):
            create_partner(wang(id_no=None), actor=actor(world))
        session.rollback()

    run_in(world.one, check)


MALFORMED = [
    ({"name": " \u200b"}, "name"),
    ({"name": "王" * 201}, "name"),
    ({"phone": "1380013800"}, "phone"),
    ({"id_no": "110105194912310021"}, "id_no"),
    ({"tax_no": "123"}, "tax_no"),
    ({"mail": "wang@"}, "mail"),
    ({"wechat": "王"}, "wechat"),
    ({"id_no": "E" * 41, "id_type": IdentityType.PASSPORT}, "id_no"),
]


def test_malformed_details_are_refused_and_nothing_is_kept(world, run_in):
    def check():
        for change, field in MALFORMED:
            with pytest.raises(ValidationError) as refusal:
                create_partner(wang(**change), actor=actor(world))

            assert refusal.value.field == field
        assert count(Partner) == count(PartnerPoint) == 0

    run_in(world.one, check)


def test_hostile_names_are_kept_as_typed(world, run_in):
    def check():
        for name in ("<script>alert(1)</script>", "=1+1", "👩\u200d👧 王", "'; DROP TABLE x; --", "𠮷野家"):
            assert create_partner(wang(name=name, phone=None, id_no=None), actor=actor(world)).name == name

    run_in(world.one, check)


def test_blank_details_are_missing_details(world, run_in):
    def check():
        made = create_partner(wang(phone=" ", id_no="\u3000", mail="", tax_no=None), actor=actor(world))

        assert (made.points, made.id_no, made.id_type) == ([], None, None)

    run_in(world.one, check)


def test_a_file_is_written_anew_but_not_over_somebody_else(world, run_in):
    def check():
        made = create_partner(wang(), actor=actor(world))
        other = create_partner(wang(name="李四", phone="13900139000", id_no=None), actor=actor(world))
        assert details_of(made) == wang().normalised()

        update_partner(made, replace(details_of(made), name="王大明"))
        assert (made.name, made.pinyin, made.id_no) == ("王大明", "wangdaming", "11010519491231002X")
        assert len(made.points) == 1
        with pytest.raises(Conflict):
            update_partner(other, replace(details_of(other), id_no="11010519491231002X"))
        assert other.id_no is None

    run_in(world.one, check)


def test_points_have_one_primary_of_each_kind(world, run_in):
    def check():
        made = create_partner(wang(), actor=actor(world))
        second = set_point(made, kind=PointKind.PHONE, value="010-62345678", is_primary=True)
        same = set_point(made, kind=PointKind.PHONE, value="(010) 6234 5678")
        third = set_point(made, kind=PointKind.MAIL, value="wang@example.com")

        assert same is second
        assert [(point.value, point.is_primary) for point in made.points] == [
            ("13800138000", False),
            ("010-62345678", True),
            ("wang@example.com", True),
        ]
        remove_point(second)
        assert [(point.value, point.is_primary) for point in made.points] == [
            ("13800138000", True),
            ("wang@example.com", True),
        ]
        remove_point(third)
        with pytest.raises(ValidationError):
            set_point(made, kind=PointKind.PHONE, value=" ")
        assert len(made.points) == 1

    run_in(world.one, check)


def test_a_switchboard_may_be_shared_when_that_is_said(world, run_in):
    def check():
        firm = create_partner(
            wang(name="贸易公司", kind=PartnerKind.ORGANISATION, phone="010-62345678", id_no=None), actor=actor(world)
        )
        clerk = create_partner(wang(), actor=actor(world))
        with pytest.raises(Conflict):
            set_point(clerk, kind=PointKind.PHONE, value="010-62345678")
        set_point(clerk, kind=PointKind.PHONE, value="010-62345678", shared=True)

        assert find_by_phone("01062345678") is firm
        assert count(PartnerPoint) == 3

    run_in(world.one, check)


def test_roles_are_held_once_and_move_through_stages(world, run_in):
    def check():
        made = create_partner(wang(), actor=actor(world))
        first = add_role(made, role=PartnerRoleName.PROSPECT, since=TODAY, stage="new")

        assert add_role(made, role=PartnerRoleName.PROSPECT, since=TODAY) is first
        set_stage(made, role=PartnerRoleName.PROSPECT, stage="warm")
        assert [(held.role, held.stage) for held in made.roles] == [(PartnerRoleName.PROSPECT, "warm")]
        with pytest.raises(NotFound):
            set_stage(made, role=PartnerRoleName.SUPPLIER, stage="x")
        assert count(PartnerRole) == 1

    run_in(world.one, check)


def test_relations_are_kept_once(world, run_in):
    def check():
        firm = create_partner(
            wang(name="贸易公司", kind=PartnerKind.ORGANISATION, phone=None, id_no=None), actor=actor(world)
        )
        clerk = create_partner(wang(), actor=actor(world))
        relate(clerk, other=firm, kind=RelationKind.CONTACT_OF, title="经理")
        relate(clerk, other=firm, kind=RelationKind.CONTACT_OF, title="总经理", is_decision_maker=True)

        relation = session.scalars(sa.select(PartnerRelation)).one()
        assert (relation.title, relation.is_decision_maker) == ("总经理", True)
        with pytest.raises(ValidationError):
            relate(firm, other=firm, kind=RelationKind.AGENT_OF)

    run_in(world.one, check)


def test_an_owner_can_be_named(world, run_in):
    def check():
        rob = session.scalars(sa.select(Employee).where(Employee.user_id == world.users["rob"])).one()

        assert create_partner(wang(), actor=actor(world), owner=rob).owner is rob

    run_in(world.one, check)


def test_opening_a_file_takes_few_statements(world, run_in):
    def check():
        acting = actor(world)
        create_partner(wang(phone="13900139000", id_no=None), actor=acting)
        statements = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        create_partner(wang(), actor=acting)

        assert len(statements) <= 8, statements
        assert len(list_duplicates(wang().normalised().identity())) == 2

    run_in(world.one, check)
