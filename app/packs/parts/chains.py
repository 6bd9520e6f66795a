"""Approval chains in packs (P:COR-01, S:CORE-09)."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app

from app.approvals.chains import activate, active_chain, discard, draft_of, retire, save_draft
from app.approvals.definition import Definition, Who
from app.approvals.facts import Fact, FactKind
from app.approvals.models import ApprovalChain
from app.approvals.reading import read_definition, write_definition
from app.errors import AppError, Conflict, ValidationError
from app.i18n import _
from app.packs.change import Change, Moment
from app.packs.reading import Pack
from app.security.own_roles import roles_to_give
from app.security.wording import name_of_own
from app.workflow.definition import Workflow
from app.workflow.facts import facts_of

OWN = "own:"  # Begins the title of a role of the company's own; the name that the database has is of one company.
_KEYS = frozenset({"resource", "transition", "rules", "steps"})
_NOBODY = frozenset({"approval.no_holder", "approval.few_holders"})
_OF_A_COMPANY = frozenset({FactKind.RECORD, FactKind.UNIT})
_LEFT_OUT = _("a chain that names a person or a record")


class Chains:
    """`[[section.chains]]` with resource, transition, rules and steps, as the screen of chains keeps them."""

    name = "chains"
    right = ("set", "approvals.Chains")

    def plan(self, pack: Pack, section: str, content: Any, moment: Moment) -> Iterator[Change]:
        """Yield the chains that are not in force so."""
        roles = set(roles_to_give(moment.company_id))
        roles |= {
            name_of_own(moment.company_id, title)
            for one in pack.sections.values()
            for title in one.get("roles", {})
        }  # fmt: skip
        for given in content:
            resource, transition = str(given.get("resource")), str(given.get("transition"))
            key = f"{resource}:{transition}"
            try:
                facts = _facts(section, resource, transition)
                if strange := next((name for name in given if name not in _KEYS), None):
                    raise AppError("packs.key", _("There is no key “%(key)s”."), key=strange[:80])
                definition = read_definition(_with_names(given, moment.company_id), facts)
                _check(definition, facts, roles)
                yield from self._difference(section, key, definition, resource, transition, facts)
            except AppError as error:
                raise pack.wrong(f"{section}.{self.name}", key, error) from error

    def _difference(
        self, section: str, key: str, definition: Definition, resource: str, transition: str, facts: Mapping[str, Fact]
    ) -> Iterator[Change]:
        wanted, active, draft = write_definition(definition), active_chain(resource, transition), None
        if active is not None and active.definition == wanted:
            return
        draft = draft_of(resource, transition)
        if draft is not None and draft.definition != wanted:
            raise Conflict("packs.draft", _("Somebody is writing a draft of it. Finish or discard it first."))
        yield Change(
            self.name, section, key, key, _words(active), _steps(definition),
            {"resource": resource, "transition": transition, "definition": wanted, "facts": facts},
        )  # fmt: skip

    def make(self, change: Change, moment: Moment) -> dict[str, Any]:
        """Put the chain in force; while nobody holds one of its steps it stays a draft."""
        resource, transition, facts = (change.data[name] for name in ("resource", "transition", "facts"))
        before = active_chain(resource, transition)
        draft = save_draft(resource, transition, data=change.data["definition"], facts=facts)
        made: dict[str, Any] = {
            "resource": resource, "transition": transition, "number": draft.number,
            "before": before and before.definition, "after": draft.definition,
        }  # fmt: skip
        try:
            activate(draft, facts=facts, actor=moment.actor, now=moment.now)
        except ValidationError as error:
            if error.code not in _NOBODY:
                raise
            made["note"] = str(_("Kept as a draft: %(reason)s")) % {"reason": error}
        return made

    def take_back(self, made: dict[str, Any], moment: Moment) -> None:
        """Put the chain before in force again, as a version of its own; running files go on as they began.

        A chain that somebody wrote anew since, in force or as a draft, stays as it is.
        """
        resource, transition = made["resource"], made["transition"]
        workflow = current_app.extensions["workflows"].get(resource)
        if workflow is None:
            return
        draft, active = draft_of(resource, transition), active_chain(resource, transition)
        if draft is not None and _is_as_made(draft, made):
            discard(draft)
        if active is None or not _is_as_made(active, made):
            return
        if made["before"] is None:
            retire(active)
            return
        if draft_of(resource, transition) is not None:
            raise Conflict("packs.draft", _("Somebody is writing a draft of it. Finish or discard it first."))
        facts = facts_of(workflow, workflow.transitions[transition])
        again = save_draft(resource, transition, data=made["before"], facts=facts)
        activate(again, facts=facts, actor=moment.actor, now=moment.now)

    def export(self, section: str, company_id: int) -> tuple[Any, list[str]]:
        """Return the chains in force of the section, without those that name a person or a record of the company."""
        found, left_out = [], []
        for resource, workflow in current_app.extensions["workflows"].items():
            for transition in workflow.transitions if resource.partition(".")[0] == section else ():
                chain = active_chain(resource, transition)
                if chain is None:
                    continue
                facts = facts_of(workflow, workflow.transitions[transition])
                if _names_company(read_definition(chain.definition, facts), facts):
                    left_out.append(f"{resource}:{transition}: {_LEFT_OUT}")
                    continue
                shown = _without_blanks(_with_titles(chain.definition, company_id))
                found.append({"resource": resource, "transition": transition, **shown})
        return found, left_out


def _is_as_made(chain: ApprovalChain, made: dict[str, Any]) -> bool:
    return bool(chain.number == made["number"] and chain.definition == made.get("after", chain.definition))


def _facts(section: str, resource: str, transition: str) -> Mapping[str, Fact]:
    workflow: Workflow[Any] | None = current_app.extensions["workflows"].get(resource)
    if workflow is None or resource.partition(".")[0] != section or transition not in workflow.transitions:
        raise AppError("packs.transition", _("Nothing of this add-on is called so."))
    return facts_of(workflow, workflow.transitions[transition])


def _check(definition: Definition, facts: Mapping[str, Fact], roles: set[str]) -> None:
    if _names_company(definition, facts):
        raise AppError("packs.person", _("A pack names no person and no record, because other companies have others."))
    for step in definition.steps:
        if step.who is Who.ROLE and step.value not in roles:
            raise AppError(
                "packs.role", _("Step “%(step)s”: there is no role “%(role)s”."), step=step.name, role=step.value
            )


def _names_company(definition: Definition, facts: Mapping[str, Fact]) -> bool:
    return any(step.who is Who.PERSON for step in definition.steps) or any(
        facts[one.fact].kind in _OF_A_COMPANY for rule in definition.rules for one in rule.conditions
    )


def _with_names(given: Mapping[str, Any], company_id: int) -> dict[str, Any]:
    """Return the chain with the names that roles have in the database, and numbers as JSON keeps them."""
    return {**given, "steps": [_step_named(one, company_id) for one in _tables(given.get("steps"))]}


def _step_named(step: Mapping[str, Any], company_id: int) -> dict[str, Any]:
    value = str(step.get("value", ""))
    named = name_of_own(company_id, value.removeprefix(OWN)) if value.startswith(OWN) else value
    return {**step, "value": named}


def _with_titles(definition: Mapping[str, Any], company_id: int) -> dict[str, Any]:
    start = name_of_own(company_id, "")
    steps = [
        {**step, "value": OWN + step["value"].removeprefix(start)}
        if step["who"] == Who.ROLE and step["value"].startswith(start)
        else step
        for step in definition["steps"]
    ]
    return {"rules": definition["rules"], "steps": steps}


def _without_blanks(value: Any) -> Any:
    """Return it without what is None, which TOML cannot say and the reading takes for granted."""
    if isinstance(value, dict):
        return {name: _without_blanks(one) for name, one in value.items() if one is not None}
    return [_without_blanks(one) for one in value] if isinstance(value, list) else value


def _tables(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise AppError("packs.steps", _("Each step must be a section in double brackets."))
    return value


def _steps(definition: Definition) -> str:
    return " → ".join(step.name for step in definition.steps)


def _words(active: ApprovalChain | None) -> str:
    return "" if active is None else " → ".join(step["name"] for step in active.definition["steps"])
