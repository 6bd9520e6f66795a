"""Pages of payments."""

from addons.payments.pages.bank_desk import BankDeskPage
from addons.payments.pages.bank_import import BankImportPage

__all__ = ["BankDeskPage", "BankImportPage"]
