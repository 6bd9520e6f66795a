"""The clock of approvals: reminders, overdue marks, the superior, going on without; repeating changes nothing."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.approvals.deadlines import mind_deadlines
from app.approvals.definition import Deadline, Unit
from app.approvals.deputies import name_deputy
from app.approvals.models import ApprovalFile, ApprovalLine, ApprovalTask, FileState, Verdict
from app.approvals.models.taking_part import waits_for
from app.approvals.moving import due_of
from app.companies.models import Employee
from app.database.session import session
from app.masterdata.choices import DayKind
from app.masterdata.working_days import set_day
from app.notices.models import Notice
from tests.app.workflow.signing import NOW, employee
from tests.app.workflow.slips import SlipState

MINUTE = dt.timedelta(minutes=1)


def due(count=30, **values):
    """Return a step's deadline of so many minutes."""
    return {"deadline": {"unit": "minutes", "count": count, **values}}


@pytest.fixture
def told(in_one, office):
    """Return how many notices each person has of what waits."""

    def read():
        waiting = sa.select(Notice.user_id).where(Notice.kind == "approvals.waiting")
        names = {key: name for name, key in office.users.items()}
        return sorted(names[user_id] for user_id in in_one(lambda: list(session.scalars(waiting))))

    return read


def mind(in_one, minutes):
    """Run the job so many minutes after the request, twice."""
    for _time in range(2):
        in_one(lambda: mind_deadlines(NOW + minutes * MINUTE))


def test_a_signer_is_reminded_once_before_and_once_when_it_is_overdue(office, finish, in_one, told):
    office.chain((("a", "sales"), due(remind_before=10)))
    finish()
    assert told() == ["sales"]
    mind(in_one, 19)
    assert told() == ["sales"]
    mind(in_one, 20)
    assert told() == ["sales"] * 2
    mind(in_one, 30)
    assert told() == ["sales"] * 2
    mind(in_one, 31)
    assert told() == ["sales"] * 3
    task = in_one(lambda: session.scalars(sa.select(ApprovalTask)).one())
    assert (task.due_at, task.reminded_at, task.overdue_at) == (
        NOW + 30 * MINUTE, NOW + 20 * MINUTE, NOW + 31 * MINUTE,
    )  # fmt: skip


def test_the_superior_may_sign_what_is_overdue(office, finish, sign, look, in_one, told):
    office.chain((("a", "sales"), due(then="escalate")))
    finish()
    mind(in_one, 31)
    assert told() == ["sales", "sales", "vice"]
    sign("vice", of="sales")
    assert look()[:2] == (SlipState.DONE, FileState.DONE)
    read = sa.select(ApprovalLine)
    assert in_one(lambda: [(one.employee.name, one.stood_for.name) for one in session.scalars(read)]) == [
        ("Vice", "Sales")
    ]


@pytest.mark.rule("P:COR-07")
def test_who_stands_in_for_the_superior_may_sign_what_is_overdue(office, finish, sign, look, in_one, told, user):
    office.chain((("a", "sales"), due(then="escalate")))
    days = {"first_day": NOW.date(), "last_day": NOW.date()}
    in_one(lambda: name_deputy(employee("vice"), deputy=employee("rob"), actor=user("vice"), now=NOW, **days) and None)
    finish()
    mind(in_one, 31)
    assert told() == ["rob", "sales", "sales", "vice"]
    mine = sa.select(sa.func.count()).select_from(ApprovalTask)
    assert in_one(lambda: session.scalar(mine.where(waits_for(0, employee("rob").id, NOW.date())))) == 1
    sign("rob", of="sales", now=NOW + 32 * MINUTE)
    assert look()[:2] == (SlipState.DONE, FileState.DONE)


def test_an_opinion_that_does_not_come_is_not_waited_for(office, finish, look, in_one):
    office.chain((("a", "sales"), {"is_opinion": True, **due(then="go_on")}), (("b", "vice"), {}))
    finish()
    mind(in_one, 31)
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")
    said = in_one(lambda: list(session.scalars(sa.select(ApprovalLine.verdict))))
    assert said == [Verdict.PASSED]


def test_where_nobody_may_sign_what_comes_next_it_goes_back_and_the_others_clock_runs_on(office, finish, look, in_one):
    office.chain((("a", "sales"), {"is_opinion": True, **due(then="go_on")}), (("b", "vice"), {}))
    finish()
    in_one(lambda: setattr(employee("vice"), "left_on", NOW.date() - dt.timedelta(days=1)))
    mind(in_one, 31)
    assert look() == (SlipState.CHECKED, FileState.RETURNED, "a")
    file = in_one(lambda: session.scalars(sa.select(ApprovalFile)).one())
    assert file.failure == "“B” has nobody who may sign it."


def test_nobody_is_asked_to_sign_his_own_where_his_colleague_is_late(office, finish, in_one):
    office.chain((("a", "sales"), due(then="escalate")))
    finish()
    in_one(lambda: setattr(session.scalars(sa.select(ApprovalFile)).one(), "requester_id", office.users["vice"]))
    mind(in_one, 31)
    task = in_one(lambda: session.scalars(sa.select(ApprovalTask)).one())
    assert in_one(lambda: session.get(Employee, task.escalated_to_id).name) == "Chief"


def test_what_is_signed_in_time_is_left_alone(office, finish, sign, look, in_one, told):
    office.chain((("a", "sales"), due(then="escalate")))
    finish()
    sign("sales", now=NOW + MINUTE)
    mind(in_one, 500)
    assert told() == ["sales"]
    assert look()[:2] == (SlipState.DONE, FileState.DONE)


@pytest.mark.parametrize(
    ("deadline", "at"),
    [
        (Deadline(Unit.MINUTES, 90), "2026-03-06 11:30:00"),
        (Deadline(Unit.SAME_DAY), "2026-03-06 23:59:59"),
        (Deadline(Unit.WORKING_DAYS, 1), "2026-03-10 23:59:59"),  # Saturday, Sunday, and Monday is a holiday.
        (Deadline(Unit.WORKING_DAYS, 2), "2026-03-11 23:59:59"),
    ],
)
def test_deadlines_follow_the_companys_clock_and_calendar(desk, in_one, deadline, at):
    friday = dt.datetime(2026, 3, 6, 2, 0, tzinfo=dt.UTC)  # Ten in the morning in Shanghai.
    in_one(lambda: set_day(dt.date(2026, 3, 9), kind=DayKind.HOLIDAY, name="Day off") and None)
    found = in_one(lambda: due_of(deadline, friday))
    shanghai = dt.timezone(dt.timedelta(hours=8))
    assert found.astimezone(shanghai).strftime("%Y-%m-%d %H:%M:%S") == at
