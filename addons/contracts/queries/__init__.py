"""Reads of contracts."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any

from addons.contracts.choices import (
    ContractState,
    IncidentState,
    ObligationState,
    ReviewKind,
    ReviewState,
    TemplateState,
)
from addons.contracts.models import (
    Contract,
    Credit,
    Edition,
    Incident,
    Installment,
    Obligation,
    Party,
    Review,
    Supplement,
    Template,
)
from addons.contracts.parameters import ARCHIVE_DAYS, CHECK_CYCLE, EXPIRY_WARNING, OBLIGATION_WARNING
from addons.contracts.queries.fields import FIELDS, LISTS, sample_values, values_of
from app.sdk.database import func, read_id, select, session, utc_now
from app.sdk.documents import Attachment, DocumentRef, LinkKind, list_links
from app.sdk.models import Employee, OrgUnit, User
from app.sdk.organisation import active_zone, employee_of, units_of
from app.sdk.security import holds_role, visible
from app.sdk.workflow import MOST_TODOS

__all__ = [
    "FIELDS",
    "LISTS",
    "RUNNING",
    "archive_due",
    "asking_for",
    "check_due",
    "contracts_below",
    "count_open_contracts",
    "counting",
    "documents_above",
    "edition_of",
    "find_contract",
    "find_contract_from",
    "find_contract_of_receivable",
    "find_review",
    "find_source",
    "find_template",
    "find_visible",
    "is_out_stationed",
    "last_edition",
    "list_credits",
    "list_duties_due",
    "list_editions",
    "list_expiring",
    "list_incidents",
    "list_obligations",
    "list_open_incidents",
    "list_parties",
    "list_reviews",
    "list_reviews_to_give",
    "list_supplements",
    "list_to_approve",
    "list_to_archive",
    "list_to_check",
    "list_to_expire",
    "list_to_miss",
    "local_day",
    "makes_edition",
    "newest_template",
    "next_number_of_template",
    "obligations_of",
    "open_reviews",
    "owner_and_unit",
    "predecessor_of",
    "present_day",
    "read_key",
    "sample_values",
    "seen",
    "signed_edition",
    "taken_over",
    "values_of",
]

CYCLES = {"day": 1, "week": 7, "month": 30}  # In days.
RUNNING = (ContractState.SIGNED, ContractState.PERFORMING)


def local_day(instant: dt.datetime) -> dt.date:
    """Return the company's day of an instant."""
    return instant.astimezone(active_zone()).date()


def present_day() -> dt.date:
    """Return the company's day now."""
    return local_day(utc_now())


def owner_and_unit(actor: User, *, on: dt.date) -> tuple[Employee | None, int | None]:
    """Return who answers for what the actor writes, and the unit in which he works that day."""
    employee = employee_of(actor.id)
    unit_id = session.scalar(units_of(employee.id, on=on).order_by("org_unit_id").limit(1)) if employee else None
    return employee, unit_id


def is_out_stationed(unit_id: int | None) -> bool:
    """Tell whether a unit is a branch or lies under one (S:CON-08)."""
    unit = session.get(OrgUnit, unit_id) if unit_id is not None else None
    while unit is not None:
        if unit.kind.value == "branch":
            return True
        unit = unit.parent
    return False


def read_key(raw: str) -> int | None:
    """Return the id that an address names; None for anything that is none."""
    return read_id(raw)


def find_visible(model: type[Any], record_id: int | None, *, actor: User) -> Any:
    """Return a record that the actor may see, or None."""
    if record_id is None:
        return None
    within = visible(model, actor, verb="show")
    statement = select(model).where(model.id == record_id)
    return session.scalar(statement if within is None else statement.where(within))


def find_contract(contract_id: int) -> Contract | None:
    """Return a contract; the caller has checked who may see it."""
    return session.get(Contract, contract_id)


def find_contract_from(source: DocumentRef) -> Contract | None:
    """Return the contract that was drafted from a document, unless it was cancelled."""
    return session.scalar(
        select(Contract)
        .where(Contract.source_id == source.id, Contract.state != ContractState.CANCELLED)
        .order_by(Contract.id.desc())
        .limit(1)
    )


def find_source(number: str, *, resources: Sequence[str]) -> DocumentRef | None:
    """Return the registry entry of the document of this number, of one of these resources."""
    named = select(DocumentRef).where(DocumentRef.number == number.strip(), DocumentRef.resource.in_(resources))
    return session.scalar(named.order_by(DocumentRef.id.desc()).limit(1))


def contracts_below(ref_ids: Collection[int]) -> list[Contract]:
    """Return the contracts that were drafted from documents, given the ids of their registry entries."""
    return list(session.scalars(select(Contract).where(Contract.source_id.in_(ref_ids))))


def documents_above(contract: Contract) -> list[DocumentRef]:
    """Return the registry entry of what a contract was drafted from."""
    return [contract.source] if contract.source is not None else []


