"""A chain as it is stored and typed, JSON, turned into what routing works with; every mistake is named."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from app.approvals.conditions import Condition
from app.approvals.definition import Deadline, Definition, Mode, Overdue, Rule, Step, Unit, Who
from app.approvals.facts import OPERATORS, VALUES_WANTED, Fact, FactKind, Operator, stored
from app.database.columns import read_id
from app.errors import ValidationError
from app.i18n import _, humanize
from app.masterdata.normalise import parse_date, parse_decimal

E = TypeVar("E", bound=StrEnum)
MOST_RULES, MOST_STEPS, MOST_CONDITIONS, NAME_LENGTH = 200, 20, 20, 80
MOST_MINUTES, MOST_DAYS, MOST_LEVELS, MOST_SIGNERS = 14_400, 60, 10, 50
Facts = Mapping[str, Fact]
_RULE_KEYS = frozenset({"name", "when", "steps"})
_CONDITION_KEYS = frozenset({"fact", "operator", "values"})
_STEP_KEYS = frozenset({"key", "name", "who", "value", "mode", "count", "is_opinion", "deadline"})
_DEADLINE_KEYS = frozenset({"unit", "count", "remind_before", "then"})


def read_definition(data: Mapping[str, Any], facts: Facts) -> Definition:
    """Return the chain that the JSON describes. Raises ValidationError naming the rule or step and the limit (R1, R4).

    Whether each step has somebody to sign it is asked when it is activated (P:COR-01).
    """
    steps = [_step(item, number) for number, item in enumerate(_list(data, "steps", MOST_STEPS), start=1)]
    keys = {step.key for step in steps}
    if len(keys) < len(steps):
        raise _wrong("approval.step_twice", _("Two steps have the same key."), "steps")
    rules = [_rule(item, number, keys, facts) for number, item in enumerate(_list(data, "rules", MOST_RULES), start=1)]
    if not rules:
        raise _wrong("approval.no_rule", _("A chain needs at least one rule."), "rules")
    if rules[-1].conditions:
        raise _wrong(
            "approval.no_otherwise",
            _("The last rule must be without conditions: it says what holds for all other documents."),
            "rules",
        )
    early = next((number for number, rule in enumerate(rules[:-1], start=1) if not rule.conditions), None)
    if early is not None:
        raise _wrong(
            "approval.unreachable",
            _("Rule %(number)s has no conditions, so the rules after it would never be reached."),
            f"rule-{early}",
            number=early,
        )
    return Definition(rules, steps)


def write_definition(definition: Definition) -> dict[str, Any]:
    """Return the chain as JSON."""
    return {
        "rules": [
            {"name": rule.name, "when": [_write_condition(one) for one in rule.conditions], "steps": list(rule.steps)}
            for rule in definition.rules
        ],
        "steps": [write_step(step) for step in definition.steps],
    }


def _write_condition(one: Condition) -> dict[str, Any]:
    return {"fact": one.fact, "operator": one.operator.value, "values": [stored(value) for value in one.values]}


def write_step(step: Step) -> dict[str, Any]:
    """Return one step as JSON."""
    deadline = step.deadline
    return {
        "key": step.key,
        "name": step.name,
        "who": step.who.value,
        "value": step.value,
        "mode": step.mode.value,
        "count": step.count,
        "is_opinion": step.is_opinion,
        "deadline": None
        if deadline is None
        else {
            "unit": deadline.unit.value,
            "count": deadline.count,
            "remind_before": deadline.remind_before,
            "then": deadline.then.value,
        },
    }


def read_step(data: Mapping[str, Any]) -> Step:
    """Return one step of a file's route as it was stored."""
    return _step(data, 1)


def read_value(value: Any, fact: Fact) -> Any:
    """Return a stored value of a fact as routing compares it; None where it is blank, or cannot be read any more."""
    if value is None:
        return None
    try:
        return _READERS[fact.kind](value, fact)
    except (ValidationError, ValueError, TypeError, ArithmeticError, KeyError):
        return None


