"""Two files of one customer become one: everything that pointed at either points at the one that is kept."""

import threading

import pytest
import sqlalchemy as sa

from addons.reception.choices import CustomerState, Intent
from addons.reception.models import Customer, Reception
from app.database.session import as_company, commit, rollback, session
from app.documents.comments import add_comment, list_comments
from app.documents.references import ref_of
from app.errors import AppError, Conflict
from app.masterdata.duplicate_list import list_groups
from app.masterdata.merging import merge_partners
from app.masterdata.models import MergeLog, Partner, PartnerPoint
from app.masterdata.partners import PointKind, set_point
from app.masterdata.privacy import anonymise_partner
from app.search.query import matching_ids
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_prospects import registered
from tests.addons.reception.test_receptions import recorded

MERGE = "/masterdata/duplicates/"


def pair(office):
    """Return two files of Wang Xiaoming: one with two receptions, one with another number and one reception."""
    for phone in ("13800000001", "13800000001", "13800000002"):
        recorded(office, phone=phone, visitor_name="王小明")
    return list(office.session.scalars(sa.select(Customer).order_by(Customer.id)))


def merged(office, kept, other, by="max", **values):
    """Merge two files' partners."""
    return merge_partners(kept.partner, other.partner, actor=office.user(by), now=at("12:00"), **values)


def receptions_of(office, customer):
    statement = sa.select(Reception.number).where(
        Reception.customer_id == customer.id, Reception.partner_id == customer.partner_id
    )
    return sorted(office.session.scalars(statement))


@pytest.mark.rule("S:REC-16")
def test_two_and_one_make_three_and_the_loser_is_archived(office):
    kept, other = pair(office)
    before = [one.phone for one in office.session.scalars(sa.select(Reception).order_by(Reception.id))]
    assert (len(receptions_of(office, kept)), len(receptions_of(office, other))) == (2, 1)

    log = merged(office, kept, other, reason="Same person")

    assert receptions_of(office, kept) == ["R2026030001", "R2026030002", "R2026030003"]
    assert receptions_of(office, other) == []
    assert (other.archived_at, other.partner.archived_at) == (at("12:00"), at("12:00"))
    assert (other.partner.merged_into_id, kept.archived_at) == (kept.partner_id, None)
    # A recorded reception keeps what it says of the visitor itself.
    assert [one.phone for one in office.session.scalars(sa.select(Reception).order_by(Reception.id))] == before
    # What it takes to part them again.
    assert log.details["moved"]["reception_reception.partner_id"] == [3]
    assert log.details["moved"]["reception_reception.customer_id"] == [3]
    assert (log.survivor_id, log.loser_id, log.reason) == (kept.partner_id, other.partner_id, "Same person")


@pytest.mark.rule("S:REC-16")
def test_numbers_roles_comments_and_search_words_are_united(office):
    kept, other = pair(office)
    for customer, mail in ((kept, "wang@example.com"), (other, "wang@example.com")):
        set_point(customer.partner, kind=PointKind.MAIL, value=mail)
    add_comment(ref_of(other, "reception.Customer"), body="Likes the corner flat", actor=office.user("amy"))

    merged(office, kept, other)

    points = [(point.kind.value, point.value, point.is_primary) for point in kept.points]
    assert points == [
        ("phone", "13800000001", True),
        ("phone", "13800000002", False),
        ("mail", "wang@example.com", True),
    ]
    assert [role.role.value for role in kept.partner.roles] == ["prospect"]
    assert [one.body for one in list_comments("reception.Customer", kept.id)] == ["Likes the corner flat"]
    found = sa.select(Partner.id).where(Partner.id.in_(matching_ids(Partner, "13800000002", include_personal=True)))
    assert list(office.session.scalars(found)) == [kept.partner_id]


@pytest.mark.rule("P:CRM-22", "S:REC-16")
def test_who_is_erased_is_erased_from_the_file_that_was_merged_too(office):
    kept, other = pair(office)
    merged(office, kept, other)

    anonymise_partner(kept.partner, now=at("13:00"))

    assert [one.anonymised_at for one in (kept.partner, other.partner)] == [at("13:00")] * 2
    assert other.partner.name == f"*** {other.partner.number}"
    assert office.count(PartnerPoint) == [0]


@pytest.mark.rule("S:REC-16")
def test_the_manager_chooses_which_values_stay(office):
    kept = opened(office, phone="13800000001", decision_maker="王总", remark="east")
    other = opened(office, phone="13800000002", decision_maker="李总", intent=Intent.B, budget=900)

    merged(office, kept, other, taken={"reception_customer.decision_maker"})

    assert (kept.decision_maker, kept.remark, kept.intent, kept.budget) == ("李总", "east", Intent.B, 900)


@pytest.mark.rule("S:REC-16")
@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({"id_no": "11010519491231002X"}, {"id_no": "330106196001010022"}, "Their identity numbers differ."),
        ({}, {"kind": "organisation"}, "One is a person, the other an organisation."),
    ],
)
def test_two_who_cannot_be_one_are_named_and_refused(office, refused, mine, theirs, reason):
    kept, other = opened(office, phone="13800000001", **mine), opened(office, phone="13800000002", **theirs)

    error = refused(merged, office, kept, other)

    assert (type(error), error.code) == (Conflict, "merge.conflict")
    assert reason in str(error)
    assert (other.archived_at, office.count(MergeLog)) == (None, [0])


