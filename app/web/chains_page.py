"""Approval chains of the company, set without code: rules, steps, versions, and which documents take which path."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.approvals.chains import activate, active_chain, discard, draft_of, people_in, retire, save_draft, versions_of
from app.approvals.definition import Mode, Overdue, Unit, Who
from app.approvals.facts import OPERATORS, SIGNS, VALUES_WANTED, Fact, FactKind, Operator
from app.approvals.models import ApprovalChain, ChainState
from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.models import Employee, OrgUnit
from app.crud.links import linked
from app.crud.lookups import find_titles
from app.crud.page import Page
from app.crud.records import call_service
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import AppError, Conflict, NotFound, Text
from app.i18n import _, humanize
from app.reports.definition import ReportColumn
from app.security.gate import is_open
from app.security.own_roles import roles_to_give
from app.security.roles import acting_user, may, require, subject_text
from app.web.chain_form import Draft, changed_draft, empty_draft, typed_draft
from app.web.list_files import ListFile, send_rows
from app.web.months import month_before, offered_months, read_month
from app.workflow.definition import Workflow
from app.workflow.facts import facts_of
from app.workflow.rehearsal import Rehearsal, rehearse
from app.workflow.transition import Transition

RESOURCE = "approvals.Chains"
MOST_SHOWN = 200  # Documents on the screen; the file has them all.
NEWEST = "newest"
WHO: Mapping[Who, Text] = {
    Who.ROLE: _("Role"), Who.SUPERIOR: _("Superior of who asks"), Who.PERSON: _("Named person"),
    Who.FIELD: _("Person in the document"),
}  # fmt: skip
MODES: Mapping[Mode, Text] = {
    Mode.ONE: _("one of them"), Mode.ALL: _("all of them"), Mode.COUNT: _("so many of them"),
    Mode.PERCENT: _("so many per cent of them"),
}  # fmt: skip
UNITS: Mapping[Unit, Text] = {
    Unit.MINUTES: _("minutes"), Unit.SAME_DAY: _("the same day"), Unit.WORKING_DAYS: _("working days"),
}  # fmt: skip
OVERDUE: Mapping[Overdue, Text] = {
    Overdue.REMIND: _("remind"), Overdue.ESCALATE: _("ask the superior too"), Overdue.GO_ON: _("go on without"),
}  # fmt: skip


class ChainsPage(Page):
    """Shows what can be put under a chain, and the form of one chain."""

    resource = RESOURCE
    title = _("Approval chains")
    template = "approvals/chains.html"
    verbs = ("set", "export")
    method_permission_name = {**Page.method_permission_name, "edit": "show", "look_up": "show"}

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the transitions that can be put under a chain, and the state of each, by document."""
        text, states = arguments.get("q", "").strip().lower(), _states()
        rows = [
            {
                "document": str(subject_text(workflow.resource)),
                "action": transition.label,
                "of": f"{workflow.resource}:{transition.name}",
                **states.get((workflow.resource, transition.name), {"active": None, "draft": None}),
            }
            for workflow, transition in _transitions()
        ]
        found = [row for row in rows if text in f"{row['document']} {row['action']}".lower()]
        found.sort(key=lambda row: (not row["active"], row["document"]))
        documents: dict[str, list[dict[str, Any]]] = {}
        for row in found:
            documents.setdefault(str(row["document"]), []).append(row)
        return {"documents": documents, "rows": found, "q": arguments.get("q", "")}

    @expose("/edit", methods=["GET", "POST"])
    @has_access
    def edit(self) -> Any:
        """Show the form of a chain, with what was typed; keep it as a draft, put it in force, or rehearse it."""
        workflow, transition = _wanted(request.values.get("of", ""))
        actor, facts, error, rehearsed = acting_user(), facts_of(workflow, transition), None, None
        today, month = utc_now().astimezone(active_zone()).date(), request.form.get("month", "")
        draft = _kept_draft(workflow, transition)
        if request.method == "POST":
            require(actor, "set", RESOURCE)
            button = request.form.get("do", "")
            draft = changed_draft(typed_draft(request.form), button)
            try:
                if button in _DONE:
                    call_service(_DONE[button], workflow, transition, draft, facts, actor)
                    flash(str(_SAID[button]), "success")
                    return redirect(url_for(f"{self.endpoint}.edit", of=f"{workflow.resource}:{transition.name}"))
                if button in ("rehearse", "rehearse-file"):
                    days = None if month == NEWEST else read_month(month, today=today)
                    rehearsed = rehearse(workflow, transition, draft, actor=actor, now=utc_now(), days=days)
                if rehearsed is not None and button == "rehearse-file":
                    require(actor, "export", RESOURCE)
                    return send_rows(DIVERTED, "xlsx", _diverted_rows(rehearsed))
            except AppError as refused:
                error = refused
        return self.render_template(
            "approvals/chain.html",
            title=f"{subject_text(workflow.resource)}: {transition.label}",
            page=self,
            of=f"{workflow.resource}:{transition.name}",
            draft=draft,
            error=error,
            rehearsed=rehearsed,
            month=month or f"{month_before(today):%Y-%m}",
            months=[*offered_months(today), (NEWEST, _("the newest, of whatever month"))],
            shown_documents=MOST_SHOWN,
            linked=partial(linked, actor=actor),
            may_set=may(actor, "set", RESOURCE),
            may_export=may(actor, "export", RESOURCE),
            **_choices(workflow, transition, facts, draft),
        ), 422 if error else 200

    @expose("/find/<kind>")
    @has_access
    def look_up(self, kind: str) -> Any:
        """Answer a combobox of the form: a person, or a record that a condition names."""
        target: Any = Employee
        if kind != "person":
            workflow, transition = _wanted(request.args.get("of", ""))
            fact = facts_of(workflow, transition).get(kind)
            target = None if fact is None else OrgUnit if fact.kind is FactKind.UNIT else fact.target
        if target is None:
            abort(404)
        return jsonify(find_titles(target, request.args.get("q", ""), actor=acting_user()))


