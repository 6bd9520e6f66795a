"""How a file stands: what was said and still holds, and whether that is enough for a step. Pure."""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum, auto
from math import ceil
from typing import Protocol

from app.approvals.definition import Mode, Step
from app.approvals.models import Verdict

OPINIONS = frozenset({Verdict.AGREE, Verdict.DISAGREE})


class Said(Protocol):
    """What is asked of a line."""

    step: str | None
    verdict: Verdict
    employee_id: int | None
    for_id: int | None
    back_to: str | None


class Standing(Enum):
    """What the signatures of a step come to."""

    OPEN = auto()
    PASSED = auto()
    REJECTED = auto()


def still_valid(lines: Sequence[Said], order: Sequence[str]) -> list[Said]:
    """Return the opinions that hold.

    Whatever sends the file back to a step voids those given from there on; changed terms void all, for the path may
    be another since.
    """
    begun = max((at for at, line in enumerate(lines, start=1) if line.verdict is Verdict.VOID), default=0)
    valid: list[Said] = []
    for line in lines[begun:]:
        if line.back_to is not None:
            voided = set(order[order.index(line.back_to) :])
            valid = [one for one in valid if one.step not in voided]
        elif line.verdict in OPINIONS:
            valid.append(line)
    return valid


def persons(valid: Sequence[Said]) -> set[int]:
    """Return who has signed, for himself or for another: nobody signs twice in one file (P:COR-07)."""
    return {line.employee_id for line in valid if line.employee_id is not None}


def verdicts(step: Step, seats: Collection[int], valid: Sequence[Said]) -> dict[int, Verdict]:
    """Return the verdict on each seat of a step: given here, or by the same person at an earlier step."""
    found: dict[int, Verdict] = {}
    for line in valid:
        seat = (line.for_id or line.employee_id) if line.step == step.key else line.employee_id
        if seat is not None and seat in seats:
            found[seat] = line.verdict
    return found


def needed(step: Step, seats: int) -> int:
    """Return how many of so many signers are needed; never more than there are."""
    if step.mode is Mode.PERCENT:
        return ceil(seats * step.count / 100)
    wanted = {Mode.ONE: 1, Mode.ALL: seats, Mode.COUNT: step.count}[step.mode]
    return min(wanted, seats)


def standing(step: Step, seats: Collection[int], said: Mapping[int, Verdict]) -> Standing:
    """Tell whether a step has passed. An opinion-only step does so whatever is said.

    Where one of several is enough, the first verdict decides; otherwise a step is rejected once the agreement that
    it needs cannot be reached any more.
    """
    agreed = sum(verdict is Verdict.AGREE for verdict in said.values())
    disagreed, wanted = len(said) - agreed, needed(step, len(seats))
    if step.is_opinion:
        return Standing.PASSED if len(said) >= wanted else Standing.OPEN
    if agreed >= wanted:
        return Standing.PASSED
    is_lost = disagreed > 0 if step.mode is Mode.ONE else len(seats) - disagreed < wanted
    return Standing.REJECTED if is_lost else Standing.OPEN
