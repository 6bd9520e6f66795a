"""What other add-ons may use."""

from addons.contracts.choices import ContractState
from addons.contracts.events import (
    ContractBreached,
    ContractCompleted,
    ContractEnded,
    ContractSigned,
    ContractSubmitted,
)
from addons.contracts.models import Contract, Credit
from addons.contracts.queries import find_contract, list_credits

__all__ = [
    "Contract",
    "ContractBreached",
    "ContractCompleted",
    "ContractEnded",
    "ContractSigned",
    "ContractState",
    "ContractSubmitted",
    "Credit",
    "find_contract",
    "list_credits",
]
