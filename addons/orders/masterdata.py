"""The running numbers of orders."""

from app.sdk.i18n import _
from app.sdk.masterdata import NumberFormat, NumberSeriesDefinition

RESERVATION_NUMBERS = "orders.reservation"
ORDER_NUMBERS = "orders.order"
RETURN_NUMBERS = "orders.return"
INVOICE_REQUEST_NUMBERS = "orders.invoice_request"
CHANGE_NUMBERS = "orders.change"
QUOTATION_NUMBERS = "orders.quotation"
DISCOUNT_NUMBERS = "orders.discount"

NUMBER_SERIES = (
    NumberSeriesDefinition(RESERVATION_NUMBERS, _("Reservations"), NumberFormat("RS{yyyy}-{number:04}")),  # P:ORD-01
    NumberSeriesDefinition(ORDER_NUMBERS, _("Sales orders"), NumberFormat("SO{yyyy}-{number:04}")),
    NumberSeriesDefinition(RETURN_NUMBERS, _("Returns"), NumberFormat("TH{yyyy}-{number:04}")),
    NumberSeriesDefinition(INVOICE_REQUEST_NUMBERS, _("Invoice requests"), NumberFormat("KP{yyyy}-{number:04}")),
    NumberSeriesDefinition(CHANGE_NUMBERS, _("Changes of orders"), NumberFormat("BG{yyyy}-{number:04}")),
    NumberSeriesDefinition(QUOTATION_NUMBERS, _("Quotations"), NumberFormat("QT{yyyy}-{number:04}")),
    NumberSeriesDefinition(DISCOUNT_NUMBERS, _("Discount requests"), NumberFormat("DR{yyyy}-{number:04}")),
)
