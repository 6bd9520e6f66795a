"""Screen of requests for invoices."""

from addons.orders import queries, services
from addons.orders.models import InvoiceRequest
from addons.orders.views.words import LABELS, TODAY, money
from addons.orders.workflow import INVOICE_REQUEST_WORKFLOW
from app.sdk.errors import Text
from app.sdk.forms import DecimalField, TextField
from app.sdk.i18n import _
from app.sdk.views import CrudView, Section, Tab

REQUEST_LABELS: dict[str, Text] = {
    **LABELS,
    "order": _("Order"),
    "order_id": _("Order"),
    "title": _("Invoice title"),
    "tax_no": _("Taxpayer number"),
    "invoice": _("Invoice"),
}
FIELDS = {
    "doc_date": TODAY,
    "title": TextField(_("Invoice title"), maximum=200, hint=_("The customer, if left blank.")),
    "tax_rate": DecimalField(_("Tax rate"), places=6, hint=_("0.13 is 13 %. The order's highest, if left blank.")),
    "amount": money(_("Amount"), _("All that is not invoiced yet, if left blank.")),
}


class InvoiceRequestView(CrudView):
    """Requests for invoices (P:PAY-04)."""

    model = InvoiceRequest
    title = _("Invoice requests")
    list_columns = ("number", "doc_date", "title", "order", "amount", "tax_rate", "invoice", "owner", "state")
    form_columns = ("order_id", "title", "tax_no", "tax_rate", "amount", "doc_date", "note")
    show_only = ("number", "invoice")
    fieldsets = (
        (_("Invoice request"), ("number", "order_id", "title", "tax_no", "doc_date", "invoice")),
        (_("Money"), ("amount", "tax_rate")),
        (_("More"), ("note",)),
    )
    search_columns = ("number", "doc_date", "title", "amount", "owner_id", "state")
    labels = REQUEST_LABELS
    fields = FIELDS
    verbs = ("list", "show", "add", "edit")
    create_with = services.create_invoice_request
    update_with = services.update_invoice_request
    workflow = INVOICE_REQUEST_WORKFLOW


WHY_REQUEST = Section("why", _("How the amounts are reckoned"), queries.explain_request, tells=("amount",))
REQUESTS_OF_ORDER = Tab(
    "invoice_requests",
    _("Invoice requests"),
    ("number", "doc_date", "title", "amount", "state"),
    queries.list_invoice_requests,
    labels={"doc_date": _("Date"), "title": _("Invoice title")},
    view="orders.InvoiceRequestView",
    resource="orders.InvoiceRequest",
    tells=("gross",),
)
