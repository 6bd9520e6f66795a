"""One condition of a rule, and whether it holds. Pure: the same values always give the same answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.approvals.facts import Operator


@dataclass(frozen=True)
class Condition:
    """A fact, how it is compared, and with what: numbers, days, codes of choices, ids of records."""

    fact: str
    operator: Operator
    values: Sequence[Any] = ()


# What lies above the unit that a fact names, by the fact's name: so a condition on a branch meets its departments.
Ancestors = Mapping[str, frozenset[int]]


def holds(condition: Condition, facts: Mapping[str, Any], above: Ancestors) -> bool:
    """Tell whether the facts fulfil the condition; a blank one fulfils `is blank` and `none of` only."""
    value, operator, wanted = facts.get(condition.fact), condition.operator, condition.values
    is_blank = value is None or value == ""
    if operator in (Operator.IS_BLANK, Operator.IS_GIVEN):
        return is_blank is (operator is Operator.IS_BLANK)
    if operator in (Operator.ONE_OF, Operator.NONE_OF):
        names = {value, *above.get(condition.fact, ())}
        is_listed = not is_blank and not names.isdisjoint(wanted)
        return is_listed is (operator is Operator.ONE_OF)
    return not is_blank and _compare(value, operator, wanted)


def _compare(value: Any, operator: Operator, wanted: Sequence[Any]) -> bool:
    first = wanted[0]
    if operator is Operator.BETWEEN:
        return bool(first <= value <= wanted[1])
    answers: dict[Operator, bool] = {
        Operator.ABOVE: value > first,
        Operator.AT_LEAST: value >= first,
        Operator.AT_MOST: value <= first,
        Operator.BELOW: value < first,
    }
    return answers[operator]
