"""More of approvals: the last steps of a file, and who may not take them."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from app.approvals.deciding import decide
from app.approvals.models import ApprovalLine, ApprovalTask, FileState, TaskState, Verdict
from app.database.context import set_acting_user
from app.database.session import db, session
from app.errors import Conflict, ValidationError
from app.parameters.platform_values import OPINION_REQUIRED
from tests.app.workflow.signing import NOW
from tests.app.workflow.slips import RESOURCE, SLIP_WORKFLOW, SlipState
from tests.app.workflow.test_approvals import WRONG

TODAY = NOW.date()
HOUR = dt.timedelta(hours=1)


THREE = ((("a", "sales"), {}), (("b", "vice"), {}), (("c", "chief"), {}))


@pytest.mark.parametrize(("data", "code"), WRONG)
def test_a_wrong_chain_is_named_and_nothing_is_kept(office, in_one, data, code):
    from app.approvals.chains import save_draft, versions_of
    from app.workflow.facts import facts_of

    facts = facts_of(SLIP_WORKFLOW, SLIP_WORKFLOW.transitions["finish"])
    with pytest.raises(ValidationError) as refused:
        in_one(lambda: save_draft(RESOURCE, "finish", data=data, facts=facts))
    assert refused.value.code == code
    assert in_one(lambda: list(versions_of(RESOURCE, "finish"))) == []


def test_of_two_signers_at_once_one_wins_and_the_other_is_told(office, finish, look, in_one, user, run_in):
    office.chain((("a", "sales"), {}))
    finish()
    both_read, answers = threading.Barrier(2, timeout=20), []

    def press():
        set_acting_user(office.users["sales"])
        task = session.scalars(sa.select(ApprovalTask).where(ApprovalTask.state == TaskState.OPEN)).one()
        both_read.wait()
        decide(task, Verdict.AGREE, opinion="Fine", actor=user("sales"), now=NOW)

    def work():
        try:
            run_in(office.one, press)
            answers.append("done")
        except Exception as error:  # noqa: BLE001  # Whatever it is, the assertion shows it.
            answers.append(error.code if isinstance(error, Conflict) else type(error).__name__)

    people = [threading.Thread(target=work) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    answers.remove("done")
    assert answers in (["approval.moved_on"], ["OperationalError"], ["StaleDataError"])
    assert answers == ["approval.moved_on"] or in_one(lambda: db.engine.dialect.name) == "sqlite"
    assert in_one(lambda: session.scalar(sa.select(sa.func.count()).select_from(ApprovalLine))) == 1


@pytest.mark.rule("P:COR-02")
def test_a_company_may_do_without_opinions_but_not_without_reasons(office, finish, sign, look, in_one, user):
    in_one(lambda: OPINION_REQUIRED.set(False, valid_from=NOW.date(), actor=user("ann")) and None)
    office.chain((("a", "sales"), {}), (("b", "vice"), {}))
    finish()
    sign("sales", opinion=None)
    with pytest.raises(ValidationError) as refused:
        sign("vice", Verdict.DISAGREE, opinion=" ")
    assert refused.value.code == "approval.no_opinion"
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")
