"""Screen of sales orders."""

from addons.orders import queries, services
from addons.orders.models import Order
from addons.orders.views.words import LABELS, TODAY, money
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.errors import Text
from app.sdk.forms import DayField
from app.sdk.i18n import _
from app.sdk.views import Calendar, CrudView, Kanban, Lines, Section, Tab

LABELS_OF_ORDERS: dict[str, Text] = {
    **LABELS,
    "form": _("How it was ordered"),
    "customer_number": _("Customer's order number"),
    "stated_total": _("Total on the customer's order"),
    "promised_on": _("Delivery promised on"),
    "posted_at": _("Confirmed at"),
    "writing_due_at": _("To be in writing by"),
    "written_at": _("Put in writing at"),
    "delivered": _("Delivered"),
    "shipped": _("Shipped"),
}
FIELDS = {
    "doc_date": TODAY,
    "due_on": DayField(_("Due on"), hint=_("The promised day, if left blank.")),
    "stated_total": money(_("Total on the customer's order"), _("Checked against the lines, if it is given.")),
}


class OrderView(CrudView):
    """Sales orders (S:ORD-14)."""

    model = Order
    title = _("Sales orders")
    list_columns = ("number", "doc_date", "partner_name", "gross", "promised_on", "owner", "state")
    form_columns = (
        *("partner_id", "form", "business_type", "channel", "customer_number", "doc_date", "promised_on"),
        *("payment_method", "due_on", "stated_total", "owner_id", "note"),
    )
    show_only = (
        *("number", "reservation", "net", "tax", "gross"),
        *("audited_by", "audited_at", "finance_audited_by", "finance_audited_at", "posted_at"),
        *("writing_due_at", "written_at", "closed_on", "filed_on", "filed_under"),
    )
    fieldsets = (
        (
            _("Order"),
            ("number", "partner_id", "form", "business_type", "channel", "customer_number", "doc_date", "promised_on"),
        ),
        (_("Money"), ("payment_method", "due_on", "stated_total", "net", "tax", "gross", "reservation")),
        (_("Audits"), ("audited_by", "audited_at", "finance_audited_by", "finance_audited_at", "posted_at")),
        (_("More"), ("owner_id", "note", "writing_due_at", "written_at", "closed_on", "filed_on", "filed_under")),
    )
    search_columns = (
        *("number", "doc_date", "partner_name", "gross", "promised_on", "form", "business_type", "channel"),
        *("owner_id", "state"),
    )
    labels = LABELS_OF_ORDERS
    fields = FIELDS
    lines = Lines(
        "lines",
        ("product_id", "item_id", "description", "quantity", "unit_price", "tax_included"),
        key="product_id",
        label=_("Lines"),
        maximum=200,
    )
    calendar = Calendar("promised_on", title="partner_name", colour="state", details=("number", "owner"))
    kanban = Kanban("state", card=("number", "partner_name", "promised_on", "owner"), sum="gross")
    create_with = services.create_order
    update_with = services.update_order
    delete_with = services.delete_order
    workflow = ORDER_WORKFLOW


WHY_ORDER = Section("why", _("How the amounts are reckoned"), queries.explain_order, tells=("gross",))
ORDER_PAYMENT = Section("payment", _("Payment"), queries.payment_of_order, tells=("gross",))
CREDIT = Section("credit", _("Credit and prepayment"), queries.explain_credit, tells=("gross",))
CHECKS = Tab(
    "checks",
    _("Checks"),
    ("kind", "state", "note", "checked_by", "checked_at"),
    queries.list_checks,
    labels={"kind": _("Check"), "checked_by": _("Checked by"), "checked_at": _("Checked at")},
)
DELIVERY = Tab(
    "delivery",
    _("Delivery"),
    ("position", "description", "quantity", "shipped", "delivered", "gross"),
    queries.list_order_lines,
    labels={**LABELS, "position": _("Line number"), "shipped": _("Shipped"), "delivered": _("Delivered")},
    tells=("gross",),
)
REQUESTS = Tab(
    "requests",
    _("Work requests"),
    ("unit", "task", "description", "quantity", "needed_on", "expected_on", "state"),
    queries.list_requests,
    labels={"unit": _("Department"), "task": _("Task"), "description": _("Description")},
    view="orders.WorkRequestView",
    resource="orders.WorkRequest",
)
NOTES = Tab(
    "notes",
    _("Progress notes"),
    ("noted_at", "kind", "text", "customer_told", "promised_before", "noted_by"),
    queries.list_notes,
    labels={"noted_at": _("Noted at"), "noted_by": _("Noted by"), "promised_before": _("Promised before")},
)
GUARANTEES = Tab(
    "guarantees",
    _("Guarantees"),
    ("kind", "guarantor", "amount", "note"),
    queries.list_guarantees,
    view="orders.GuaranteeView",
    resource="orders.Guarantee",
)
TABS = (CHECKS, DELIVERY, REQUESTS, NOTES, GUARANTEES)
