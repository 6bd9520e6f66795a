"""Reports of payments, and what its papers say."""

from addons.payments.reports.bank import DIFFERENCES, RECONCILIATION
from addons.payments.reports.cash import CASH_REPORT
from addons.payments.reports.debts import AGEING_REPORT, COLLECTION_RATE
from addons.payments.reports.paper import receipt_paper, refund_paper
from addons.payments.reports.statement import STATEMENT

__all__ = [
    "AGEING_REPORT",
    "CASH_REPORT",
    "COLLECTION_RATE",
    "DIFFERENCES",
    "RECONCILIATION",
    "STATEMENT",
    "receipt_paper",
    "refund_paper",
]
