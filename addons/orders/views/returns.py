"""Screen of return orders."""

from addons.orders import queries, services
from addons.orders.models import ReturnOrder
from addons.orders.views.words import LABELS, TODAY, money
from addons.orders.workflow import RETURN_WORKFLOW
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.views import CrudView, Lines, Section, Tab

RETURN_LABELS: dict[str, Text] = {
    **LABELS,
    "order": _("Order"),
    "order_id": _("Order"),
    "wish": _("The customer wants"),
    "handed_over_on": _("Customer got the goods on"),
    "refund": _("Refund"),
    "replacement": _("Order in exchange"),
    "received_at": _("Goods received at"),
}
FIELDS = {
    "doc_date": TODAY,
    "refund": money(_("Refund"), _("What the goods are worth less what is still due, if left blank.")),
}


class ReturnView(CrudView):
    """Returns and exchanges (S:PAY-06)."""

    model = ReturnOrder
    title = _("Returns")
    list_columns = ("number", "doc_date", "partner_name", "order", "wish", "gross", "refund", "owner", "state")
    form_columns = ("order_id", "wish", "doc_date", "handed_over_on", "refund", "reason")
    show_only = ("number", "net", "tax", "gross", "approved_by", "approved_at", "received_at", "replacement")
    fieldsets = (
        (_("Return"), ("number", "order_id", "wish", "doc_date", "handed_over_on", "reason")),
        (_("Money"), ("refund", "net", "tax", "gross")),
        (_("Course"), ("approved_by", "approved_at", "received_at", "replacement")),
    )
    search_columns = ("number", "doc_date", "partner_name", "wish", "gross", "refund", "owner_id", "state")
    labels = RETURN_LABELS
    fields = FIELDS
    lines = Lines(
        "lines",
        ("product_id", "item_id", "quantity"),
        key="product_id",
        label=_("What comes back (all of it, if left blank)"),
        maximum=200,
    )
    verbs = ("list", "show", "add", "edit")
    create_with = services.create_return
    update_with = services.update_return
    workflow = RETURN_WORKFLOW


WHY_RETURN = Section("why", _("How the amounts are reckoned"), queries.explain_return, tells=("gross", "refund"))
RETURNS_OF_ORDER = Tab(
    "returns",
    _("Returns"),
    ("number", "doc_date", "wish", "gross", "refund", "state"),
    queries.list_returns,
    labels={"gross": _("Total"), "doc_date": _("Date"), "wish": _("The customer wants")},
    view="orders.ReturnView",
    resource="orders.ReturnOrder",
    tells=("gross",),
)
