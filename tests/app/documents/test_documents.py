"""The registry, links, comments, and what the mixin gives a document."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.companies.models import LegalEntity
from app.database.session import session
from app.documents.comments import add_comment, list_comments
from app.documents.document import period_of
from app.documents.models import Comment, DocumentRef, LinkKind
from app.documents.references import find_ref, link_documents, list_links, ref_of, refresh_ref
from app.errors import ValidationError
from tests.app.workflow.slips import RESOURCE, Slip

DAY = dt.date(2026, 3, 2)


def new_slip(**values):
    slip = Slip(**{"title": "Second", "doc_date": DAY, **values})
    session.add(slip)
    return slip


def test_a_reference_is_made_once_and_kept_true(in_one, slip_id):
    def refer():
        return ref_of(session.get(Slip, slip_id), RESOURCE).id

    def rename():
        slip = session.get(Slip, slip_id)
        slip.title, slip.number = "Renamed", "S0001"
        refresh_ref(slip, RESOURCE)

    first = in_one(refer)
    in_one(rename)

    assert in_one(refer) == first
    facts = in_one(lambda: session.execute(select(DocumentRef.number, DocumentRef.title, DocumentRef.state)).one())
    assert facts == ("S0001", "Renamed", "draft")
    assert in_one(lambda: find_ref(RESOURCE, slip_id + 1)) is None


def test_a_new_record_gets_its_id_first(in_one):
    assert in_one(lambda: ref_of(new_slip(), RESOURCE).record_id) is not None


def test_refreshing_makes_nothing(in_one, slip_id):
    in_one(lambda: refresh_ref(session.get(Slip, slip_id), RESOURCE))

    assert in_one(lambda: session.scalar(select(func.count(DocumentRef.id)))) == 0


def test_another_company_has_its_own_registry(desk, in_one, slip_id, run_in):
    in_one(lambda: ref_of(session.get(Slip, slip_id), RESOURCE) and None)

    assert run_in(desk.two, lambda: find_ref(RESOURCE, slip_id)) is None


def test_links_are_read_from_both_ends(in_one, slip_id):
    def link():
        one, two = ref_of(session.get(Slip, slip_id), RESOURCE), ref_of(new_slip(), RESOURCE)
        made = link_documents(one, two, kind=LinkKind.CREATES, quantity=Decimal("1.5"), amount=Decimal("9.90"))
        assert list_links(one) == list_links(two) == [made]
        session.refresh(made)
        assert made.target.title == "Second"
        return made.kind, made.quantity, made.amount

    assert in_one(link) == (LinkKind.CREATES, Decimal("1.500000"), Decimal("9.90"))


def test_a_document_is_not_linked_to_itself(in_one, slip_id):
    def link():
        one = ref_of(session.get(Slip, slip_id), RESOURCE)
        link_documents(one, one, kind=LinkKind.AMENDS)

    with pytest.raises(IntegrityError):
        in_one(link)


def test_a_number_is_taken_once_per_legal_entity_and_blank_in_drafts(desk, in_one, run_in):
    def entity(name):
        made = LegalEntity(name=name)
        session.add(made)
        session.flush()
        return made.id

    north, south = in_one(lambda: entity("North")), in_one(lambda: entity("South"))
    in_one(lambda: [new_slip() and None, new_slip() and None])
    for legal_entity in (None, north, south):
        in_one(lambda who=legal_entity: new_slip(number="S1", legal_entity_id=who) and None)
    run_in(desk.two, lambda: new_slip(number="S1") and None)

    for legal_entity in (None, north):
        with pytest.raises(IntegrityError):
            in_one(lambda who=legal_entity: new_slip(number="S1", legal_entity_id=who) and None)


def test_a_comment_is_kept_as_it_was_typed(in_one, user, slip_id):
    for body in ("Called back", "<script>alert(1)</script>", "=1+1", "客户很满意 👍", "x" * 4000):
        in_one(
            lambda text=body: (
                add_comment(ref_of(session.get(Slip, slip_id), RESOURCE), body=f"  {text}\r\n", actor=user("rob"))
                and None
            )
        )

        found = in_one(lambda: [(one.body, one.author.username) for one in list_comments(RESOURCE, slip_id, limit=1)])
        assert found == [(body, "rob")]


def test_a_comment_that_says_nothing_or_too_much_is_refused(in_one, user, slip_id):
    for body, code in (("", "blank"), (" \n\0", "blank"), ("x" * 4001, "long"), ("\ud800", "invalid")):
        with pytest.raises(ValidationError) as refused:
            in_one(
                lambda text=body: (
                    add_comment(ref_of(session.get(Slip, slip_id), RESOURCE), body=text, actor=user("rob")) and None
                )
            )

        assert (refused.value.code, refused.value.field) == (f"comment.{code}", "body")
    assert in_one(lambda: session.scalar(select(func.count(Comment.id)))) == 0


def test_comments_come_newest_first_and_only_those_of_the_record(in_one, user, slip_id):
    def write():
        ref, other = ref_of(session.get(Slip, slip_id), RESOURCE), ref_of(new_slip(), RESOURCE)
        for target, body in ((ref, "one"), (other, "else"), (ref, "two")):
            add_comment(target, body=body, actor=user("ann"))

    in_one(write)

    assert in_one(lambda: [one.body for one in list_comments(RESOURCE, slip_id)]) == ["two", "one"]
    assert in_one(lambda: [one.body for one in list_comments(RESOURCE, slip_id, limit=1)]) == ["two"]


def test_a_period_is_the_month_of_a_day():
    assert period_of(dt.date(2026, 3, 31)) == "2026-03"
