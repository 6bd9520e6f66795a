"""The trail of a record: what led to it, and what came of it."""

import datetime as dt

import pytest

from app.database.session import session
from app.documents.models import LinkKind
from app.documents.references import link_documents, ref_of
from app.documents.trail import Branch, trail_of
from tests.app.workflow.slips import RESOURCE, Slip

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def chain(in_one):
    """Return a function that links new slips as the pairs say, and the slips' ids by their letters."""

    def make(*pairs):
        slips = {name: Slip(title=name, doc_date=DAY) for name in dict.fromkeys("".join(pairs))}
        session.add_all(slips.values())
        session.flush()
        refs = {name: ref_of(slip, RESOURCE) for name, slip in slips.items()}
        for source, target in pairs:
            link_documents(refs[source], refs[target], kind=LinkKind.CREATES)
        return {name: slip.id for name, slip in slips.items()}

    return lambda *pairs: in_one(lambda: make(*pairs))


def letters(ids, found):
    names = {key: name for name, key in ids.items()}
    return "".join(names[key] for _resource, key in found)


def test_from_the_middle_of_a_deal_all_of_it_is_found_and_nothing_else(in_one, chain):
    ids = chain("ab", "bc", "bd", "ce", "xy")

    def trail(name):
        return letters(ids, trail_of(session.get(Slip, ids[name]), RESOURCE))

    assert in_one(lambda: trail("c")) == "abced"  # What led to it comes first, and then what came of it.
    assert {"".join(sorted(in_one(lambda name=name: trail(name)))) for name in "abde"} == {"abcde"}
    assert in_one(lambda: trail("x")) == "xy"


def test_a_circle_ends(in_one, chain):
    ids = chain("ab", "bc", "ca")

    assert in_one(lambda: letters(ids, trail_of(session.get(Slip, ids["a"]), RESOURCE))).count("b") == 1


def test_what_stands_above_several_deals_does_not_join_them(in_one, chain):
    """As a customer's file does: `b` led to `c`, and to `d`, which has nothing to do with it."""
    ids = chain("ab", "bc", "bd")

    def trail(name):
        # Everything of one kind here: none of it is a document, so that nothing leads on but what one began with.
        return letters(ids, trail_of(session.get(Slip, ids[name]), RESOURCE, is_document=lambda _resource: False))

    assert in_one(lambda: trail("c")) == "abc"
    assert in_one(lambda: trail("a")) == "abcd"


def test_a_branch_adds_what_a_column_says(in_one, chain):
    ids = chain("ab")
    other = in_one(lambda: _new("z"))

    def trail(key):
        branch = Branch("slips.more", (Slip,), lambda _refs: [session.get(Slip, other)], lambda _record: [])
        return trail_of(session.get(Slip, key), RESOURCE, [branch])

    assert ("slips.Slip", other) in in_one(lambda: trail(ids["a"]))


def test_a_record_without_links_is_alone(in_one, slip_id):
    assert in_one(lambda: trail_of(session.get(Slip, slip_id), RESOURCE)) == [(RESOURCE, slip_id)]


def _new(title):
    slip = Slip(title=title, doc_date=DAY)
    session.add(slip)
    session.flush()
    return slip.id
