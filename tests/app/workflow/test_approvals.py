"""Approvals: who signs, in which order, what was said, and what is done when all have signed."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.approvals.deciding import add_signer, give_back
from app.approvals.models import ApprovalFile, ApprovalLine, ApprovalTask, FileState, TaskState, Verdict
from app.database.session import session
from app.errors import Conflict, NotAllowed, ValidationError
from app.notices.models import Notice
from app.workflow.approval import waiting_refusal
from tests.app.workflow.signing import NOW, chain, employee
from tests.app.workflow.slips import SHORTEST, SLIP_WORKFLOW, Slip, SlipState, cancel_slip

TODAY = NOW.date()
HOUR = dt.timedelta(hours=1)


THREE = ((("a", "sales"), {}), (("b", "vice"), {}), (("c", "chief"), {}))


@pytest.mark.rule("S:CORE-09")
@pytest.mark.rule("P:REA-02")
def test_three_sign_one_after_the_other_then_it_is_done_as_who_asked(office, slip, finish, sign, look, in_one):
    office.chain(*THREE)
    assert not finish()
    assert look() == (SlipState.CHECKED, FileState.OPEN, "a")
    sign("sales")
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")
    sign("vice")
    sign("chief")
    assert look() == (SlipState.DONE, FileState.DONE, "c")
    lines = in_one(
        lambda: [
            (line.verdict, line.opinion, line.employee.name, line.at)
            for line in session.scalars(sa.select(ApprovalLine).order_by(ApprovalLine.id))
        ]
    )
    at = NOW + HOUR
    assert lines == [(Verdict.AGREE, "Fine", name, at) for name in ("Sales", "Vice", "Chief")]
    assert in_one(lambda: session.get(Slip, slip).updated_by_id) == office.users["ann"]


def test_without_a_chain_it_is_done_at_once(office, finish, look):
    assert finish()
    assert look() == (SlipState.DONE, None, None)


@pytest.mark.rule("P:COR-02")
def test_an_opinion_is_wanted_and_never_changed(office, finish, sign, look, in_one):
    office.chain(*THREE)
    finish()
    for blank in ("", "   ", None):
        with pytest.raises(ValidationError) as refused:
            sign("sales", opinion=blank)
        assert (refused.value.code, refused.value.field) == ("approval.no_opinion", "opinion")
    assert look() == (SlipState.CHECKED, FileState.OPEN, "a")
    sign("sales")
    for change in (lambda line: setattr(line, "opinion", "Other"), session.delete):
        with pytest.raises(Conflict) as refused:
            in_one(lambda do=change: do(session.scalars(sa.select(ApprovalLine)).one()))
        assert refused.value.code == "approval.line"


@pytest.mark.rule("S:CORE-09")
def test_nobody_signs_his_own(office, finish, in_one, user, open_tasks):
    office.chain((("a", "ann"), {}))
    finish()
    assert open_tasks() == ["Sales"]  # His superior signs instead.


@pytest.mark.rule("S:CORE-09", "P:COR-02")
@pytest.mark.parametrize("mine", ["created_by_id", "owner_id"])
def test_nobody_signs_what_he_wrote_or_answers_for_whoever_asks(
    office, slip, finish, sign, look, in_one, user, open_tasks, mine
):
    def make_his():
        person = employee("vice")
        setattr(session.get(Slip, slip), mine, person.user_id if mine == "created_by_id" else person.id)

    office.chain((("a", "sales"), {}), (("b", "vice"), {}))
    finish()
    in_one(make_his)
    sign("sales")
    assert open_tasks() == ["Chief"]  # His superior signs instead.
    sign("chief")
    assert look()[:2] == (SlipState.DONE, FileState.DONE)


@pytest.mark.rule("S:CORE-09")
def test_who_comes_to_answer_for_it_signs_it_no_longer(office, slip, finish, sign, look, in_one, user):
    office.chain((("a", "sales"), {}))
    finish()
    in_one(lambda: setattr(session.get(Slip, slip), "owner_id", employee("sales").id))
    with pytest.raises(NotAllowed) as refused:
        sign("sales")
    assert (refused.value.code, look()) == ("approval.own", (SlipState.CHECKED, FileState.OPEN, "a"))

    def add():
        task = session.scalars(sa.select(ApprovalTask).where(ApprovalTask.state == TaskState.OPEN)).one()
        in_his_place = {"before": False, "opinion": None, "actor": user("vice"), "now": NOW}
        add_signer(task, employee("sales"), **in_his_place)

    in_one(lambda: setattr(session.scalars(sa.select(ApprovalTask)).one(), "employee_id", employee("vice").id))
    with pytest.raises(ValidationError) as refused:
        in_one(add)
    assert (refused.value.code, refused.value.field) == ("approval.signer", "employee")


def test_only_who_is_asked_may_sign(office, finish, sign, look):
    office.chain(*THREE)
    finish()
    with pytest.raises(NotAllowed) as refused:
        sign("vice", of="sales")
    assert str(refused.value) == "This waits for Sales."
    assert look() == (SlipState.CHECKED, FileState.OPEN, "a")


BANDS = [
    {"name": "Small", "when": [{"fact": "fee", "operator": "at_most", "values": ["100"]}], "steps": ["a"]},
    {
        "name": "Middle",
        "when": [{"fact": "fee", "operator": "between", "values": ["100.01", "500"]}],
        "steps": ["a", "b"],
    },
    {"name": "Otherwise", "steps": ["a", "b", "c"]},
]


@pytest.mark.parametrize(
    ("fee", "rule", "steps"),
    [("100", "Small", "a"), ("100.01", "Middle", "ab"), ("500", "Middle", "ab"), ("500.01", "Otherwise", "abc"),
     (None, "Otherwise", "abc")],
)  # fmt: skip
def test_the_first_rule_that_fires_gives_the_path(office, slip, finish, in_one, fee, rule, steps):
    office.chain(*THREE, rules=BANDS)
    in_one(lambda: setattr(session.get(Slip, slip), "fee", fee and Decimal(fee)))
    finish()
    file = in_one(lambda: session.scalars(sa.select(ApprovalFile)).one())
    assert (file.rule, "".join(one["key"] for one in file.route)) == (rule, steps)


def test_a_rule_without_steps_needs_nobody(office, finish, look):
    rules = [{"name": "Cheap", "when": [{"fact": "fee", "operator": "below", "values": ["200"]}]}, BANDS[2]]
    office.chain(*THREE, rules=rules)
    assert finish()
    assert look() == (SlipState.DONE, None, None)


def test_refused_is_refused(office, finish, sign, look, in_one, user):
    office.chain(*THREE)
    finish()
    sign("sales", Verdict.DISAGREE, "Too dear")
    assert look() == (SlipState.CHECKED, FileState.REJECTED, "a")
    told = in_one(
        lambda: [one.kind for one in session.scalars(sa.select(Notice).where(Notice.user_id == user("ann").id))]
    )
    assert told == ["approvals.decided"]
    assert not finish()  # And may be asked for anew.


@pytest.mark.rule("P:PRI-05")
def test_an_opinion_only_step_goes_on_whatever_is_said(office, finish, sign, look):
    office.chain((("a", "sales"), {"is_opinion": True}), (("b", "vice"), {}))
    finish()
    sign("sales", Verdict.DISAGREE, "No")
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")


def test_it_is_given_back_to_who_asked_or_to_a_step(office, finish, sign, look, in_one, user):
    office.chain(*THREE)
    finish()
    sign("sales")
    sign("vice")

    def back(to_step):
        task = session.scalars(sa.select(ApprovalTask).where(ApprovalTask.state == TaskState.OPEN)).one()
        give_back(task, opinion="Ask again", to_step=to_step, actor=user("chief"), now=NOW + HOUR)

    with pytest.raises(ValidationError):
        in_one(lambda: back("c"))
    in_one(lambda: back("b"))
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")
    sign("vice", opinion="Once more")  # What was said from there on holds no longer, so he may sign again.
    assert look() == (SlipState.CHECKED, FileState.OPEN, "c")
    in_one(lambda: back(None))
    assert look() == (SlipState.CHECKED, FileState.RETURNED, "c")


def test_who_signed_before_need_not_sign_again(office, finish, sign, look):
    office.chain((("a", "sales"), {}), (("b", "vice"), {}), (("c", "sales"), {}))
    finish()
    sign("sales")
    sign("vice")
    assert look()[:2] == (SlipState.DONE, FileState.DONE)


def test_changed_terms_void_what_was_said(office, slip, finish, sign, look, in_one):
    office.chain(*THREE, rules=BANDS)
    in_one(lambda: setattr(session.get(Slip, slip), "fee", Decimal(300)))
    finish()
    sign("sales")
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")
    in_one(lambda: setattr(session.get(Slip, slip), "title", "Renamed"))  # No term.
    assert look() == (SlipState.CHECKED, FileState.OPEN, "b")
    in_one(lambda: setattr(session.get(Slip, slip), "fee", Decimal(900)))
    assert look() == (SlipState.CHECKED, FileState.OPEN, "a")
    for name in ("sales", "vice", "chief"):
        sign(name)
    assert look() == (SlipState.DONE, FileState.DONE, "c")


def test_changed_terms_may_take_a_path_without_the_steps_that_were_signed(office, slip, finish, sign, look, in_one):
    small = {"name": "Small", "when": [{"fact": "fee", "operator": "at_most", "values": ["100"]}], "steps": ["a", "b"]}
    office.chain(*THREE, rules=[small, {"name": "Otherwise", "steps": ["c", "b"]}])
    finish()
    sign("sales")
    in_one(lambda: setattr(session.get(Slip, slip), "fee", Decimal(900)))
    assert look() == (SlipState.CHECKED, FileState.OPEN, "c")
    sign("chief")
    sign("vice")
    assert look() == (SlipState.DONE, FileState.DONE, "b")


def test_approved_not_carried_out_is_told_to_who_asked(office, slip, finish, sign, look, in_one, user):
    office.chain((("a", "sales"), {}))
    finish()
    in_one(lambda: SHORTEST.set(60, valid_from=dt.date(2026, 1, 2), actor=user("ann")) and None)
    sign("sales")
    assert look() == (SlipState.CHECKED, FileState.FAILED, "a")
    file = in_one(lambda: session.scalars(sa.select(ApprovalFile)).one())
    assert file.failure == "Checked for 20 min; 60 are needed."


def test_what_waits_cannot_be_asked_twice_and_says_so(office, slip, finish, in_one):
    office.chain(*THREE)
    finish()
    with pytest.raises(Conflict) as refused:
        finish()
    assert str(refused.value) == "“Finish” waits for approval: A."
    shown = in_one(lambda: waiting_refusal(SLIP_WORKFLOW, SLIP_WORKFLOW.transitions["finish"], session.get(Slip, slip)))
    assert shown.code == "approval.pending"
    assert in_one(lambda: session.scalar(sa.select(sa.func.count()).select_from(ApprovalFile))) == 1


def test_another_way_ends_the_file(office, slip, finish, look, in_one, user):
    office.chain(*THREE)
    finish()
    in_one(lambda: cancel_slip(session.get(Slip, slip), actor=user("ann"), reason="Not needed"))
    assert look() == (SlipState.CANCELLED, FileState.WITHDRAWN, "a")


def test_a_signer_is_added_before_or_after(office, finish, sign, look, in_one, user):
    office.chain((("a", "sales"), {}))
    finish()

    def add(who, before, by):
        task = session.scalars(
            sa.select(ApprovalTask).where(
                ApprovalTask.state == TaskState.OPEN, ApprovalTask.employee_id == employee(by).id
            )
        ).one()
        add_signer(task, employee(who), before=before, opinion=None, actor=user(by), now=NOW)

    def leave(name, day):
        employee(name).left_on = day

    in_one(lambda: leave("vice", TODAY - dt.timedelta(days=1)))
    with pytest.raises(ValidationError) as refused:
        in_one(lambda: add("vice", False, "sales"))
    assert refused.value.code == "approval.signer"
    in_one(lambda: leave("vice", None))
    in_one(lambda: add("vice", True, "sales"))
    in_one(lambda: add("chief", False, "vice"))
    sign("vice")
    sign("chief")
    sign("sales")
    assert look()[:2] == (SlipState.DONE, FileState.DONE)
    with pytest.raises(sa.exc.NoResultFound):
        in_one(lambda: add("chief", False, "sales"))


@pytest.mark.rule("P:COR-01")
def test_a_step_that_nobody_holds_cannot_be_put_in_force(office, in_one, user, finish):
    holder = {"key": "a9", "name": "A9", "who": "role", "value": "visits_manager"}
    none = {**holder, "value": "companies_administrator"}
    with pytest.raises(ValidationError) as refused:
        in_one(lambda: chain(none, actor=user("ann")))
    assert str(refused.value) == "“A9” has no holder."
    assert finish()  # Nothing is in force.


WRONG = [
    ({"rules": [], "steps": []}, "approval.no_rule"),
    ({"rules": [{"name": "A", "steps": ["x"]}], "steps": []}, "approval.step_missing"),
    ({"rules": [{"name": "", "steps": []}], "steps": []}, "approval.nameless"),
    ({"rules": [{"name": "A"}, {"name": "B"}], "steps": []}, "approval.unreachable"),
    ({"rules": [{"name": "A", "when": [{"fact": "fee", "operator": "above", "values": ["x"]}]}]}, "approval.value"),
    ({"rules": [{"name": "A", "when": [{"fact": "no", "operator": "above", "values": ["1"]}]}]}, "approval.fact"),
    ({"rules": [{"name": "A", "when": [{"fact": "fee", "operator": "one_of", "values": ["1"]}]}]}, "approval.operator"),
    ({"rules": [{"name": "A", "when": [{"fact": "fee", "operator": "above", "values": []}]}]}, "approval.values"),
    (
        {"rules": [{"name": "A", "when": [{"fact": "fee", "operator": "between", "values": ["5", "1"]}]}]},
        "approval.between",
    ),
    (
        {"rules": [{"name": "A", "when": [{"fact": "fee", "operator": "above", "values": ["1"]}]}]},
        "approval.no_otherwise",
    ),
    ({"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "role"}]}, "approval.nobody"),
    ({"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "boss", "value": "1"}]}, "approval.choice"),
    (
        {"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "superior", "value": "11"}]},
        "approval.number",
    ),
    (
        {"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "person", "value": "x"}]},
        "approval.nobody",
    ),
    (
        {"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "person", "value": "9" * 30}]},
        "approval.nobody",
    ),
    (
        {"rules": [{"name": "A", "when": [{"fact": "owner_id", "operator": "one_of", "values": ["9" * 30]}]}]},
        "approval.value",
    ),
    ({"rules": [{"name": "A", "wen": []}], "steps": []}, "approval.key"),
    (
        {"rules": [{"name": "A", "when": [{"fact": "fee", "operator": "above", "value": "1"}]}], "steps": []},
        "approval.key",
    ),
    (
        {"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "superior", "opinion": True}]},
        "approval.key",
    ),
    (
        {
            "rules": [{"name": "A"}],
            "steps": [{"key": "a", "name": "A", "who": "superior", "deadline": {"unit": "minutes", "counts": 5}}],
        },
        "approval.key",
    ),
    (
        {"rules": [{"name": "A"}], "steps": [{"key": "a", "name": "A", "who": "superior", "deadline": "soon"}]},
        "approval.shape",
    ),
    ({"rules": "A", "steps": []}, "approval.shape"),
]


@pytest.mark.rule("P:COR-01")
@pytest.mark.parametrize("field", ["fee", "org_unit_id", "asked.owner", "nothing"])
def test_only_a_person_in_the_document_can_be_a_signer(office, in_one, user, finish, field):
    """A field that holds an amount, or a unit, is no person whatever its number."""
    with pytest.raises(ValidationError) as refused:
        in_one(lambda: chain({"key": "a", "name": "A", "who": "field", "value": field}, actor=user("ann")))
    assert refused.value.code == "approval.no_field"
    assert finish()  # Nothing is in force.
