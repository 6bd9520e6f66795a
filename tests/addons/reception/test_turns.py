"""The turn queue: who takes the next visitor."""

import threading

import pytest

from addons.reception import services
from addons.reception.choices import DutyState, ReceptionState
from addons.reception.models import Turn
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.reception.office import DAY, at


def take(office, by="dee", **values):
    """Let the front desk give a visitor to whose turn it is; return the consultant's name."""
    reception = services.take_visitor(office.queue(), actor=office.user(by), now=at("10:00"), **values)
    assert reception.state is ReceptionState.IN_PROGRESS
    return reception.owner.name


@pytest.mark.rule("P:REC-06")
def test_visitors_go_round(office):
    assert [take(office) for _ in range(4)] == ["Amy", "Bob", "Cat", "Amy"]


@pytest.mark.rule("P:REC-06")
@pytest.mark.parametrize("state", [DutyState.REST, DutyState.LEAVE])
def test_who_rests_or_is_on_leave_is_skipped(office, state):
    services.set_duty(office.seat("bob"), state=state, actor=office.user("bob"))

    assert [take(office) for _ in range(3)] == ["Amy", "Cat", "Amy"]


@pytest.mark.rule("P:REC-06")
def test_who_comes_back_takes_the_place_in_the_row(office):
    services.set_duty(office.seat("bob"), state=DutyState.REST, actor=office.user("bob"))
    assert [take(office), take(office)] == ["Amy", "Cat"]
    services.set_duty(office.seat("bob"), state=DutyState.ON_DUTY, actor=office.user("bob"))
    assert [take(office), take(office)] == ["Amy", "Bob"]


@pytest.mark.rule("P:REC-06")
def test_with_nobody_on_duty_no_visitor_is_taken(office, refused):
    for name in ("amy", "bob", "cat"):
        services.set_duty(office.seat(name), state=DutyState.REST, actor=office.user("dee"))

    error = refused(take, office)

    assert isinstance(error, Conflict)
    assert error.code == "turn.nobody"


@pytest.mark.rule("P:REC-06")
def test_who_is_off_duty_starts_no_reception(office, refused):
    services.set_duty(office.seat("bob"), state=DutyState.LEAVE, actor=office.user("bob"))
    reception = services.create_reception(actor=office.user("bob"), now=at("10:00"))

    error = refused(services.start_reception, reception, actor=office.user("bob"), now=at("10:00"))

    assert (error.code, str(error)) == ("reception.off_duty", "Bob is on leave.")
    assert reception.state is ReceptionState.DRAFT


@pytest.mark.rule("P:REC-06")
def test_a_visitor_taken_out_of_turn_does_not_move_the_queue(office):
    import sqlalchemy as sa

    reception = services.create_reception(actor=office.user("cat"), now=at("09:30"))
    services.start_reception(reception, actor=office.user("cat"), now=at("09:30"))

    assert [take(office) for _ in range(3)] == ["Amy", "Bob", "Cat"]
    turns = office.session.scalars(sa.select(Turn).order_by(Turn.id)).all()
    assert [(one.employee.name, one.in_turn) for one in turns] == [
        ("Cat", False),
        ("Amy", True),
        ("Bob", True),
        ("Cat", True),
    ]


@pytest.mark.rule("P:REC-06", "P:CRM-21")
def test_a_known_visitor_goes_to_the_own_consultant(office):
    services.create_customer(
        actor=office.user("cat"), now=at("09:00"), name="王小明", phone="13812345678", source_id=office.source()
    )

    assert take(office, phone="+86 138 1234 5678") == "Cat"
    assert take(office) == "Amy"
    services.set_duty(office.seat("cat"), state=DutyState.LEAVE, actor=office.user("dee"))
    assert take(office, phone="13812345678") == "Bob"


@pytest.mark.rule("P:REC-06", "P:COR-03")
def test_a_company_may_let_the_desk_choose(office, refused):
    from addons.reception.parameters import TURN_MODE

    TURN_MODE.set("manual", valid_from=DAY, actor=office.user("max"))

    error = refused(take, office)
    assert isinstance(error, ValidationError)
    assert error.code == "turn.choose"
    assert take(office, member=office.seat("cat")) == "Cat"
    services.set_duty(office.seat("bob"), state=DutyState.REST, actor=office.user("bob"))
    assert refused(take, office, member=office.seat("bob")).code == "turn.off_duty"


def test_only_the_desk_changes_the_state_of_others(office, refused):
    error = refused(services.set_duty, office.seat("bob"), state=DutyState.REST, actor=office.user("amy"))
    assert isinstance(error, NotAllowed)
    assert office.seat("bob").state is DutyState.ON_DUTY
    services.set_duty(office.seat("bob"), state=DutyState.REST, actor=office.user("dee"))
    assert office.seat("bob").state is DutyState.REST


def test_a_changed_queue_goes_on_after_the_last_turn(office, refused):
    take(office)
    seats = {name: office.seat(name) for name in ("amy", "bob", "cat")}
    rows = [{"id": seats[name].id, "employee_id": seats[name].employee_id} for name in ("cat", "amy", "bob")]

    services.update_queue(office.queue(), actor=office.user("sue"), members=rows)

    assert [take(office) for _ in range(3)] == ["Bob", "Cat", "Amy"]
    error = refused(
        services.update_queue,
        office.queue(),
        actor=office.user("sue"),
        members=[*rows, {"employee_id": seats["amy"].employee_id}],
    )
    assert error.code == "queue.twice"


@pytest.mark.rule("P:REC-06")
def test_visitors_at_the_same_moment_get_different_turns(world):
    """Three desks press the button at once: nobody is given two of three visitors."""
    from flask_appbuilder.security.sqla.models import User

    from addons.reception.models import TurnQueue
    from app.database.session import as_company, begin_writing, commit, db, session

    taken, barrier = [], threading.Barrier(3)

    def desk():
        with world.app.app_context(), as_company(world.one):
            barrier.wait()
            begin_writing()
            queue = session.get_one(TurnQueue, world.queue)
            reception = services.take_visitor(queue, actor=session.get_one(User, world.users["dee"]), now=at("10:00"))
            name = reception.owner.name
            commit()
            taken.append(name)
            db.session.remove()

    threads = [threading.Thread(target=desk) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(taken) == ["Amy", "Bob", "Cat"]