def _rule(data: Any, number: int, keys: set[str], facts: Facts) -> Rule:
    field = f"rule-{number}"
    name = _name(data, field, number)
    _only(data, _RULE_KEYS, field)
    conditions = [_condition(item, field, name, facts) for item in _list(data, "when", MOST_CONDITIONS)]
    steps = [str(key) for key in _list(data, "steps", MOST_STEPS)]
    for key in steps:
        if key not in keys:
            raise _wrong(
                "approval.step_missing", _("Rule “%(name)s” names a step that is not there."), field, name=name, key=key
            )
    if len(set(steps)) < len(steps):
        raise _wrong("approval.step_repeated", _("Rule “%(name)s” names a step twice."), field, name=name)
    return Rule(name, conditions, steps)


def _condition(data: Any, field: str, rule: str, facts: Facts) -> Condition:
    fact = facts.get(str(data.get("fact"))) if isinstance(data, Mapping) else None
    if fact is None:
        raise _wrong("approval.fact", _("Rule “%(name)s” looks at something that is not there."), field, name=rule)
    _only(data, _CONDITION_KEYS, field)
    operator = _one_of(Operator, data.get("operator"), field, fact.label)
    if operator not in OPERATORS[fact.kind]:
        raise _wrong(
            "approval.operator",
            _("Rule “%(name)s”: %(fact)s cannot be compared that way."),
            field,
            name=rule,
            fact=fact.label,
        )
    given, (least, most) = _list(data, "values", 1_000), VALUES_WANTED[operator]
    if not least <= len(given) <= most:
        raise _wrong(
            "approval.values",
            _("Rule “%(name)s”: %(fact)s needs from %(least)s to %(most)s values here."),
            field,
            name=rule,
            fact=fact.label,
            least=least,
            most=most,
        )
    values = [_value(item, fact, field, rule) for item in given]
    if operator is Operator.BETWEEN and values[0] > values[1]:
        raise _wrong(
            "approval.between",
            _("Rule “%(name)s”: %(fact)s runs from more to less."),
            field,
            name=rule,
            fact=fact.label,
        )
    return Condition(fact.name, operator, values)


def _value(given: Any, fact: Fact, field: str, rule: str) -> Any:
    try:
        return _READERS[fact.kind](given, fact)
    except (ValidationError, ValueError, TypeError, ArithmeticError, KeyError) as error:
        raise _wrong(
            "approval.value",
            _("Rule “%(name)s”: “%(value)s” is no value of %(fact)s."),
            field,
            name=rule,
            fact=fact.label,
            value=str(given)[:40],
        ) from error


def _yes_no(given: Any, _fact: Fact) -> bool:
    return {"true": True, "false": False}[str(given).lower()]


def _day(given: Any, _fact: Fact) -> dt.date:
    return parse_date(str(given))


def _choice(given: Any, fact: Fact) -> str:
    return str(fact.choices(given)) if fact.choices is not None else str(given)


def _record_id(given: Any, _fact: Fact) -> int:
    key = read_id(str(given))
    if key is None:
        raise ValueError("not an id")
    return key


_READERS = {
    FactKind.NUMBER: lambda given, _fact: parse_decimal(str(given)),
    FactKind.DAY: _day,
    FactKind.CHOICE: _choice,
    FactKind.YES_NO: _yes_no,
    FactKind.RECORD: _record_id,
    FactKind.UNIT: _record_id,
}


