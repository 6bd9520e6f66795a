"""Reports of contracts."""

from addons.contracts.reports.ledger import LEDGER
from addons.contracts.reports.performance import EXECUTION_RATE, SIGNED_AND_KEPT

__all__ = ["EXECUTION_RATE", "LEDGER", "SIGNED_AND_KEPT"]
