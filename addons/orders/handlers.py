"""What orders does when others announce something."""

from addons.orders.services import follow_receipt
from addons.payments.api import MoneyAllocated, ReceiptVoided


def on_money_allocated(event: MoneyAllocated) -> None:
    """Bring the reservation that money was paid on up to date (P:ORD-02)."""
    follow_receipt(event.receipt_id)


def on_receipt_voided(event: ReceiptVoided) -> None:
    """Bring the reservation whose deposit was taken back up to date."""
    follow_receipt(event.receipt_id)
