"""Classes, categories, grades, audits, contacts and segments of customers (S:REC-06 to 11, 15)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_care import customer, titles

__all__ = ["customer"]
SCORED = {"volume_score": 90, "frequency_score": 80, "potential_score": 75, "loyalty_score": 70}  # 36 + 24 + 15 + 7


@pytest.mark.rule("S:REC-06")
def test_the_first_signed_contract_makes_a_signed_customer(office, customer):
    from addons.reception.api import note_contract
    from addons.reception.choices import Intent, Lifecycle

    li = customer(intent=Intent.NONE)
    assert li.lifecycle is Lifecycle.POTENTIAL
    note_contract(li.partner_id, signed_on=dt.date(2026, 3, 9))
    note_contract(li.partner_id, signed_on=dt.date(2026, 3, 20))
    assert (li.lifecycle, li.signed_on) == (Lifecycle.SIGNED, dt.date(2026, 3, 9))


@pytest.mark.rule("S:REC-06")
def test_nobody_makes_or_unmakes_a_signed_customer_by_hand(office, customer, refused):
    from addons.reception.api import note_contract
    from addons.reception.choices import Lifecycle
    from addons.reception.services import update_customer

    li = customer()
    assert li.lifecycle is Lifecycle.INTENDING
    error = refused(update_customer, li, actor=office.user("max"), lifecycle=Lifecycle.SIGNED)
    assert (error.code, error.field) == ("customer.signed", "lifecycle")
    assert li.lifecycle is Lifecycle.INTENDING
    update_customer(li, actor=office.user("max"), lifecycle=Lifecycle.POTENTIAL)
    assert li.lifecycle is Lifecycle.POTENTIAL
    note_contract(li.partner_id, signed_on=DAY)
    assert (
        refused(update_customer, li, actor=office.user("max"), lifecycle=Lifecycle.POTENTIAL).code == "customer.signed"
    )


@pytest.mark.rule("S:REC-06")
def test_an_intent_makes_a_potential_customer_an_intending_one(office, customer):
    from addons.reception.choices import Intent, Lifecycle
    from addons.reception.services import open_customer_file

    li = customer(intent=Intent.NONE)
    open_customer_file(li, intent=Intent.A, now=at("11:00"))
    assert li.lifecycle is Lifecycle.INTENDING


@pytest.fixture
def tree(office):
    """Two categories: 001, and 001001 below it."""
    from addons.reception.services import create_category

    top = create_category(actor=office.user("max"), code="001", name="Homes")
    return top, create_category(actor=office.user("max"), code="001001", name="Flats", parent_id=top.id)


@pytest.mark.rule("S:REC-07")
def test_a_category_with_one_below_it_cannot_be_deleted(office, tree, refused):
    from addons.reception.models import Category
    from addons.reception.services import delete_category

    error = refused(delete_category, tree[0], actor=office.user("max"))
    assert (error.code, error.data["below"]) == ("category.used", 1)
    delete_category(tree[1], actor=office.user("max"))
    delete_category(tree[0], actor=office.user("max"))
    assert office.count(Category) == [0]


@pytest.mark.rule("S:REC-07")
def test_a_used_category_can_only_be_renamed(office, tree, customer, refused):
    from addons.reception.services import delete_category, update_category

    customer(category_id=tree[1].id)
    assert refused(delete_category, tree[1], actor=office.user("max")).data["customers"] == 1
    error = refused(update_category, tree[1], actor=office.user("max"), code="001002")
    assert (error.code, error.field) == ("category.used", "code")
    update_category(tree[1], actor=office.user("max"), name="Apartments", code="001001", parent_id=tree[0].id)
    assert (tree[1].code, tree[1].name) == ("001001", "Apartments")


@pytest.mark.rule("S:REC-07")
@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"code": "001"}, "category.taken", "code"),
        ({"code": "12"}, "category.code", "code"),
        ({"code": "0a1"}, "category.code", "code"),
        ({"code": "٠٠١"}, "category.code", "code"),
        ({"code": "002001"}, "category.code", "code"),
        ({"code": "002", "name": " "}, "input.required", "name"),
    ],
)
def test_a_wrong_code_or_a_blank_name_is_refused(office, tree, refused, values, code, field):
    from addons.reception.models import Category
    from addons.reception.services import create_category

    error = refused(create_category, actor=office.user("max"), **{"name": "Shops", **values})
    assert (error.code, error.field) == (code, field)
    assert office.count(Category) == [2]


@pytest.mark.rule("S:REC-07")
def test_the_digits_of_a_level_are_the_companys(office, refused):
    from addons.reception.parameters import CATEGORY_CODE_LEN
    from addons.reception.services import create_category

    CATEGORY_CODE_LEN.set(2, valid_from=dt.date(2020, 1, 1), actor=office.user("max"))
    assert refused(create_category, actor=office.user("max"), code="001", name="Homes").data["limit"] == 2
    assert create_category(actor=office.user("max"), code="01", name="Homes").code == "01"


@pytest.mark.rule("S:REC-08")
@pytest.mark.parametrize(
    ("score", "grade"), [("82", "A"), ("80", "A"), ("79.99", "B"), ("50", "B"), ("49", "C"), ("0", "C")]
)
def test_the_cuts_make_the_grade(office, score, grade):
    from addons.reception.queries import scale_on

    assert scale_on(DAY).grade(Decimal(score)).value == grade


@pytest.mark.rule("S:REC-08")
def test_a_grade_says_how_it_came_about(office, customer):
    from addons.reception.queries import explain_grading, list_gradings
    from addons.reception.services import grade_customer

    li = customer(**SCORED)
    grade_customer(li, actor=office.user("max"), today=DAY)

    (grading,) = list_gradings(li.id)
    assert (grading.score, li.grade.value, li.graded_on, grading.state.value) == (Decimal(82), "A", DAY, "accepted")
    assert [(str(label), text) for label, text in explain_grading(grading.id)] == [
        ("Volume score", "90 × 40 % = 36"),
        ("Frequency score", "80 × 30 % = 24"),
        ("Potential score", "75 × 20 % = 15"),
        ("Loyalty score", "70 × 10 % = 7"),
        ("Score", "82 ≥ 80 → A"),
    ]


@pytest.mark.rule("S:REC-08")
def test_a_customer_who_lacks_a_score_is_not_graded(office, customer, refused):
    from addons.reception.models import Grading
    from addons.reception.services import grade_customer

    li = customer(volume_score=90, loyalty_score=0)
    error = refused(grade_customer, li, actor=office.user("max"), today=DAY)
    assert (error.code, error.field) == ("customer.unscored", "frequency_score")
    assert error.data["scores"] == "Frequency score, Potential score"
    assert (li.grade, office.count(Grading)) == (None, [0])


@pytest.mark.rule("S:REC-08")
@pytest.mark.parametrize("weights", [["40", "30", "20"], ["40", "30", "20", "11"], ["a", "b", "c", "d"], []])
def test_weights_that_make_no_hundred_are_refused_when_used(office, customer, refused, weights):
    from addons.reception.parameters import ABC_WEIGHTS
    from addons.reception.services import grade_customer

    ABC_WEIGHTS.set(weights, valid_from=DAY, actor=office.user("max"))
    assert refused(grade_customer, customer(**SCORED), actor=office.user("max"), today=DAY).code == "grade.weights"


@pytest.mark.rule("S:REC-09")
def test_on_the_first_of_october_a_b_scoring_85_is_proposed_as_a(office, customer):
    from addons.reception.choices import Grade
    from addons.reception.queries import list_gradings
    from addons.reception.services import accept_grading, propose_grades
    from addons.reception.views.todos import gradings

    li = customer(volume_score=85, frequency_score=85, potential_score=85, loyalty_score=85)
    li.grade = Grade.B
    first = at("02:00", dt.date(2026, 10, 1))

    assert (propose_grades(first), propose_grades(first)) == (1, 0)
    (proposal,) = list_gradings(li.id)
    assert (proposal.quarter, proposal.former_grade, proposal.grade.value) == ("2026-Q4", "B", "A")
    assert (proposal.state.value, li.grade) == ("proposed", Grade.B)
    assert titles(gradings, office, "max", at("09:00", dt.date(2026, 12, 31))) == [(str(proposal), False)]
    assert titles(gradings, office, "max", at("09:00", dt.date(2027, 1, 1))) == [(str(proposal), True)]
    assert titles(gradings, office, "amy", first) == []
    accept_grading(proposal, actor=office.user("max"), today=dt.date(2026, 10, 2))
    assert (li.grade, li.graded_on) == (Grade.A, dt.date(2026, 10, 2))


@pytest.mark.rule("S:REC-09")
def test_a_rejected_proposal_leaves_the_grade_and_counts_for_the_quarter(office, customer, refused):
    from addons.reception.choices import Grade
    from addons.reception.queries import list_gradings
    from addons.reception.services import grade_customer, propose_grades, reject_grading

    li = customer(**SCORED)
    li.grade = Grade.C
    propose_grades(at("02:00", dt.date(2026, 4, 1)))
    (proposal,) = list_gradings(li.id)
    reject_grading(proposal, actor=office.user("max"), reason="One big order only", today=dt.date(2026, 4, 2))

    assert li.grade is Grade.C
    assert refused(grade_customer, li, actor=office.user("max"), today=dt.date(2026, 4, 3)).code == "grade.quarter"
    assert propose_grades(at("02:00", dt.date(2026, 7, 1))) == 1


@pytest.mark.rule("S:REC-09")
def test_a_grade_that_stays_needs_no_decision_and_the_unscored_are_left(office, customer):
    from addons.reception.choices import Grade
    from addons.reception.queries import list_gradings
    from addons.reception.services import propose_grades

    same, unscored = customer(**SCORED), customer(name="Wu", phone="13812345679")
    same.grade, unscored.grade = Grade.A, Grade.B
    assert propose_grades(at("02:00", dt.date(2026, 4, 1))) == 1
    assert [one.state.value for one in list_gradings(same.id)] == ["accepted"]
    assert list_gradings(unscored.id) == []


@pytest.mark.rule("S:REC-10")
def test_a_returned_entry_is_a_to_do_of_the_consultant_with_the_reason(office, customer, refused):
    from addons.reception.api import entry_warning
    from addons.reception.queries import find_audit
    from addons.reception.services import ask_for_audit, return_entry, submit_customer, verify_entry
    from addons.reception.views.todos import audits, returned_entries

    li = customer()
    audit = find_audit(li.id)
    assert audit.state.value == "draft"
    submit_customer(li, actor=office.user("amy"), now=at("11:00"))
    assert audit.state.value == "pending"
    assert titles(audits, office, "max", at("12:00")) == [(str(li), False)]
    assert titles(audits, office, "amy", at("12:00")) == []
    assert entry_warning(li.partner_id) == "pending"

    return_entry(audit, actor=office.user("max"), reason="address missing")
    assert [str(one.note) for one in returned_entries(office.user("amy"), at("12:00"))] == ["address missing"]
    assert returned_entries(office.user("bob"), at("12:00")) == []
    ask_for_audit(audit, actor=office.user("amy"), now=at("13:00"))
    verify_entry(audit, actor=office.user("max"), now=at("14:00"))
    assert (audit.state.value, audit.verified_at, entry_warning(li.partner_id)) == ("verified", at("14:00"), None)
    assert refused(return_entry, audit, actor=office.user("max"), reason="late").code == "workflow.state"


@pytest.mark.rule("S:REC-10")
def test_nobody_audits_his_own_entry_and_consultants_audit_none(office, customer, refused):
    from addons.reception.queries import find_audit
    from addons.reception.services import submit_customer, verify_entry

    li = customer(owner_id=office.employee("max").id)
    submit_customer(li, actor=office.user("max"), now=at("11:00"))
    audit = find_audit(li.id)
    assert refused(verify_entry, audit, actor=office.user("max"), now=at("12:00")).code == "audit.own"
    assert refused(verify_entry, audit, actor=office.user("amy"), now=at("12:00")).code == "security.refused"


@pytest.mark.rule("S:REC-10")
def test_where_the_company_does_not_audit_there_is_none(office, customer):
    from addons.reception.parameters import ENTRY_AUDIT
    from addons.reception.queries import find_audit
    from addons.reception.services import submit_customer

    ENTRY_AUDIT.set(False, valid_from=dt.date(2020, 1, 1), actor=office.user("max"))
    li = customer()
    submit_customer(li, actor=office.user("amy"), now=at("11:00"))
    assert find_audit(li.id) is None


@pytest.mark.rule("S:REC-10")
def test_the_manager_flags_key_customers(office, customer, refused):
    from addons.reception.services import flag_key_customer

    li = customer()
    assert refused(flag_key_customer, li, actor=office.user("amy")).code == "security.refused"
    flag_key_customer(li, actor=office.user("max"))
    assert li.is_key
    flag_key_customer(li, actor=office.user("max"), is_key=False)
    assert not li.is_key


@pytest.fixture
def add_contact(office):
    """Return a function that adds a contact as Amy."""
    from addons.reception.services import create_contact

    def add(customer, **values):
        return create_contact(actor=office.user("amy"), customer_id=customer.id, **values)

    return add


@pytest.mark.rule("S:REC-11")
def test_of_two_contacts_the_one_who_decides_is_shown_first(office, customer, add_contact):
    from addons.reception.queries import list_contacts

    li = customer()
    add_contact(li, name="Mrs Wu", phone="139 0000 0001", title="Buyer")
    add_contact(li, name="Mr Hu", phone="13900000002", title="Director", is_decision_maker=True)

    assert [(one.name, one.title, one.is_decision_maker, one.phone) for one in list_contacts(li.id)] == [
        ("Mr Hu", "Director", True, "13900000002"),
        ("Mrs Wu", "Buyer", False, "13900000001"),
    ]


@pytest.mark.rule("S:REC-11")
@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": None}, "name"), ({"name": " \u200b"}, "name"), ({"name": "Wu", "phone": "123"}, "phone")],
)
def test_a_nameless_contact_is_refused(office, customer, add_contact, refused, values, field):
    from addons.reception.models import Contact

    assert refused(add_contact, customer(), **values).field == field
    assert office.count(Contact) == [0]


@pytest.mark.rule("S:REC-11")
def test_a_contact_who_is_on_file_is_linked_and_only_once(office, customer, add_contact, refused):
    li, firm = customer(), customer(name="Firm", phone="13812345679")
    contact = add_contact(firm, name="Somebody", phone="13812345678")
    assert contact.relation.partner_id == li.partner_id
    assert refused(add_contact, firm, name="Li", phone="13812345678").code == "contact.twice"
    assert refused(add_contact, firm, name="Firm", phone="13812345679").code == "contact.self"


@pytest.mark.rule("S:REC-11")
def test_a_contact_is_changed_and_taken_off_the_list(office, customer, add_contact):
    from addons.reception.queries import list_contacts
    from addons.reception.services import delete_contact, update_contact

    contact = add_contact(customer(), name="Wu", phone="13900000001")
    update_contact(contact, actor=office.user("amy"), name="Wu Min", title="Head", is_decision_maker=True, note="Tea")
    assert (contact.name, contact.title, contact.is_decision_maker, contact.note) == ("Wu Min", "Head", True, "Tea")
    delete_contact(contact, actor=office.user("amy"))
    assert list_contacts(contact.customer_id) == []


@pytest.mark.rule("S:REC-11")
def test_preferences_and_feedback_are_kept(office, customer):
    li = customer(preferences="South side", feedback="Liked the model flat")
    assert (li.preferences, li.feedback) == ("South side", "Liked the model flat")


def test_what_was_said_with_a_customer_goes_when_the_person_is_erased(office, customer):
    from addons.reception.choices import ContactMethod
    from addons.reception.queries import list_follow_ups
    from addons.reception.services import erase_customer, follow_up

    li = customer(preferences="South side")
    follow_up(li, actor=office.user("amy"), now=at("11:00"), method=ContactMethod.PHONE, note="Li wants a flat soon")
    erase_customer(li, actor=office.user("max"), source="letter", now=at("12:00"))
    assert [one.note for one in list_follow_ups(li.id)] == [""]
    assert li.preferences is None


@pytest.mark.rule("S:REC-16")
def test_merged_files_keep_one_audit_one_grade_and_all_rounds(office, customer):
    from addons.reception.models import EntryAudit, Grading, Negotiation
    from addons.reception.queries import list_negotiations
    from addons.reception.services import (
        close_negotiation,
        create_negotiation,
        grade_customer,
        register_customer,
        submit_customer,
    )
    from app.masterdata.merging import merge_partners

    kept, other = customer(**SCORED), customer(name="Wu", phone="13812345679", **SCORED)
    for file, rounds in ((kept, 1), (other, 2)):
        submit_customer(file, actor=office.user("amy"), now=at("11:00"))
        register_customer(file, actor=office.user("sue"), now=at("11:30"))
        grade_customer(file, actor=office.user("max"), today=DAY)
        for number in range(rounds):
            held = create_negotiation(
                actor=office.user("amy"), customer_id=file.id, topic=f"{file.name} {number + 1}", now=at("12:00")
            )
            close_negotiation(held, actor=office.user("amy"))
    merge_partners(kept.partner, other.partner, actor=office.user("max"), now=at("13:00"))

    assert office.count(EntryAudit, Grading, Negotiation) == [1, 1, 3]
    assert [(one.round, one.topic) for one in list_negotiations(kept.id)] == [(3, "Wu 2"), (2, "Wu 1"), (1, "Li 1")]
