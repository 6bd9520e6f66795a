"""No silent button: what is shown, what is greyed and why, what is folded away."""

import datetime as dt

import pytest

from app.database.session import session
from app.workflow.engine import buttons
from tests.app.workflow.slips import SHORTEST, SLIP_WORKFLOW, Slip, SlipState

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)


@pytest.fixture
def shown(in_one, user, slip_id):
    """Return the buttons of the slip in a state, as somebody meets them: name -> (look, reason)."""

    def look(name, state, minutes=None):
        def run():
            slip = session.get(Slip, slip_id)
            slip.state, slip.minutes = state, minutes
            found = buttons(SLIP_WORKFLOW, slip, user(name), now=NOW)
            return {
                one.transition.name: ("on" if one.enabled else "folded" if one.is_folded else "grey", one.reason)
                for one in found
            }

        return in_one(run)

    return look


def test_in_a_draft(shown):
    assert shown("ann", SlipState.DRAFT) == {
        "check": ("on", ""),
        "finish": ("grey", "“Finish” works only in state “Checked”; this is “Draft”."),  # The next step.
        "file": ("folded", "Needs the right “File”, which no role holds."),
        "cancel": ("on", ""),
    }


def test_who_lacks_the_right_is_told_who_holds_it(shown):
    found = shown("rob", SlipState.DRAFT)

    assert found["check"] == ("grey", "Needs the right “Check”, held by: Slips keeper.")
    assert found["finish"][0] == "folded"  # He could not do it then either.


def test_who_may_not_see_the_document_sees_no_button(shown):
    assert shown("eve", SlipState.DRAFT) == {}


def test_a_guard_greys_with_its_reason_and_link(in_one, user, slip_id, shown):
    in_one(lambda: SHORTEST.set(20, valid_from=DAY, actor=user("ann")) and None)

    assert shown("ann", SlipState.CHECKED, 5)["finish"] == ("grey", "Checked for 5 min; 20 are needed.")
    assert shown("ann", SlipState.CHECKED, 20)["finish"] == ("on", "")


def test_an_unset_parameter_greys_and_is_named(shown):
    look, reason = shown("ann", SlipState.CHECKED, 5)["finish"]

    assert look == "grey"
    assert "Shortest check" in reason
    assert "slips.shortest" in reason


def test_at_the_end_everything_is_folded(shown):
    assert {look for look, _reason in shown("ann", SlipState.CANCELLED).values()} == {"folded"}


def test_rest_is_told_the_same(in_one, user, slip_id):
    def ask():
        slip = session.get(Slip, slip_id)
        slip.state, slip.minutes = SlipState.CHECKED, 5
        SHORTEST.set(20, valid_from=DAY, actor=user("ann"))
        return {one.transition.name: one.to_dict() for one in buttons(SLIP_WORKFLOW, slip, user("ann"), now=NOW)}

    found = in_one(ask)

    assert found["finish"] == {
        "name": "finish",
        "label": "Finish",
        "enabled": False,
        "folded": False,
        "code": "slips.short",
        "reason": "Checked for 5 min; 20 are needed.",
        "link": "/settings/slips.shortest",
        "target": "done",
        "confirm": "",
        "arguments": [],
    }
    assert found["cancel"]["confirm"] == "Really?"
    assert [one["name"] for one in found["cancel"]["arguments"]] == ["reason"]
