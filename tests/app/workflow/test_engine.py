"""Performing transitions: right, state, version, guards, log, and two people at once."""

import datetime as dt
import threading

import pytest
from sqlalchemy import delete, func, select

from app.database.session import db, session
from app.documents.references import find_ref, ref_of
from app.errors import Conflict, NotAllowed, NotFound, ValidationError
from app.parameters.parameter import ParameterUnset
from app.workflow import engine
from app.workflow.models import TransitionLog
from tests.app.workflow.slips import (
    RESOURCE,
    SHORTEST,
    SLIP_WORKFLOW,
    Slip,
    SlipState,
    cancel_slip,
    check_slip,
    finish_slip,
    lapse_slip,
    remind_of_slip,
)

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 17, 30, tzinfo=dt.UTC)  # In Shanghai it is 01:30 on the third.
CHECK = SLIP_WORKFLOW.transitions["check"]


@pytest.fixture
def check(in_one, user, slip_id):
    """Check the slip as somebody."""

    def run(name="ann", **values):
        return in_one(lambda: check_slip(session.get(Slip, slip_id), actor=user(name), **{"minutes": 20, **values}))

    return run


def look(in_one, slip_id, *names):
    return in_one(lambda: tuple(getattr(session.get(Slip, slip_id), name) for name in names))


def logged(in_one):
    return in_one(lambda: session.scalar(select(func.count(TransitionLog.id))))


def test_a_transition_runs_its_service_and_is_logged(desk, in_one, slip_id, check):
    outcome = check()

    assert outcome.is_done
    assert look(in_one, slip_id, "state", "minutes") == (SlipState.CHECKED, 20)
    columns = ("resource", "record_id", "transition", "source", "target", "actor_id", "reason")
    log = in_one(lambda: session.execute(select(*(getattr(TransitionLog, name) for name in columns))).one())
    assert log == (RESOURCE, slip_id, "check", "draft", "checked", desk.users["ann"], None)


def test_the_reason_is_kept_in_the_log(in_one, user, slip_id):
    in_one(lambda: cancel_slip(session.get(Slip, slip_id), actor=user("ann"), reason="Twice"))

    assert in_one(lambda: session.scalar(select(TransitionLog.reason))) == "Twice"


def test_a_transition_without_a_target_leaves_the_state_as_it_is(in_one, user, slip_id, check):
    check()

    in_one(lambda: remind_of_slip(session.get(Slip, slip_id), actor=user("ann")))

    assert look(in_one, slip_id, "state", "urgent") == (SlipState.CHECKED, True)
    last = in_one(lambda: session.execute(select(TransitionLog.source, TransitionLog.target)).all()[-1])
    assert tuple(last) == ("checked", "checked")


def test_without_the_right_nothing_happens(in_one, slip_id, check):
    with pytest.raises(NotAllowed) as refused:
        check("rob")

    assert refused.value.code == "security.refused"
    assert look(in_one, slip_id, "state", "minutes", "version") == (SlipState.DRAFT, None, 1)
    assert logged(in_one) == 0


def test_another_state_is_named_with_what_is_needed(in_one, slip_id, check):
    check()

    with pytest.raises(Conflict) as refused:
        check(minutes=30)

    assert refused.value.code == "workflow.state"
    assert str(refused.value.data["needed"]) == "Draft"
    assert "“Checked”" in str(refused.value)
    assert look(in_one, slip_id, "minutes") == (20,)
    assert logged(in_one) == 1


def test_a_service_that_refuses_changes_nothing(in_one, slip_id, check):
    with pytest.raises(ValidationError) as refused:
        check(minutes=0)

    assert (refused.value.field, refused.value.data["limit"]) == ("minutes", 1)
    assert look(in_one, slip_id, "state", "minutes") == (SlipState.DRAFT, None)
    assert logged(in_one) == 0


def test_a_stale_version_is_refused(in_one, user, slip_id):
    def press(version):
        return in_one(
            lambda: engine.perform(
                SLIP_WORKFLOW,
                CHECK,
                session.get(Slip, slip_id),
                actor=user("ann"),
                arguments={"minutes": 5},
                version=version,
            )
        )

    with pytest.raises(Conflict) as refused:
        press(7)
    assert refused.value.code == "record.stale"
    assert press(1).is_done


