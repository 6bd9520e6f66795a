"""Two at one file or document at once (PostgreSQL): only what was signed is done, and nobody sees a fault."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from app.approvals.models import FileState
from app.database.session import session
from tests.app.jobs.waiting import is_waited_for, wait_until
from tests.app.workflow.slips import Slip, SlipState

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.parametrize("database", ["postgresql"], indirect=True)]


@pytest.mark.rule("P:COR-01")
def test_terms_that_are_being_changed_are_not_carried_out(office, slip, finish, sign, look, in_one, database):
    office.chain((("a", "sales"), {}))
    finish()
    changed = threading.Event()

    def edit():
        session.get(Slip, slip).fee = Decimal(999)
        session.flush()
        changed.set()
        wait_until(lambda: is_waited_for(office.app))  # The last signer has signed, and the slip is to be finished.

    with ThreadPoolExecutor(2) as pool:
        editing = pool.submit(in_one, edit)
        assert changed.wait(20)
        pool.submit(sign, "sales").result()
        editing.result()

    assert look() == (SlipState.CHECKED, FileState.FAILED, "a")
    assert in_one(lambda: session.get(Slip, slip).fee) == 999


@pytest.mark.rule("P:COR-02")
def test_two_sign_at_once_and_a_third_need_not(office, finish, look, sign, database):
    people = {"who": "role", "value": "slips_reader", "mode": "count", "count": 2}
    office.chain((("a", "sales"), people))
    finish()

    with ThreadPoolExecutor(2) as pool:
        for signing in [pool.submit(sign, name) for name in ("sales", "vice")]:
            signing.result()

    assert look() == (SlipState.DONE, FileState.DONE, "a")
