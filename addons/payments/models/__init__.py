"""Tables of payments, one noun per file."""

from addons.payments.models.bad_debt import BadDebt
from addons.payments.models.bank_line import BankLine
from addons.payments.models.bank_statement import BankStatement
from addons.payments.models.cash_day import CashDay
from addons.payments.models.invoice import Invoice
from addons.payments.models.method import Method
from addons.payments.models.period import Period
from addons.payments.models.place import Place
from addons.payments.models.posting import Allocation, Entry, LedgerError, Posting
from addons.payments.models.receipt import Receipt
from addons.payments.models.receipt_design import ReceiptDesign
from addons.payments.models.receipt_line import ReceiptLine
from addons.payments.models.receivable import Receivable
from addons.payments.models.recovery import Recovery
from addons.payments.models.refund import Refund
from addons.payments.models.shift import Shift

__all__ = [
    "Allocation",
    "BadDebt",
    "BankLine",
    "BankStatement",
    "CashDay",
    "Entry",
    "Invoice",
    "LedgerError",
    "Method",
    "Period",
    "Place",
    "Posting",
    "Receipt",
    "ReceiptDesign",
    "ReceiptLine",
    "Receivable",
    "Recovery",
    "Refund",
    "Shift",
]
