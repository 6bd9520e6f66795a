"""Two at once: legal and finance agree in the same moment."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest

from addons.contracts import services
from addons.contracts.models import Contract, Review
from addons.contracts.parameters import APPROVAL_FROM
from addons.contracts.queries import open_reviews
from tests.addons.contracts.office import Office, at


@pytest.mark.rule("S:CON-02", "P:CON-06")
@pytest.mark.parametrize(("amount", "state", "told"), [(90_000, "approved", 0), (800_000, "submitted", 1)])
def test_of_two_reviewers_who_agree_at_once_one_is_the_last(world, run_in, amount, state, told):
    def prepare():
        office = Office(world)
        office.set(APPROVAL_FROM, Decimal(100_000))
        contract = office.submitted(amount)
        return contract.id, {one.kind.value: one.id for one in open_reviews(contract)}

    contract_id, reviews = run_in(world.one, prepare)
    both_agreed = Barrier(2)

    def agree(name, review_id):
        from app.database.session import begin_writing

        def once():
            begin_writing()
            office = Office(world)
            review = office.session.get_one(Review, review_id)
            services.agree_review(review, actor=office.user(name), opinion="Fine", now=at())
            with contextlib.suppress(BrokenBarrierError):  # As it should be: the other one waits for this commit.
                both_agreed.wait(1)

        run_in(world.one, once)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(agree, name, reviews[kind]) for name, kind in (("lex", "legal"), ("fin", "finance"))]:
            done.result()

    def look():
        from app.notices.models import Notice

        office = Office(world)
        notices = office.session.query(Notice).filter_by(kind="contracts.review", user_id=world.users["leo"])
        return office.session.get_one(Contract, contract_id).state.value, notices.count()

    assert run_in(world.one, look) == (state, told)
