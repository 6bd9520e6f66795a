"""The life of an order."""

from addons.market.models import Order, OrderState
from app.sdk.i18n import _
from app.sdk.workflow import Transition, Workflow

ORDER_WORKFLOW = Workflow(
    Order,
    Transition("send", OrderState.DRAFT, OrderState.SENT, _("Send"), online="order_sms"),
    Transition("pay", OrderState.SENT, OrderState.PAID, _("Pay"), automatic=True),
    Transition("cancel", (OrderState.DRAFT, OrderState.SENT), OrderState.CANCELLED, _("Cancel"), confirm=_("Sure?")),
)