@pytest.mark.rule("S:REC-16")
def test_the_file_that_came_further_is_kept(office, refused):
    further, other = registered(office, phone="13800000001"), opened(office, phone="13800000002")

    assert "has come further" in str(refused(merged, office, other, further))

    merged(office, further, other)
    assert (further.state, further.prospect_number) == (CustomerState.REGISTERED, "PC2026-0001")


@pytest.mark.rule("S:REC-16")
def test_what_was_merged_is_not_merged_again_and_nothing_new_names_it(office, refused):
    kept, other = pair(office)
    merged(office, kept, other)

    assert refused(merged, office, kept, other).code == "partner.merged"
    assert refused(merged, office, other, kept).code == "partner.merged"
    office.session.add(Reception(doc_date=kept.received_on, partner_id=other.partner_id))
    with pytest.raises(Conflict) as late:
        office.session.flush()
    assert late.value.code == "partner.merged"


@pytest.mark.rule("S:REC-16")
def test_the_list_of_duplicates_compares_phone_tax_number_and_name(office):
    kept, other = pair(office)
    opened(office, phone="13900000000", name="孙丽")

    def found(*keys):
        return [
            (group.key.value, [partner.id for partner in group.partners])
            for group in list_groups(keys, actor=office.user("max"))
        ]

    assert found("phone", "tax_no", "name") == [("name", [kept.partner_id, other.partner_id])]
    assert found("phone", "tax_no") == []
    set_point(other.partner, kind=PointKind.PHONE, value="13800000001", shared=True)
    assert found("phone", "name") == [("phone", [kept.partner_id, other.partner_id])]
    merged(office, kept, other)
    assert found("phone", "name") == []


@pytest.mark.rule("S:REC-16")
def test_a_manager_merges_on_the_page_and_a_consultant_may_not(world, login, run_in):
    def two() -> list[int]:
        return [customer.partner_id for customer in pair(Office(world))]

    kept, other = run_in(world.one, two)
    asked = {"survivor": kept, "loser": other}
    amy = login("amy", world.one)
    assert (amy.get(MERGE).status_code, amy.post(f"{MERGE}merge", data=asked).status_code) == (403, 403)

    max_ = login("max", world.one)
    assert f"survivor={kept}&amp;loser={other}" in max_.get(MERGE).text
    page = max_.get(MERGE, query_string=asked).text
    assert "Compare and merge" in page
    assert "13800000002" in page
    answer = max_.post(f"{MERGE}merge", data=asked, follow_redirects=True)

    assert "Merged." in answer.text
    assert run_in(world.one, lambda: session.get_one(Partner, other).merged_into_id) == kept
    assert run_in(world.one, lambda: Office(world).count(MergeLog)) == [1]
    shown = max_.get("/reception/customer/list/").text
    assert ("C2026030001" in shown, "C2026030002" in shown) == (True, False)


@pytest.mark.rule("S:REC-16")
def test_whoever_edits_meanwhile_is_told(world, login, run_in):
    kept, other = run_in(world.one, lambda: [(one.id, one.partner_id) for one in pair(Office(world))])
    amy = login("amy", world.one)
    forms = {key: amy.get(f"/reception/customer/edit/{key}").text for key, _partner in (kept, other)}
    versions = {
        key: form.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
        for key, form in forms.items()
    }

    def both() -> None:
        office = Office(world)
        merge_partners(
            session.get_one(Partner, kept[1]),
            session.get_one(Partner, other[1]),
            actor=office.user("max"),
            now=at("12:00"),
        )

    run_in(world.one, both)

    for key, version in versions.items():
        answer = amy.post(f"/reception/customer/edit/{key}", data={"version": version, "name": "王小明", "remark": "x"})
        assert answer.status_code == 422, key
        assert run_in(world.one, lambda key=key: session.get_one(Customer, key).remark) is None


@pytest.mark.rule("S:REC-16")
@pytest.mark.parametrize("rival", ["the same merge", "a new reception"])
def test_two_at_the_same_moment(world, run_in, database, rival):
    """PostgreSQL: the second waits for the first and is refused. SQLite has one writer at a time."""
    kept, other = run_in(world.one, lambda: [one.partner_id for one in pair(Office(world))])
    has_merged, may_commit, outcomes = threading.Event(), threading.Event(), []

    def first() -> None:
        with world.app.app_context(), as_company(world.one):
            merge(world, kept, other)
            has_merged.set()
            may_commit.wait(20)
            commit()

    def second() -> None:
        with world.app.app_context(), as_company(world.one):
            try:
                if rival == "the same merge":
                    merge(world, kept, other)
                else:
                    session.add(Reception(doc_date=at("12:00").date(), partner_id=other))
                    session.flush()
                commit()
                outcomes.append("done")
            except AppError as error:
                outcomes.append(error.code)
            finally:
                rollback()

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert has_merged.wait(20)
    if database.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        may_commit.set()
        threads[0].join(20)
    threads.append(threading.Thread(target=second))
    threads[1].start()
    threads[1].join(0.5)  # On PostgreSQL it waits at the lock now.
    assert not outcomes or may_commit.is_set()
    may_commit.set()
    for thread in threads:
        thread.join(20)

    assert outcomes == ["partner.merged"]
    assert run_in(world.one, lambda: Office(world).count(MergeLog, Reception)) == [1, 3]


def merge(world, kept, other):
    """Merge two partners by their ids."""
    merge_partners(
        session.get_one(Partner, kept),
        session.get_one(Partner, other),
        actor=Office(world).user("max"),
        now=at("12:00"),
    )
