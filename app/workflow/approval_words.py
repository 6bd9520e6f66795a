"""An approval explained in words: what it looked at, which rule fired, and why the rules before it did not."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.approvals.asking import units_above
from app.approvals.chains import definition_of
from app.approvals.conditions import Condition
from app.approvals.definition import Definition, Step, Who
from app.approvals.facts import SIGNS, Fact, FactKind, Operator
from app.approvals.models import ApprovalFile
from app.approvals.moving import route_of
from app.approvals.reading import read_value
from app.approvals.routing import choose_route
from app.companies.clock import active_zone
from app.companies.models import Employee, OrgUnit
from app.database.session import session
from app.errors import AppError, Text
from app.i18n import _, humanize
from app.security.wording import role_words
from app.workflow.approval import workflow_of
from app.workflow.facts import ARGUMENT, facts_of
from app.workflow.transition import Transition

Pairs = Sequence[tuple[Text, Any]]


def shown_facts(file: ApprovalFile) -> Pairs:
    """Return what the request says, as it was when it was asked for.

    First what was typed for it, such as its reason and the amount of a refund: on a phone little else is seen at once.
    """
    facts = _facts(file)
    shown = [
        (facts[name].label, fact_words(facts[name], read_value(value, facts[name])))
        for name, value in sorted(file.facts.items(), key=lambda fact: not fact[0].startswith(ARGUMENT))
        if name in facts and value is not None
    ]
    return [*_written(file), *shown]


def explained_route(file: ApprovalFile) -> Pairs:
    """Return the rules that were asked, why each did not fire, the one that did, and the steps that it asks for."""
    found: list[tuple[Text, Any]] = [(_("Version of the chain"), file.chain.number)]
    found += _passed(file)
    found.append((_("Rule that fired"), file.rule))
    return [*found, *((f"{number}. {step.name}", step_words(step)) for number, step in enumerate(route_of(file), 1))]


def condition_words(condition: Condition, fact: Fact) -> str:
    """Return 'Discount is above 5'."""
    values = ", ".join(str(fact_words(fact, value)) for value in condition.values)
    if condition.operator is Operator.BETWEEN:
        first, last = (fact_words(fact, value) for value in condition.values)
        return str(_("%(fact)s from %(first)s to %(last)s")) % {"fact": fact.label, "first": first, "last": last}
    return f"{fact.label} {SIGNS[condition.operator]} {values}".strip()


def _number_words(value: Decimal) -> str:
    """Return 5,000, 1,234.50 or 0.333: whole, or with two decimals or as many more as it has."""
    used = -int(value.normalize().as_tuple().exponent)
    return f"{value:,.{0 if used <= 0 else max(2, used)}f}"


def fact_words(fact: Fact, value: Any) -> Any:
    """Return a value as people read it."""
    if value is None:
        return _("blank")
    if fact.kind is FactKind.CHOICE:
        return _(humanize(str(value)))
    if fact.kind is FactKind.YES_NO:
        return _("yes") if value else _("no")
    if fact.kind is FactKind.NUMBER:
        return _number_words(value)
    if fact.kind in (FactKind.UNIT, FactKind.RECORD):
        target = OrgUnit if fact.kind is FactKind.UNIT else fact.target
        record = session.get(target, value) if target is not None else None
        return str(record) if record is not None else f"#{value}"
    return value


def step_words(step: Step) -> str:
    """Return who signs a step: 'Sales manager, all of them, within 2 working days'."""
    who = {
        Who.ROLE: lambda: role_words(step.value),
        Who.SUPERIOR: lambda: str(_("superior of who asked, level %(level)s")) % {"level": step.levels},
        Who.PERSON: lambda: str(session.get(Employee, int(step.value)) or ""),
        Who.FIELD: lambda: (
            str(_("whom the field “%(field)s” names")) % {"field": _(humanize(step.value.removesuffix("_id")))}
        ),
    }[step.who]()
    return f"{who} · {_('opinion only')}" if step.is_opinion else who


def _written(file: ApprovalFile) -> Pairs:
    """Return the texts that were typed into the dialog; no rule looks at them, but whoever signs wants to know."""
    transition = _transition_of(file)
    arguments = transition.arguments.values() if transition is not None else ()
    texts = [(one.label, file.arguments.get(one.name)) for one in arguments if one.kind is str]
    return [(label, "\n".join(text) if isinstance(text, list) else text) for label, text in texts if text]


def _passed(file: ApprovalFile) -> Pairs:
    facts = _facts(file)
    try:
        definition = definition_of(file.chain, facts)
    except AppError:  # A fact that the chain names is gone from the code.
        return []
    values = {name: read_value(value, facts[name]) for name, value in file.facts.items() if name in facts}
    route = choose_route(_until(definition, file.rule), values, _above(file, facts, values))
    passed = route.passed if route is not None else ()
    return [
        (
            str(_("“%(rule)s” did not fire")) % {"rule": one.rule.name},
            str(_("because not: %(condition)s")) % {"condition": condition_words(one.because, facts[one.because.fact])},
        )
        for one in passed
    ]


def _until(definition: Definition, rule: str) -> Definition:
    """Return the rules up to the one that fired."""
    names = [one.name for one in definition.rules]
    end = names.index(rule) + 1 if rule in names else len(names)
    return Definition(definition.rules[:end], definition.steps)


def _above(file: ApprovalFile, facts: Mapping[str, Fact], values: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    return units_above(facts, values, file.asked_at.astimezone(active_zone()).date())


def _facts(file: ApprovalFile) -> dict[str, Fact]:
    workflow, transition = workflow_of(file.resource), _transition_of(file)
    return facts_of(workflow, transition) if workflow is not None and transition is not None else {}


def _transition_of(file: ApprovalFile) -> Transition | None:
    workflow = workflow_of(file.resource)
    return workflow.transitions.get(file.transition) if workflow is not None else None
