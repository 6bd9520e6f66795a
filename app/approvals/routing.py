"""Which path a document takes, and why. Pure, so that a draft can be rehearsed over past documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.approvals.conditions import Ancestors, Condition, holds
from app.approvals.definition import Definition, Rule, Step


@dataclass(frozen=True)
class Passed:
    """A rule that did not fire, and its first condition that does not hold."""

    rule: Rule
    because: Condition


@dataclass(frozen=True)
class Route:
    """The rule that fired, its steps in order, and the rules before it that did not."""

    rule: Rule
    steps: Sequence[Step]
    passed: Sequence[Passed]


def choose_route(definition: Definition, facts: Mapping[str, Any], above: Ancestors) -> Route | None:
    """Return the path of the first rule that fires; None where none does."""
    passed: list[Passed] = []
    for rule in definition.rules:
        failed = next((one for one in rule.conditions if not holds(one, facts, above)), None)
        if failed is None:
            return Route(rule, [definition.step(key) for key in rule.steps], passed)
        passed.append(Passed(rule, failed))
    return None