def _save(
    workflow: Workflow[Any], transition: Transition, draft: Draft, facts: Mapping[str, Fact], actor: User
) -> ApprovalChain:
    return save_draft(workflow.resource, transition.name, data=draft, facts=facts)


def _activate(
    workflow: Workflow[Any], transition: Transition, draft: Draft, facts: Mapping[str, Fact], actor: User
) -> None:
    saved = _save(workflow, transition, draft, facts, actor)
    activate(saved, facts=facts, actor=actor, now=utc_now())
    record_security_event("approvals.activate", chain=str(saved))


def _discard(
    workflow: Workflow[Any], transition: Transition, _draft: Draft, _facts: Mapping[str, Fact], _actor: User
) -> None:
    kept = draft_of(workflow.resource, transition.name)
    if kept is None:
        raise NotFound("approval.no_draft", _("There is no draft."))
    discard(kept)


def _retire(
    workflow: Workflow[Any], transition: Transition, _draft: Draft, _facts: Mapping[str, Fact], _actor: User
) -> None:
    chain = active_chain(workflow.resource, transition.name)
    if chain is None:
        raise Conflict("approval.not_active", _("This version is not in force."))
    retire(chain)
    record_security_event("approvals.retire", chain=str(chain))


def _file_rows(actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    for row in ChainsPage.context(actor=actor, arguments=dict(arguments))["rows"]:
        active = row["active"]
        yield row["document"], str(row["action"]), active and active.number, active and active.activated_at


def _diverted_rows(rehearsed: Rehearsal) -> Iterator[Sequence[Any]]:
    for one in rehearsed.diverted:
        yield one.title, one.before, one.after


DIVERTED = ListFile(
    "chain-rehearsal",
    _("Documents that take another path"),
    (
        ReportColumn("document", _("Document"), width=30),
        ReportColumn("before", _("Rule now"), width=24),
        ReportColumn("after", _("Rule by the draft"), width=24),
    ),
    lambda _actor, _arguments: (),
    ("export", RESOURCE),
)
CHAINS_FILE = ListFile(
    "approval-chains",
    ChainsPage.title,
    (
        ReportColumn("document", _("Document"), width=24),
        ReportColumn("action", _("Action"), width=24),
        ReportColumn("number", _("Version"), "integer"),
        ReportColumn("since", _("In force since"), "datetime"),
    ),
    _file_rows,
    ("export", RESOURCE),
)
_DONE = {"save": _save, "activate": _activate, "discard": _discard, "retire": _retire}
_SAID: Mapping[str, Text] = {
    "save": _("The draft is kept. It is not in force yet."),
    "activate": _("The chain is in force for new requests; running ones keep theirs."),
    "discard": _("The draft is thrown away."),
    "retire": _("The chain is out of force; running requests go on."),
}


def _transitions() -> Iterator[tuple[Workflow[Any], Transition]]:
    """Yield what people do to documents of the add-ons that are on; signing itself is under no chain."""
    for resource, workflow in current_app.extensions["workflows"].items():
        if is_open(resource) and not resource.startswith("approvals."):
            for transition in workflow.transitions.values():
                if not transition.automatic:
                    yield workflow, transition


def _wanted(of: str) -> tuple[Workflow[Any], Transition]:
    known = {
        f"{workflow.resource}:{transition.name}": (workflow, transition) for workflow, transition in _transitions()
    }
    return known[of] if of in known else abort(404)


def _states() -> dict[tuple[str, str], dict[str, Any]]:
    """Return which version is in force and whether there is a draft, of each transition, in one statement."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    chains = session.scalars(sa.select(ApprovalChain).where(ApprovalChain.state != ChainState.RETIRED))
    for chain in chains:
        state = found.setdefault((chain.resource, chain.transition), {"active": None, "draft": None})
        state["active" if chain.state is ChainState.ACTIVE else "draft"] = chain
    return found


def _kept_draft(workflow: Workflow[Any], transition: Transition) -> Draft:
    asked = request.args.get("number", "")
    versions = {str(one.number): one for one in versions_of(workflow.resource, transition.name)}
    kept = (
        versions.get(asked)
        or draft_of(workflow.resource, transition.name)
        or active_chain(workflow.resource, transition.name)
    )
    return empty_draft() if kept is None else dict(kept.definition)


def _choices(
    workflow: Workflow[Any], transition: Transition, facts: Mapping[str, Fact], draft: Draft
) -> dict[str, Any]:
    """Return what the form offers."""
    return {
        "versions": versions_of(workflow.resource, transition.name),
        "facts": sorted(facts.values(), key=lambda fact: str(fact.label)),
        "shown": {
            f"{rule}.{place}": _shown(condition, facts, f"{workflow.resource}:{transition.name}")
            for rule, one in enumerate(draft["rules"], start=1)
            for place, condition in enumerate(one["when"], start=1)
        },
        "who": WHO,
        "modes": MODES,
        "units": UNITS,
        "overdue": OVERDUE,
        "roles": sorted(roles_to_give(active_company()).items(), key=lambda pair: str(pair[1])),
        "people": people_in(facts),
        "names": _names(draft),
    }


def _shown(condition: Mapping[str, Any], facts: Mapping[str, Fact], of: str) -> dict[str, Any]:
    """Return how one condition is typed: its operators, and the boxes for its values."""
    fact = facts.get(condition["fact"])
    if fact is None:
        return {"operators": [], "boxes": "none", "values": []}
    operators = [(one.value, SIGNS[one]) for one in OPERATORS[fact.kind]]
    chosen = condition["operator"]
    operator = Operator(chosen) if chosen in dict(operators) else OPERATORS[fact.kind][0]
    most = VALUES_WANTED[operator][1]
    kind = "none" if not most else {FactKind.UNIT: "record"}.get(fact.kind, fact.kind.value)
    values = [str(value) for value in condition["values"]]
    shown: dict[str, Any] = {"operators": operators, "operator": operator.value, "boxes": kind, "values": values}
    if kind == "choice" and fact.choices is not None:
        shown["choices"] = [(member.value, _(humanize(member.value))) for member in fact.choices]
    if kind == "record":
        target = OrgUnit if fact.kind is FactKind.UNIT else fact.target
        shown["values"] = [(value, _title(target, value)) for value in values]
        shown["url"] = url_for("approvals_ChainsPage.look_up", kind=fact.name, of=of)
    if kind in ("number", "day"):
        shown["values"] = [*values, *[""] * most][:most]
    return shown


def _names(draft: Draft) -> dict[str, str]:
    """Return the names of the persons that steps name, by their ids."""
    return {
        str(step["value"]): _title(Employee, str(step["value"])) for step in draft["steps"] if step["who"] == Who.PERSON
    }


def _title(target: Any, value: str) -> str:
    key = read_id(value)
    record = session.get(target, key) if key is not None and target is not None else None
    return "" if record is None else str(record)
