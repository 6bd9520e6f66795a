"""The life of a request for an invoice."""

from addons.orders.choices import InvoiceRequestState as State
from addons.orders.models import InvoiceRequest
from app.sdk.i18n import _
from app.sdk.workflow import Transition, Workflow

INVOICE_REQUEST_WORKFLOW = Workflow(
    InvoiceRequest,
    Transition("issue", State.REQUESTED, State.ISSUED, _("Invoice issued"), icon="receipt", tone="primary"),
    Transition("reject", State.REQUESTED, State.REJECTED, _("Reject"), icon="x", tone="danger"),
    Transition("cancel", State.REQUESTED, State.CANCELLED, _("Cancel"), icon="x", tone="danger"),
    main_path=(State.REQUESTED, State.ISSUED),
    terms=("amount", "tax_rate", "title", "order_id"),
)
