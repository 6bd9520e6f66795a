"""Reviews side by side, and the leader's approval, by one signature or by the company's chain (P:CON-06, S:CON-02)."""

import datetime as dt

from addons.contracts.choices import ContractState
from addons.contracts.events import ContractEnded
from addons.contracts.models import Contract, Review
from addons.contracts.queries import local_day, open_reviews
from addons.contracts.services.submitting import drop_review, pass_if_small, send_back
from addons.contracts.services.telling import tell_leader, tell_owner
from addons.contracts.workflow import CONTRACT_WORKFLOW, REVIEW_WORKFLOW
from app.sdk.database import lock_rows
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User


def _hold_contract(review: Review) -> None:
    """Let one reviewer decide at a time: of two who agree at once, the second one sees that he is the last."""
    lock_rows(review.contract)


@REVIEW_WORKFLOW.transition("agree", holds=_hold_contract)
def agree_review(review: Review, *, actor: User, opinion: str, now: dt.datetime) -> None:
    """Agree to a contract, with an opinion; the last one to agree hands it on to the leader."""
    _decide(review, opinion, actor=actor, now=now)
    contract = review.contract
    if contract.state is not ContractState.SUBMITTED or open_reviews(contract):
        return
    pass_if_small(contract, actor=actor, now=now)
    if contract.state is ContractState.SUBMITTED:
        tell_leader(contract, now=now)


@REVIEW_WORKFLOW.transition("give_back", holds=_hold_contract)
def give_back_review(review: Review, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Return a contract to whoever drafts it, with a reason; the other reviews fall away."""
    _decide(review, reason, actor=actor, now=now)
    if review.contract.state is ContractState.SUBMITTED:
        send_back(review.contract, actor=actor)
        tell_owner(review.contract, _("“%(record)s” was returned by a reviewer."), now=now)


@CONTRACT_WORKFLOW.transition("approve")
def approve_contract(contract: Contract, *, actor: User, opinion: str, now: dt.datetime) -> None:
    """Let a contract be signed (P:CON-06)."""
    _approve(contract, now=now)


@CONTRACT_WORKFLOW.transition("send_up")
def send_contract_up(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    """Have the company's chain decide; this runs once all have signed."""
    _approve(contract, now=now)


@CONTRACT_WORKFLOW.transition("give_back")
def give_back_contract(contract: Contract, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Return a contract to whoever drafts it; the log keeps the reason."""
    send_back(contract, actor=actor)
    tell_owner(contract, _("“%(record)s” was returned."), now=now)


@CONTRACT_WORKFLOW.transition("cancel")
def cancel_contract(contract: Contract, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Give up a contract that is not approved yet."""
    _end(contract, actor=actor, now=now)


@CONTRACT_WORKFLOW.transition("cancel_approved")
def cancel_approved_contract(contract: Contract, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Give up a contract that was approved and never signed."""
    _end(contract, actor=actor, now=now)


@CONTRACT_WORKFLOW.transition("call_off")
def call_off_contract(contract: Contract, *, actor: User | None, now: dt.datetime) -> None:
    """Note that what it was drafted from came to nothing."""
    _end(contract, actor=actor, now=now)


def call_off_unsigned(contract: Contract, *, now: dt.datetime) -> None:
    """Call off a contract that was not signed, and tell its owner; a signed one stays."""
    unsigned = (ContractState.DRAFT, ContractState.SUBMITTED, ContractState.APPROVED)
    if contract.state in unsigned and not contract.is_signed:
        call_off_contract(contract, actor=None, now=now)
        tell_owner(contract, _("“%(record)s” was called off: its reservation has ended."), now=now)


def _decide(review: Review, opinion: str, *, actor: User, now: dt.datetime) -> None:
    review.opinion = required_text(opinion, field="opinion", maximum=400)
    review.decided_by_id, review.decided_at = actor.id, now


def _approve(contract: Contract, *, now: dt.datetime) -> None:
    contract.approved_on = local_day(now)
    tell_owner(contract, _("“%(record)s” is approved and can be signed."), now=now)


def _end(contract: Contract, *, actor: User | None, now: dt.datetime) -> None:
    for review in open_reviews(contract):
        drop_review(review, actor=actor)
    contract.ended_on = local_day(now)
    publish(ContractEnded(company_id=contract.company_id, contract_id=contract.id, state=ContractState.CANCELLED.value))
