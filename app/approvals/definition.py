"""What a chain says: rules that look at the facts, and the steps that each of them asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.approvals.conditions import Condition


class Who(StrEnum):
    """How the signers of a step are found."""

    ROLE = "role"  # Everybody who holds the role today.
    SUPERIOR = "superior"  # Of who asked, so many levels up.
    PERSON = "person"
    FIELD = "field"  # The person whom a field of the document names.


class Mode(StrEnum):
    """How many of them must sign."""

    ONE = "one"
    ALL = "all"
    COUNT = "count"
    PERCENT = "percent"


class Unit(StrEnum):
    """How a deadline is counted."""

    MINUTES = "minutes"
    SAME_DAY = "same_day"
    WORKING_DAYS = "working_days"


class Overdue(StrEnum):
    """What happens when the deadline has passed: it is always marked, and the signers are told."""

    REMIND = "remind"
    ESCALATE = "escalate"  # The superior of each signer may sign too.
    GO_ON = "go_on"  # An opinion that did not come in time is not waited for.


@dataclass(frozen=True)
class Deadline:
    """Until when a step is to be signed; `remind_before` is in minutes, 0: no reminder."""

    unit: Unit
    count: int = 0
    remind_before: int = 0
    then: Overdue = Overdue.REMIND


@dataclass(frozen=True)
class Step:
    """One step. An opinion-only step hears its signers and goes on whatever they say."""

    key: str
    name: str
    who: Who
    value: str = ""  # The role, the employee's id, the field; levels of superiors as a number.
    mode: Mode = Mode.ONE
    count: int = 1  # Signers, or per cent of them.
    is_opinion: bool = False
    deadline: Deadline | None = None

    @property
    def levels(self) -> int:
        """How many levels above who asked."""
        return int(self.value or 1)


@dataclass(frozen=True)
class Rule:
    """All conditions must hold; without one it always fires. Without steps nobody need sign."""

    name: str
    conditions: Sequence[Condition] = ()
    steps: Sequence[str] = ()


@dataclass(frozen=True)
class Definition:
    """The first rule that fires decides."""

    rules: Sequence[Rule]
    steps: Sequence[Step]

    def step(self, key: str) -> Step:
        """Return the step of this key. Raises KeyError for one that is not there."""
        return {step.key: step for step in self.steps}[key]
