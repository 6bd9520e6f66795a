"""Breach, amendment, the end of a contract before its time, and the archive (P section 2, S:CON-04 to S:CON-06)."""

import datetime as dt

from addons.contracts.choices import ContractState, DepositDecision, IncidentKind, ObligationState, Side
from addons.contracts.events import ContractBreached, ContractEnded
from addons.contracts.models import Contract
from addons.contracts.parameters import ARCHIVE_DAYS
from addons.contracts.queries import (
    asking_for,
    list_to_expire,
    list_to_miss,
    local_day,
    obligations_of,
    signed_edition,
    taken_over,
)
from addons.contracts.services.incidents import note_incident
from addons.contracts.services.performing import call_off_obligation, resume_contract
from addons.contracts.services.telling import tell_breach, tell_owner
from addons.contracts.services.terms import keep_terms, take_terms_back
from addons.contracts.workflow import CONTRACT_WORKFLOW
from addons.payments.api import find_receivables_of, paid_and_due, withdraw_receivable
from app.sdk.database import utc_now
from app.sdk.documents import ref_of, release_items
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User


@CONTRACT_WORKFLOW.transition("amend")
def amend_contract(contract: Contract, *, actor: User, reason: str) -> None:
    """Open a signed contract for a change; the version that holds stays until the next one is signed."""
    keep_terms(contract)
    contract.read_confirmed_at = contract.read_confirmed_by_id = contract.approved_on = None


@CONTRACT_WORKFLOW.transition("drop_amendment")
def drop_amendment(contract: Contract, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Give up an amendment: the contract says again what was signed, and goes on.

    Raises Conflict where the terms that were signed are not known any more (R2).
    """
    edition = signed_edition(contract)
    if edition is None or edition.signed_terms is None:
        raise Conflict(
            "contract.no_terms",
            _("What was signed is not on record as data. Change it back to the signed text, and have it signed again."),
        )
    take_terms_back(contract, edition)
    resume_contract(contract, actor=actor)
    tell_owner(contract, _("The amendment of “%(record)s” was given up."), now=now)


@CONTRACT_WORKFLOW.transition("miss")
def miss_duty(contract: Contract, *, actor: User | None, side: Side, title: str, now: dt.datetime) -> None:
    """Note that one side has missed a duty, and tell owner, finance and manager (S:CON-06)."""
    _note_breach(contract, side, title=title, now=now)


@CONTRACT_WORKFLOW.transition("declare_breach")
def declare_breach(contract: Contract, *, actor: User, side: Side, reason: str, now: dt.datetime) -> None:
    """Note a breach that no day tells."""
    _note_breach(contract, side, title=reason, now=now)


@CONTRACT_WORKFLOW.transition("cure")
def cure_breach(contract: Contract, *, actor: User, reason: str) -> None:
    """Go on with a contract: the breach was made good, or is put up with."""
    contract.breach_side = contract.breached_on = None


@CONTRACT_WORKFLOW.transition("terminate")
def terminate_contract(
    contract: Contract, *, actor: User, reason: str, deposit_decision: DepositDecision, now: dt.datetime
) -> None:
    """End a contract before its time: what was not paid is not owed any more, and what it held is free (P section 2).

    Money that came in, on its reservation or order too, is dealt with in payments, as was decided here (Civil Code,
    articles 586 to 588). An order goes its own way. Raises ValidationError for a decision about money that was never
    paid, or none about money that was (R4).
    """
    ref = ref_of(contract, CONTRACT_WORKFLOW.resource)
    paid = any(paid_and_due(one)[0] for one in asking_for(contract, ref))
    if paid is (deposit_decision is DepositDecision.NONE_PAID):
        raise ValidationError(
            "contract.deposit_decision",
            _("Money was paid: decide what becomes of it.") if paid else _("Nothing was paid: choose “none paid”."),
            field="deposit_decision",
        )
    for document in (ref, *taken_over(ref)):
        for receivable in find_receivables_of(document):
            withdraw_receivable(receivable, actor=actor, now=now, amount=receivable.open_amount)
    release_items(ref, now=now)
    contract.deposit_decision = deposit_decision
    _end(contract, ContractState.TERMINATED, actor=actor, now=now)


@CONTRACT_WORKFLOW.transition("expire")
def expire_contract(contract: Contract, *, actor: User | None, now: dt.datetime) -> None:
    """Note that its last day is over."""
    _end(contract, ContractState.EXPIRED, actor=actor, now=now)


@CONTRACT_WORKFLOW.transition("archive")
def archive_contract(contract: Contract, *, actor: User, place: str, now: dt.datetime) -> None:
    """Put the papers away: text, annexes and supplements. Too late is noted as an incident (S:CON-04)."""
    today = local_day(now)
    contract.archived_on, contract.archive_place = today, required_text(place, field="place", maximum=120)
    limit = ARCHIVE_DAYS.value(contract.ended_on or today)
    late = (today - (contract.ended_on or today)).days
    if late > limit:
        text = str(_("Ended on %(ended)s and archived on %(archived)s: %(days)s days, allowed are %(limit)s."))
        values = {"ended": contract.ended_on, "archived": today, "days": late, "limit": limit}
        note_incident(contract, kind=IncidentKind.LATE_ARCHIVE, text=text % values, now=now)


def watch_contracts(now: dt.datetime | None = None) -> dict[str, int]:
    """Find what was missed and what is over; run twice a day, it finds nothing the second time."""
    now = now or utc_now()
    today = local_day(now)
    missed = 0
    for contract, duty in list_to_miss(today):
        if contract.state in (ContractState.SIGNED, ContractState.PERFORMING):
            miss_duty(contract, actor=None, side=duty.side, title=duty.title, now=now)
            missed += 1
    over = list_to_expire(today)
    for contract in over:
        expire_contract(contract, actor=None, now=now)
    return {"missed": missed, "expired": len(over)}


def _note_breach(contract: Contract, side: Side, *, title: str, now: dt.datetime) -> None:
    contract.breach_side, contract.breached_on = side, local_day(now)
    publish(ContractBreached(company_id=contract.company_id, contract_id=contract.id, side=side.value))
    tell_breach(contract, title=title, now=now)


def _end(contract: Contract, state: ContractState, *, actor: User | None, now: dt.datetime) -> None:
    for duty in obligations_of(contract, state=ObligationState.OPEN):
        call_off_obligation(duty, actor=actor)
    contract.ended_on = local_day(now)
    publish(ContractEnded(company_id=contract.company_id, contract_id=contract.id, state=state.value))
    tell_owner(contract, _("“%(record)s” has ended."), now=now)
