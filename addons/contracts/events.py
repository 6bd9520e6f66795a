"""What contracts announces. A handler with a veto refuses the step itself."""

from dataclasses import dataclass

from app.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class ContractSubmitted(Event):
    """A version of a contract was locked and goes to its reviewers; a veto keeps it a draft."""

    contract_id: int


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """Both sides have signed; `revision` 1 is the contract itself, later ones its amendments. A veto refuses it."""

    contract_id: int
    revision: int
    partner_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class ContractBreached(Event):
    """One side has missed a duty; `side` is seller or buyer."""

    contract_id: int
    side: str


@dataclass(frozen=True, kw_only=True)
class ContractCompleted(Event):
    """Everything was delivered, accepted and paid."""

    contract_id: int


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Event):
    """A contract came to its end otherwise: cancelled before it was signed, terminated afterwards, or expired."""

    contract_id: int
    state: str