def taken_over(ref: DocumentRef) -> list[DocumentRef]:
    """Return what a document took over, such as the reservation whose deposit counts towards its price."""
    return [one.source for one in list_links(ref) if one.kind is LinkKind.SETTLES and one.target_id == ref.id]


def asking_for(contract: Contract, ref: DocumentRef) -> list[DocumentRef]:
    """Return all documents that ask for a part of the price: the contract, what it was drafted from, and taken over."""
    found = [ref, *documents_above(contract)]
    found += [one for each in found for one in taken_over(each)]
    return list({one.id: one for one in found}.values())


def newest_template(day: dt.date) -> Template | None:
    """Return the template that came into force last, of those that hold on a day."""
    statement = (
        select(Template)
        .where(Template.state != TemplateState.DRAFT, Template.valid_from <= day)
        .order_by(Template.valid_from.desc(), Template.id.desc())
    )
    return next((one for one in session.scalars(statement) if one.is_in_force(day)), None)


def find_template(template_id: int) -> Template | None:
    """Return a template."""
    return session.get(Template, template_id)


def next_number_of_template(name: str) -> int:
    """Return the number of the next version of a template."""
    return (session.scalar(select(func.max(Template.edition)).where(Template.name == name)) or 0) + 1


def predecessor_of(template: Template) -> Template | None:
    """Return the version of this template that is in force, if it is another one."""
    statement = (
        select(Template)
        .where(Template.name == template.name, Template.id != template.id, Template.state == "in_force")
        .order_by(Template.edition.desc())
        .limit(1)
    )
    return session.scalar(statement)


def find_review(review_id: int) -> Review | None:
    """Return a review; the caller has checked who may see it."""
    return session.get(Review, review_id)


def edition_of(contract: Contract, revision: int) -> Edition | None:
    """Return a locked version of a contract."""
    return session.scalar(select(Edition).where(Edition.contract_id == contract.id, Edition.revision == revision))


def last_edition(contract: Contract) -> Edition | None:
    """Return the version that was locked last."""
    return session.scalar(
        select(Edition).where(Edition.contract_id == contract.id).order_by(Edition.revision.desc()).limit(1)
    )


def signed_edition(contract: Contract) -> Edition | None:
    """Return the version that was signed last: the one that holds."""
    statement = select(Edition).where(Edition.contract_id == contract.id, Edition.signed_on.is_not(None))
    return session.scalar(statement.order_by(Edition.revision.desc()).limit(1))


def makes_edition(attachment: Attachment) -> bool:
    """Tell whether a file is the Word file or the scan of a locked version."""
    statement = select(Edition.id).where((Edition.file_id == attachment.id) | (Edition.scan_id == attachment.id))
    return session.scalar(statement.limit(1)) is not None


def open_reviews(contract: Contract) -> list[Review]:
    """Return the reviews that are still to be given."""
    return list(
        session.scalars(
            select(Review)
            .where(Review.contract_id == contract.id, Review.state == ReviewState.PENDING)
            .order_by(Review.id)
        )
    )


def obligations_of(contract: Contract, *, state: ObligationState | None = None) -> list[Obligation]:
    """Return the duties of a contract, what is due first in front."""
    statement = select(Obligation).where(Obligation.contract_id == contract.id)
    if state is not None:
        statement = statement.where(Obligation.state == state)
    return list(session.scalars(statement.order_by(Obligation.due_on, Obligation.id)))


def find_contract_of_receivable(receivable_id: int) -> Contract | None:
    """Return the contract whose payment plan has this receivable."""
    return session.scalar(
        select(Contract)
        .join(Installment, Installment.contract_id == Contract.id)
        .where(Installment.receivable_id == receivable_id)
    )


def list_to_miss(today: dt.date) -> list[tuple[Contract, Obligation]]:
    """Return running contracts with a duty that is overdue, the oldest first (S:CON-06)."""
    statement = (
        select(Contract, Obligation)
        .join(Obligation, Obligation.contract_id == Contract.id)
        .where(Contract.state.in_(RUNNING), Obligation.state == ObligationState.OPEN, Obligation.due_on < today)
        .order_by(Obligation.due_on, Obligation.id)
    )
    return [(contract, duty) for contract, duty in session.execute(statement)]


def list_to_expire(today: dt.date) -> list[Contract]:
    """Return running contracts whose last day is over (S:CON-05)."""
    statement = select(Contract).where(Contract.state.in_(RUNNING), Contract.ends_on < today)
    return list(session.scalars(statement.order_by(Contract.ends_on, Contract.id)))


def seen(statement: Any, model: type[Any], actor: User, *, verb: str = "list") -> list[Any]:
    """Return what the statement finds of a model within the actor's scope, at most as many as a to-do list shows."""
    within = visible(model, actor, verb=verb)
    return list(session.scalars((statement if within is None else statement.where(within)).limit(MOST_TODOS)))