def _step(data: Any, number: int) -> Step:
    field = f"step-{number}"
    name = _name(data, field, number)
    _only(data, _STEP_KEYS, field)
    mode = _one_of(Mode, data.get("mode", Mode.ONE), field, name)
    most = {Mode.COUNT: MOST_SIGNERS, Mode.PERCENT: 100}.get(mode, 1)
    deadline = data.get("deadline")
    made = Step(
        key=str(data.get("key") or f"step{number}")[:40],
        name=name,
        who=_one_of(Who, data.get("who"), field, name),
        value=str(data.get("value") or "")[:80],
        mode=mode,
        count=_whole(data.get("count") or 1, 1, most, field, name) if most > 1 else 1,
        is_opinion=bool(data.get("is_opinion")),
        deadline=None if not deadline else _deadline(deadline, field, name),
    )
    if made.who is Who.SUPERIOR:
        _whole(made.value or 1, 1, MOST_LEVELS, field, name)
    elif not made.value or (made.who is Who.PERSON and read_id(made.value) is None):
        raise _wrong("approval.nobody", _("Step “%(name)s”: say who signs it."), field, name=name)
    if made.deadline and made.deadline.then is Overdue.GO_ON and not made.is_opinion:
        raise _wrong(
            "approval.go_on",
            _("Step “%(name)s”: only an opinion can be passed over when its time is up."),
            field,
            name=name,
        )
    return made


def _deadline(data: Any, field: str, name: str) -> Deadline:
    if not isinstance(data, Mapping):
        raise _wrong("approval.shape", _("This must be a section."), field)
    _only(data, _DEADLINE_KEYS, field)
    unit = _one_of(Unit, data.get("unit"), field, name)
    most = {Unit.MINUTES: MOST_MINUTES, Unit.WORKING_DAYS: MOST_DAYS}.get(unit, 0)
    return Deadline(
        unit,
        _whole(data.get("count") or 0, 1, most, field, name) if most else 0,
        _whole(data.get("remind_before") or 0, 0, MOST_MINUTES, field, name),
        _one_of(Overdue, data.get("then") or Overdue.REMIND, field, name),
    )


def _only(data: Mapping[str, Any], keys: frozenset[str], field: str) -> None:
    """Refuse a key that nothing reads: a mistyped condition or deadline would be left out in silence."""
    strange = next((str(key) for key in data if key not in keys), None)
    if strange is not None:
        raise _wrong("approval.key", _("There is no key “%(key)s”."), field, key=strange[:80])


def _name(data: Any, field: str, number: int) -> str:
    name = str(data.get("name") or "").strip() if isinstance(data, Mapping) else ""
    if not name:
        raise _wrong("approval.nameless", _("Number %(number)s has no name."), field, number=number)
    if len(name) > NAME_LENGTH:
        raise _wrong(
            "approval.name_long", _("A name has at most %(limit)s characters."), field, limit=NAME_LENGTH, number=number
        )
    return name


def _whole(given: Any, least: int, most: int, field: str, name: Any) -> int:
    text = str(given).strip()
    value = int(text) if text.isdecimal() and len(text) < 10 else -1
    if not least <= value <= most:
        raise _wrong(
            "approval.number",
            _("“%(name)s”: a whole number from %(least)s to %(most)s is wanted."),
            field,
            name=name,
            least=least,
            most=most,
        )
    return value


def _one_of(kind: type[E], given: Any, field: str, name: Any) -> E:
    try:
        return kind(given)
    except ValueError as error:
        raise _wrong(
            "approval.choice",
            _("“%(name)s”: choose one of %(choices)s."),
            field,
            name=name,
            choices=", ".join(str(_(humanize(member.value))) for member in kind),
        ) from error


def _list(data: Any, key: str, most: int) -> Sequence[Any]:
    found = data.get(key, []) if isinstance(data, Mapping) else None
    if not isinstance(found, list | tuple):
        raise _wrong("approval.shape", _("“%(name)s” is not a list."), key, name=key)
    if len(found) > most:
        raise _wrong("approval.many", _("At most %(limit)s of these."), key, limit=most)
    return found


def _wrong(code: str, message: Any, field: str, **data: Any) -> ValidationError:
    return ValidationError(code, message, field=field, **data)
