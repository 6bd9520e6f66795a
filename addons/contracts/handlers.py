"""What contracts does when others announce something."""

from addons.contracts.services import follow_money
from addons.payments.api import MoneyAllocated


def on_money_allocated(event: MoneyAllocated) -> None:
    """Have the duty of a payment follow the money (P:CON-08)."""
    follow_money(event)
