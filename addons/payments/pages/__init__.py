"""Pages of payments."""

from addons.payments.pages.bank_desk import BankDeskPage
from addons.payments.pages.bank_import import BankImportPage
from addons.payments.pages.receipt_design import ReceiptDesignPage

__all__ = ["BankDeskPage", "BankImportPage", "ReceiptDesignPage"]