def test_guards_and_services_share_one_clock(in_one, user, slip_id, check):
    check()
    in_one(lambda: SHORTEST.set(20, valid_from=DAY, actor=user("ann")) and None)

    in_one(lambda: finish_slip(session.get(Slip, slip_id), actor=user("ann"), now=NOW, today=DAY))

    assert look(in_one, slip_id, "posted_at", "done_on", "number") == (NOW, DAY, f"S{slip_id:04}")
    assert in_one(lambda: session.scalar(select(TransitionLog.at).where(TransitionLog.transition == "finish"))) == NOW


def test_the_edge_need_not_give_the_clock(in_one, user, slip_id, check):
    check()
    in_one(lambda: SHORTEST.set(20, valid_from=DAY, actor=user("ann")) and None)

    in_one(
        lambda: engine.perform(
            SLIP_WORKFLOW,
            SLIP_WORKFLOW.transitions["finish"],
            session.get(Slip, slip_id),
            actor=user("ann"),
            arguments={},
        )
    )

    (posted_at,) = look(in_one, slip_id, "posted_at")
    assert posted_at.tzinfo is not None


def test_a_guard_refuses_with_its_own_error(in_one, user, slip_id, check):
    check(minutes=5)
    in_one(lambda: SHORTEST.set(20, valid_from=DAY, actor=user("ann")) and None)

    with pytest.raises(ValidationError) as refused:
        in_one(lambda: finish_slip(session.get(Slip, slip_id), actor=user("ann"), now=NOW, today=DAY))

    assert (refused.value.code, refused.value.field) == ("slips.short", "minutes")
    assert str(refused.value) == "Checked for 5 min; 20 are needed."
    assert look(in_one, slip_id, "state") == (SlipState.CHECKED,)


def test_an_unset_parameter_refuses(in_one, user, slip_id, check):
    check()

    with pytest.raises(ParameterUnset) as refused:
        in_one(lambda: finish_slip(session.get(Slip, slip_id), actor=user("ann"), now=NOW, today=DAY))

    assert "slips.shortest" in str(refused.value)


def test_automatic_transitions_are_for_services_only(in_one, user, slip_id):
    with pytest.raises(NotAllowed):
        in_one(
            lambda: engine.perform(
                SLIP_WORKFLOW,
                SLIP_WORKFLOW.transitions["lapse"],
                session.get(Slip, slip_id),
                actor=user("ann"),
                arguments={},
            )
        )

    in_one(lambda: lapse_slip(session.get(Slip, slip_id), actor=user("eve")))
    assert look(in_one, slip_id, "state") == (SlipState.CANCELLED,)


def test_a_job_has_no_actor(in_one, slip_id):
    in_one(lambda: lapse_slip(session.get(Slip, slip_id), actor=None))

    assert in_one(lambda: session.execute(select(TransitionLog.transition, TransitionLog.actor_id)).one()) == (
        "lapse",
        None,
    )


def test_a_record_that_somebody_deleted_is_not_found(in_one, user, slip_id):
    def work():
        slip = session.get(Slip, slip_id)
        session.execute(delete(Slip).where(Slip.id == slip_id))
        check_slip(slip, actor=user("ann"), minutes=5)

    with pytest.raises(NotFound):
        in_one(work)


def test_the_registry_follows_the_document(in_one, slip_id, check):
    in_one(lambda: ref_of(session.get(Slip, slip_id), RESOURCE) and None)

    check()

    assert in_one(lambda: find_ref(RESOURCE, slip_id).state) == "checked"


def test_the_log_is_never_changed(in_one, check):
    check()

    def change():
        session.scalars(select(TransitionLog)).one().reason = "invented"
        session.flush()

    with pytest.raises(Conflict):
        in_one(change)


def test_of_two_people_pressing_one_button_one_wins(desk, in_one, user, slip_id, run_in):
    """Both have read the draft; whoever comes second finds it checked (on SQLite the database may be locked)."""
    both_read, answers = threading.Barrier(2, timeout=20), []

    def press():
        slip, actor = session.get(Slip, slip_id), user("ann")
        both_read.wait()
        check_slip(slip, actor=actor, minutes=10)

    def work():
        try:
            run_in(desk.one, press)
            answers.append("done")
        except Exception as error:  # noqa: BLE001  # Whatever it is, the assertion shows it.
            answers.append(error.code if isinstance(error, Conflict) else type(error).__name__)

    people = [threading.Thread(target=work) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    answers.remove("done")
    assert answers in (["workflow.state"], ["OperationalError"], ["StaleDataError"])
    assert answers == ["workflow.state"] or in_one(lambda: db.engine.dialect.name) == "sqlite"
    assert logged(in_one) == 1
