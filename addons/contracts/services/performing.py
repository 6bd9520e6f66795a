"""Performing a contract: duties with evidence, payments that do them, and the end (P:CON-08)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.contracts.choices import ContractState, ObligationState
from addons.contracts.events import ContractCompleted
from addons.contracts.models import Contract, Obligation
from addons.contracts.queries import asking_for, find_contract_of_receivable, find_visible, local_day, obligations_of
from addons.contracts.workflow import CONTRACT_WORKFLOW, OBLIGATION_WORKFLOW
from addons.payments.api import MoneyAllocated, ReceivableState, find_receivables_of, paid_and_due
from app.sdk.database import session, utc_now
from app.sdk.documents import ref_of
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User

ENDED = (
    ContractState.COMPLETED,
    ContractState.EXPIRED,
    ContractState.TERMINATED,
    ContractState.ARCHIVED,
    ContractState.CANCELLED,
)


def create_obligation(*, actor: User, contract_id: int, title: str, due_on: dt.date, **values: Any) -> Obligation:
    """Write down a duty of one side.

    Raises Conflict for a contract that has ended (R2), ValidationError for a day before that of the contract (R4).
    """
    contract = find_visible(Contract, contract_id, actor=actor)
    if contract is None:
        raise NotFound("contract.missing", _("There is no such contract."), field="contract_id")
    if contract.state in ENDED:
        raise Conflict("contract.ended", _("The contract has ended."), field="contract_id")
    _refuse_too_early(due_on, contract)
    duty = Obligation(
        contract_id=contract.id,
        title=required_text(title, field="title", maximum=200),
        due_on=due_on,
        state=ObligationState.OPEN,
        owner_id=contract.owner_id,
        org_unit_id=contract.org_unit_id,
        **{name: value for name, value in values.items() if value is not None},
    )
    session.add(duty)
    session.flush()
    return duty


def update_obligation(obligation: Obligation, *, actor: User, **values: Any) -> None:
    """Change an open duty that is no payment: those follow the plan (R2). Raises as `create_obligation` does."""
    if obligation.state is not ObligationState.OPEN or obligation.receivable_id is not None:
        raise Conflict("obligation.fixed", _("Only an open duty that is no payment is changed."))
    for name, value in values.items():
        setattr(obligation, name, value)
    _refuse_too_early(obligation.due_on, obligation.contract)
    obligation.title = required_text(obligation.title, field="title", maximum=200)
    session.flush()


def _refuse_too_early(due_on: dt.date, contract: Contract) -> None:
    """A mistyped year would be a breach on the next day."""
    if due_on < contract.doc_date:
        raise ValidationError(
            "obligation.too_early",
            _("Not before the day of the contract, %(limit)s."),
            field="due_on",
            limit=contract.doc_date,
        )


@OBLIGATION_WORKFLOW.transition("perform")
def perform_obligation(
    obligation: Obligation, *, actor: User, evidence: str, done_on: dt.date | None = None, now: dt.datetime
) -> None:
    """Note that a duty was done, by what it is proved (P:CON-08). Raises ValidationError for a day to come (R4)."""
    today = local_day(now)
    day = done_on or today
    if day > today:
        raise ValidationError(
            "obligation.later", _("It cannot have been done after %(limit)s."), field="done_on", limit=today
        )
    obligation.evidence, obligation.done_on = required_text(evidence, field="evidence", maximum=200), day
    if obligation.contract.state is ContractState.SIGNED:
        begin_contract(obligation.contract, actor=actor)


@OBLIGATION_WORKFLOW.transition("waive")
def waive_obligation(obligation: Obligation, *, actor: User, reason: str) -> None:
    """Note that a duty is not insisted on."""


@OBLIGATION_WORKFLOW.transition("call_off")
def call_off_obligation(obligation: Obligation, *, actor: User) -> None:
    """Note that an amendment or the end of the contract takes a duty away."""


@OBLIGATION_WORKFLOW.transition("settle")
def settle_obligation(obligation: Obligation, *, actor: User | None, on: dt.date, evidence: str) -> None:
    """Note that a payment came in."""
    obligation.done_on, obligation.evidence = on, evidence


@OBLIGATION_WORKFLOW.transition("unsettle")
def unsettle_obligation(obligation: Obligation, *, actor: User | None) -> None:
    """Note that a payment was taken back."""
    obligation.done_on = obligation.evidence = None


@CONTRACT_WORKFLOW.transition("begin")
def begin_contract(contract: Contract, *, actor: User | None) -> None:
    """Note that the first duty was done, or money came in."""


def resume_contract(contract: Contract, *, actor: User) -> None:
    """Let a contract that comes out of an amendment go on where it was: begun, if anything was done or paid."""
    done = any(one.state is ObligationState.DONE for one in obligations_of(contract))
    if done or any(one.settled for one in find_receivables_of(ref_of(contract, CONTRACT_WORKFLOW.resource))):
        begin_contract(contract, actor=actor)


@CONTRACT_WORKFLOW.transition("check")
def check_contract(contract: Contract, *, actor: User, remark: str, today: dt.date) -> None:
    """Note that the execution was gone through, and what was found (S:CON-06)."""
    required_text(remark, field="remark", maximum=200)
    contract.checked_on = today


@CONTRACT_WORKFLOW.transition("complete")
def complete_contract(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    """Close what was delivered, accepted and paid. Raises Conflict while something is owed (R2)."""
    sources = asking_for(contract, ref_of(contract, CONTRACT_WORKFLOW.resource))
    due = sum((paid_and_due(one)[1] for one in sources), Decimal(0))
    if due:
        raise Conflict("contract.due", _("%(amount)s is still to be paid."), amount=f"{due:,.2f}")
    contract.ended_on = local_day(now)
    publish(ContractCompleted(company_id=contract.company_id, contract_id=contract.id))


def follow_money(event: MoneyAllocated, *, now: dt.datetime | None = None) -> None:
    """Have the duty of a payment follow its receivable, and the contract begin with the first money."""
    contract = find_contract_of_receivable(event.receivable_id)
    if contract is None:
        return
    if contract.state is ContractState.SIGNED and event.amount_fen > 0:
        begin_contract(contract, actor=None)
    receivables = {one.id: one for one in find_receivables_of(ref_of(contract, CONTRACT_WORKFLOW.resource))}
    receivable = receivables.get(event.receivable_id)
    for duty in obligations_of(contract):
        if receivable is None or duty.receivable_id != receivable.id:
            continue
        is_paid = receivable.state is ReceivableState.SETTLED or not receivable.open_amount
        if is_paid and duty.state is ObligationState.OPEN:
            settle_obligation(duty, actor=None, on=local_day(now or utc_now()), evidence=str(receivable))
        elif not is_paid and duty.state is ObligationState.DONE:
            unsettle_obligation(duty, actor=None)