def list_reviews_to_give(*, actor: User) -> list[Review]:
    """Return the open reviews of the kinds whose roles the actor holds (S:CON-02)."""
    kinds = [kind for kind in ReviewKind if holds_role(actor, f"contracts_{kind.value}")]
    statement = select(Review).where(Review.state == ReviewState.PENDING, Review.kind.in_(kinds)).order_by(Review.id)
    return seen(statement, Review, actor, verb="agree") if kinds else []


def list_to_approve(*, actor: User) -> list[Contract]:
    """Return the contracts that wait for the leader alone (P:CON-06)."""
    pending = select(Review.id).where(Review.contract_id == Contract.id, Review.state == ReviewState.PENDING).exists()
    statement = select(Contract).where(Contract.state == ContractState.SUBMITTED, ~pending).order_by(Contract.id)
    return seen(statement, Contract, actor, verb="approve")


def list_duties_due(*, actor: User, today: dt.date) -> list[Obligation]:
    """Return the duties that are due within the days of warning, and those overdue (P:CON-08)."""
    until = today + dt.timedelta(days=OBLIGATION_WARNING.value(today))
    statement = (
        select(Obligation)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(
            Contract.state.in_((*RUNNING, ContractState.BREACH)),
            Obligation.state == ObligationState.OPEN,
            Obligation.due_on <= until,
        )
        .order_by(Obligation.due_on, Obligation.id)
    )
    return seen(statement, Obligation, actor)


def list_expiring(*, actor: User, today: dt.date) -> list[Contract]:
    """Return running contracts whose end is near (S:CON-05)."""
    until = today + dt.timedelta(days=EXPIRY_WARNING.value(today))
    statement = select(Contract).where(Contract.state.in_(RUNNING), Contract.ends_on <= until)
    return seen(statement.order_by(Contract.ends_on, Contract.id), Contract, actor)


def check_due(contract: Contract) -> dt.date | None:
    """Return the day on which a contract is to be gone through again (S:CON-06)."""
    last = contract.checked_on
    return None if last is None else last + dt.timedelta(days=CYCLES[CHECK_CYCLE.value(last)])


def archive_due(contract: Contract) -> dt.date | None:
    """Return the last day on which the papers of a contract are archived in time (S:CON-04)."""
    ended = contract.ended_on
    return None if ended is None else ended + dt.timedelta(days=ARCHIVE_DAYS.value(ended))


def list_to_check(*, actor: User, today: dt.date) -> list[Contract]:
    """Return running contracts that were not gone through for a cycle (S:CON-06)."""
    days = CYCLES[CHECK_CYCLE.value(today)]
    statement = select(Contract).where(
        Contract.state.in_(RUNNING), Contract.checked_on <= today - dt.timedelta(days=days)
    )
    return seen(statement.order_by(Contract.checked_on, Contract.id), Contract, actor, verb="check")


def list_to_archive(*, actor: User) -> list[Contract]:
    """Return contracts that have ended and are not archived (S:CON-04)."""
    ended = (ContractState.COMPLETED, ContractState.EXPIRED, ContractState.TERMINATED)
    statement = select(Contract).where(Contract.state.in_(ended)).order_by(Contract.ended_on, Contract.id)
    return seen(statement, Contract, actor, verb="archive")


def list_open_incidents(*, actor: User) -> list[Incident]:
    """Return incidents that wait for a solution (P:CON-09)."""
    statement = select(Incident).where(Incident.state == IncidentState.OPEN).order_by(Incident.due_at, Incident.id)
    return seen(statement, Incident, actor, verb="close")


def count_open_contracts() -> int:
    """Return how many contracts are neither ended nor archived: whoever switches contracts off sees it."""
    open_states = (ContractState.SUBMITTED, ContractState.APPROVED, *RUNNING, ContractState.BREACH)
    return session.scalar(select(func.count(Contract.id)).where(Contract.state.in_(open_states))) or 0


def _rows_of(model: type[Any], *order: Any) -> Callable[[int], Sequence[Any]]:
    def rows(contract_id: int) -> Sequence[Any]:
        return list(session.scalars(select(model).where(model.contract_id == contract_id).order_by(*order)))

    return rows


list_editions = _rows_of(Edition, Edition.revision.desc())
list_reviews = _rows_of(Review, Review.id.desc())
list_obligations = _rows_of(Obligation, Obligation.due_on, Obligation.id)
list_incidents = _rows_of(Incident, Incident.id.desc())
list_supplements = _rows_of(Supplement, Supplement.id.desc())
list_parties = _rows_of(Party, Party.id)
list_credits = _rows_of(Credit, Credit.id)


def counting(model: type[Any]) -> Callable[[int], Any]:
    """Return what counts the rows of a tab: a scalar subquery of the contract's id."""

    def count(contract_id: int) -> Any:
        return select(func.count(model.id)).where(model.contract_id == contract_id).scalar_subquery()

    return count
