"""Declaring a workflow: what is wrong stops the start."""

from enum import StrEnum

import pytest

from app.errors import ConfigurationError
from app.workflow.definition import Workflow
from app.workflow.steps import steps
from app.workflow.transition import Transition
from tests.app.workflow.slips import SLIP_WORKFLOW, Slip, SlipState

DRAFT, CHECKED, DONE, FILED, CANCELLED = SlipState


class Strange(StrEnum):
    """States of something else."""

    LOST = "lost"


def arrow(name="check", source=DRAFT, target=CHECKED):
    return Transition(name, source, target, name.title())


def service(slip, *, actor):
    """Do nothing."""


def test_a_missing_service_stops_the_start():
    workflow = Workflow(Slip, arrow("check"), arrow("finish", CHECKED, DONE))
    workflow.transition("check")(service)

    with pytest.raises(ConfigurationError, match="Slip: no service is decorated for finish"):
        workflow.check_complete()

    SLIP_WORKFLOW.check_complete()


def test_a_second_service_stops_the_start():
    workflow = Workflow(Slip, arrow())
    workflow.transition("check")(service)

    with pytest.raises(ConfigurationError, match="two services"):
        workflow.transition("check")(service)


def test_an_undeclared_transition_stops_the_start():
    with pytest.raises(ConfigurationError, match="no transition 'finish'"):
        Workflow(Slip, arrow()).transition("finish")


def test_one_name_twice_stops_the_start():
    with pytest.raises(ConfigurationError, match="one name"):
        Workflow(Slip, arrow(), arrow(source=CHECKED))


@pytest.mark.parametrize("name", ["show", "Check", "a-b", "", "1st", "x" * 41])
def test_a_name_that_cannot_be_an_address_stops_the_start(name):
    with pytest.raises(ConfigurationError):
        arrow(name)


@pytest.mark.parametrize(
    "wrong", [{"source": Strange.LOST}, {"source": (DRAFT, Strange.LOST)}, {"target": Strange.LOST}]
)
def test_a_state_that_the_model_lacks_stops_the_start(wrong):
    with pytest.raises(ConfigurationError, match="lost is no state"):
        Workflow(Slip, arrow(**wrong))


def test_a_strange_main_path_stops_the_start():
    with pytest.raises(ConfigurationError, match="lost is no state"):
        Workflow(Slip, arrow(), main_path=(DRAFT, Strange.LOST))


def test_the_main_path_follows_the_first_transitions_unless_it_is_declared():
    assert SLIP_WORKFLOW.main_path == (DRAFT, CHECKED, DONE, FILED)
    assert Workflow(Slip, arrow(), main_path=(DRAFT, DONE)).main_path == (DRAFT, DONE)
    assert Workflow(Slip).main_path == ()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (DRAFT, ["draft now", "checked todo", "done todo", "filed todo"]),
        (DONE, ["draft done", "checked done", "done now", "filed todo"]),
        (FILED, ["draft done", "checked done", "done done", "filed now"]),
        (CANCELLED, ["draft todo", "checked todo", "done todo", "filed todo", "cancelled now"]),
    ],
)
def test_the_status_bar(state, expected):
    found = steps(SLIP_WORKFLOW, Slip(state=state))

    assert [f"{step.state} {step.status}" for step in found] == expected


def test_a_detour_stands_before_the_state_to_which_it_leads():
    detour = Workflow(Slip, arrow(), main_path=(DRAFT, CHECKED, DONE), detours={FILED: DONE})
    detour.resource = "slips.Slip"  # As the loader does.

    found = [f"{step.state} {step.status}" for step in steps(detour, Slip(state=FILED))]

    assert found == ["draft done", "checked done", "filed now", "done todo"]
    assert [step.state for step in steps(detour, Slip(state=CHECKED))] == [DRAFT, CHECKED, DONE]


def test_a_strange_detour_stops_the_start():
    with pytest.raises(ConfigurationError, match="lost is no state"):
        Workflow(Slip, arrow(), main_path=(DRAFT, CHECKED), detours={Strange.LOST: CHECKED})
    with pytest.raises(ConfigurationError, match="a detour leads to done, off the main path"):
        Workflow(Slip, arrow(), main_path=(DRAFT, CHECKED), detours={FILED: DONE})
