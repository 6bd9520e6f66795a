"""The running numbers of payments."""

from app.sdk.i18n import _
from app.sdk.masterdata import NumberFormat, NumberSeriesDefinition

RECEIPT_NUMBERS = "payments.receipt"
RECEIVABLE_NUMBERS = "payments.receivable"
REFUND_NUMBERS = "payments.refund"

NUMBER_SERIES = (
    NumberSeriesDefinition(RECEIPT_NUMBERS, _("Receipts"), NumberFormat("SJ{yyyy}-{number:04}")),  # P:PAY-03
    NumberSeriesDefinition(RECEIVABLE_NUMBERS, _("Receivables"), NumberFormat("YS{yyyy}-{number:04}")),
    NumberSeriesDefinition(REFUND_NUMBERS, _("Refunds"), NumberFormat("TK{yyyy}-{number:04}")),
)
