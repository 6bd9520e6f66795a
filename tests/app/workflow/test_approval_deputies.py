"""Deputies: who names them, on which days they sign, and what they may not sign (P:COR-07)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.approvals.deputies import name_deputy
from app.approvals.models import ApprovalDeputy, ApprovalLine, ApprovalTask, FileState
from app.approvals.models.taking_part import waits_for
from app.database.session import session
from app.errors import NotAllowed, ValidationError
from app.notices.models import Notice
from app.parameters.platform_values import DELEGATION
from tests.app.workflow.conftest import HOUR
from tests.app.workflow.signing import NOW, chain, employee
from tests.app.workflow.slips import SlipState

TODAY = NOW.date()
THREE = ((("a", "sales"), {}), (("b", "vice"), {}), (("c", "chief"), {}))


@pytest.mark.rule("P:COR-07")
def test_a_deputy_signs_on_his_days_only_and_not_twice(office, finish, sign, look, in_one, user):
    office.chain(*THREE)
    day = dt.date(2026, 3, 3)
    for absent, deputy in (("chief", "vice"), ("sales", "rob")):
        in_one(
            lambda names=(absent, deputy): name_deputy(
                employee(names[0]),
                deputy=employee(names[1]),
                first_day=day,
                last_day=day,
                actor=user(names[0]),
                now=NOW,
            )
        )
    finish()
    with pytest.raises(NotAllowed):
        sign("rob", of="sales")  # On the second he is no deputy yet.
    sign("rob", of="sales", now=NOW + 24 * HOUR)
    line = in_one(
        lambda: [
            (one.employee.name, one.stood_for.name)
            for one in session.scalars(sa.select(ApprovalLine).order_by(ApprovalLine.id))
        ]
    )
    assert line == [("Rob", "Sales")]
    sign("vice", now=NOW + 24 * HOUR)
    with pytest.raises(NotAllowed) as refused:
        sign("vice", of="chief", now=NOW + 24 * HOUR)
    assert refused.value.code == "approval.twice"
    assert look() == (SlipState.CHECKED, FileState.OPEN, "c")


@pytest.mark.rule("P:COR-07")
def test_a_deputy_is_named_by_the_absent_himself_and_told(office, in_one, user):
    def name(absent, deputy, by, days=1, first=TODAY):
        return in_one(
            lambda: (
                name_deputy(
                    employee(absent),
                    deputy=employee(deputy),
                    first_day=first,
                    last_day=first + dt.timedelta(days=days - 1),
                    actor=user(by),
                    now=NOW,
                ).id
            )
        )

    with pytest.raises(NotAllowed) as refused:
        name("chief", "sales", by="sales")
    assert refused.value.code == "approval.others_deputy"
    wrong = [(("sales", "sales"), 1, "approval.own_deputy"), (("sales", "vice"), 0, "approval.deputy_days"),
             (("sales", "vice"), 400, "approval.deputy_days")]  # fmt: skip
    for names, days, code in wrong:
        with pytest.raises(ValidationError) as refused:
            name(*names, by="sales", days=days)
        assert refused.value.code == code
    with pytest.raises(ValidationError) as refused:  # Days that are gone.
        name("sales", "vice", by="sales", days=5, first=TODAY - dt.timedelta(days=10))
    assert (refused.value.code, refused.value.data["first"]) == ("approval.deputy_days", TODAY)
    in_one(lambda: setattr(employee("vice"), "left_on", TODAY - dt.timedelta(days=1)))
    with pytest.raises(ValidationError) as refused:
        name("sales", "vice", by="sales")
    assert (refused.value.code, refused.value.field) == ("approval.deputy_absent", "deputy_id")
    in_one(lambda: setattr(employee("vice"), "left_on", None))
    assert in_one(lambda: session.scalar(sa.select(sa.func.count()).select_from(ApprovalDeputy))) == 0
    name("sales", "vice", by="sales", days=3)
    with pytest.raises(ValidationError) as refused:
        name("sales", "chief", by="sales", first=NOW.date() + dt.timedelta(days=2))
    assert refused.value.code == "approval.deputy_taken"
    told = in_one(lambda: list(session.scalars(sa.select(Notice.user_id).where(Notice.kind == "approvals.deputy"))))
    assert told == [office.users["vice"]]


@pytest.mark.rule("P:COR-07")
def test_without_deputies_nobody_signs_for_another(office, finish, sign, in_one, user):
    office.chain((("a", "sales"), {}))
    day = NOW.date()
    in_one(
        lambda: (
            name_deputy(
                employee("sales"), deputy=employee("vice"), first_day=day, last_day=day, actor=user("sales"), now=NOW
            ).id
        )
    )
    in_one(lambda: DELEGATION.set(False, valid_from=day, actor=user("ann")) and None)
    finish()
    with pytest.raises(NotAllowed) as refused:
        sign("vice", of="sales")
    assert refused.value.code == "approval.not_yours"

    def told():
        waiting = sa.select(Notice.user_id).where(Notice.kind == "approvals.waiting")
        mine = waits_for(0, employee("vice").id, day)
        return list(session.scalars(waiting)), session.scalars(sa.select(ApprovalTask).where(mine)).all()

    assert in_one(told) == ([office.users["sales"]], [])  # Nor is the deputy told, or shown it.


@pytest.mark.rule("P:COR-07")
def test_whoever_is_asked_himself_signs_in_his_own_name(office, finish, sign, look, in_one, user, open_tasks):
    everybody = {"key": "all", "name": "All", "who": "role", "value": "slips_reader", "mode": "all"}
    in_one(lambda: chain(everybody, actor=user("ann")) and None)
    in_one(
        lambda: (
            name_deputy(
                employee("chief"),
                deputy=employee("vice"),
                first_day=TODAY,
                last_day=TODAY,
                actor=user("chief"),
                now=NOW,
            ).id
        )
    )
    finish()
    with pytest.raises(NotAllowed) as refused:
        sign("vice", of="chief")  # His own seat would stay empty for ever: nobody signs twice.
    assert refused.value.code == "approval.own_seat"
    assert open_tasks() == ["Chief", "Rob", "Sales", "Vice"]
    for name in ("vice", "sales", "rob"):
        sign(name)
    assert look() == (SlipState.CHECKED, FileState.OPEN, "all")
    sign("chief", now=NOW + 24 * HOUR)
    assert look() == (SlipState.DONE, FileState.DONE, "all")
