"""What signatures come to: one, all, so many, per cent, opinions; pure, so tried with many orders."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.approvals.definition import Mode, Step, Who
from app.approvals.models import Verdict
from app.approvals.standing import Standing, needed, persons, standing, still_valid, verdicts

AGREE, DISAGREE = Verdict.AGREE, Verdict.DISAGREE


@dataclass
class Line:
    """What somebody said."""

    step: str | None
    verdict: Verdict
    employee_id: int | None
    for_id: int | None = None
    back_to: str | None = None


def step(mode=Mode.ONE, count=1, **values):
    """Return a step that some people sign."""
    return Step("a", "A", Who.ROLE, "role", mode=mode, count=count, **values)


CASES = [
    (Mode.ONE, 1, 3, [], Standing.OPEN),
    (Mode.ONE, 1, 3, [AGREE], Standing.PASSED),
    (Mode.ONE, 1, 3, [DISAGREE], Standing.REJECTED),
    (Mode.ALL, 1, 3, [AGREE, AGREE], Standing.OPEN),
    (Mode.ALL, 1, 3, [AGREE, AGREE, AGREE], Standing.PASSED),
    (Mode.ALL, 1, 3, [AGREE, DISAGREE], Standing.REJECTED),
    (Mode.COUNT, 2, 3, [AGREE, DISAGREE], Standing.OPEN),
    (Mode.COUNT, 2, 3, [AGREE, DISAGREE, AGREE], Standing.PASSED),
    (Mode.COUNT, 2, 3, [DISAGREE, DISAGREE], Standing.REJECTED),
    (Mode.COUNT, 5, 3, [AGREE, AGREE, AGREE], Standing.PASSED),  # Never more than there are.
    (Mode.PERCENT, 60, 5, [AGREE, AGREE], Standing.OPEN),
    (Mode.PERCENT, 60, 5, [AGREE, AGREE, AGREE], Standing.PASSED),
    (Mode.PERCENT, 51, 2, [AGREE], Standing.OPEN),  # 1.02 of 2 are 2.
    (Mode.PERCENT, 60, 5, [DISAGREE, DISAGREE, DISAGREE], Standing.REJECTED),
]


@pytest.mark.parametrize(("mode", "count", "seats", "said", "result"), CASES)
def test_how_many_signatures_are_enough(mode, count, seats, said, result):
    given_verdicts = dict(enumerate(said))
    assert standing(step(mode, count), range(seats), given_verdicts) is result


def test_an_opinion_only_step_passes_whatever_is_said():
    one = step(Mode.ALL, is_opinion=True)
    assert standing(one, range(2), {0: DISAGREE}) is Standing.OPEN
    assert standing(one, range(2), {0: DISAGREE, 1: DISAGREE}) is Standing.PASSED


def test_what_was_said_before_it_went_back_holds_no_longer():
    lines = [Line("a", AGREE, 1), Line("b", AGREE, 2), Line("c", Verdict.RETURN, 3, back_to="b"), Line("b", AGREE, 4)]
    valid = still_valid(lines, ["a", "b", "c"])
    assert [(line.step, line.employee_id) for line in valid] == [("a", 1), ("b", 4)]
    assert persons(valid) == {1, 4}


def test_changed_terms_void_all_that_was_said_even_of_a_path_that_is_no_more():
    lines = [Line("added2", AGREE, 5), Line("b", AGREE, 2), Line("c", Verdict.RETURN, 3, back_to="added2")]
    lines += [Line("b", AGREE, 2), Line("c", Verdict.VOID, None), Line("b", AGREE, 4)]
    assert [line.employee_id for line in still_valid(lines, ["b", "a"])] == [4]


def test_who_signed_an_earlier_step_has_signed_this_one_too_but_not_as_a_deputy_for_its_holder():
    lines = [Line("x", AGREE, 1), Line("x", DISAGREE, 2, for_id=9)]
    assert verdicts(step(), {1, 2, 9}, lines) == {1: AGREE, 2: DISAGREE}
    here = [Line("a", AGREE, 2, for_id=9)]
    assert verdicts(step(), {9}, here) == {9: AGREE}


@given(
    mode=st.sampled_from(Mode),
    count=st.integers(1, 100),
    said=st.lists(st.sampled_from((AGREE, DISAGREE, None)), min_size=1, max_size=8),
    is_opinion=st.booleans(),
)
def test_a_step_ends_once_all_have_spoken_and_its_end_never_changes(mode, count, said, is_opinion):
    one, seats = step(mode, count, is_opinion=is_opinion), range(len(said))
    known, before = {}, Standing.OPEN
    for seat, verdict in enumerate(said):
        if verdict is None:
            continue
        known[seat] = verdict
        if before is Standing.OPEN:
            before = standing(one, seats, known)
        elif mode is not Mode.ONE:  # There the first verdict decides, and nobody is asked any more.
            assert standing(one, seats, known) is before
    if len(known) == len(said):
        assert before is not Standing.OPEN
    assert 1 <= needed(one, len(said)) <= len(said)
