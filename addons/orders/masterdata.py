"""The running numbers of orders."""

from app.sdk.i18n import _
from app.sdk.masterdata import NumberFormat, NumberSeriesDefinition

RESERVATION_NUMBERS = "orders.reservation"
ORDER_NUMBERS = "orders.order"
CHANGE_NUMBERS = "orders.change"

NUMBER_SERIES = (
    NumberSeriesDefinition(RESERVATION_NUMBERS, _("Reservations"), NumberFormat("RS{yyyy}-{number:04}")),  # P:ORD-01
    NumberSeriesDefinition(ORDER_NUMBERS, _("Sales orders"), NumberFormat("SO{yyyy}-{number:04}")),
    NumberSeriesDefinition(CHANGE_NUMBERS, _("Changes of orders"), NumberFormat("BG{yyyy}-{number:04}")),
)
