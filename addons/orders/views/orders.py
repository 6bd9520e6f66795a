"""Screen of sales orders."""

from addons.orders import queries, services
from addons.orders.models import Order
from addons.orders.views.words import LABELS, TODAY, money, sold_lines
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.errors import Text
from app.sdk.forms import DayField
from app.sdk.i18n import _
from app.sdk.views import Calendar, CrudView, ImportColumn, Importer, Kanban, Section, Tab

LABELS_OF_ORDERS: dict[str, Text] = {
    **LABELS,
    "form": _("How it was ordered"),
    "channel": _("Sales channel"),
    "customer_number": _("Customer's order number"),
    "stated_total": _("Total on the customer's order"),
    "promised_on": _("Delivery promised on"),
    "posted_at": _("Order confirmed at"),
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
ORDER_IMPORT = Importer(
    (
        ImportColumn("customer_number", ("客户单号", "订单号"), "PO-2026-001"),
        ImportColumn("partner_id", ("客户名称", "客户编号"), "杭州云栖建材有限公司"),
        ImportColumn("doc_date", ("下单日期", "订单日期"), "2026-03-02"),
        ImportColumn("promised_on", ("交货日期", "交期"), "2026-03-10"),
        ImportColumn("payment_method", ("付款方式",), "银行转账"),
        ImportColumn("due_on", ("付款日期",)),
        ImportColumn("stated_total", ("订单总额", "合计金额")),
        ImportColumn("note"),
    ),
    hint=_("One row for each line; rows with the same customer's order number are one order."),
    lines=(
        ImportColumn("product_id", ("产品编号", "产品名称", "货号"), "QM-ERP"),
        ImportColumn("quantity", example="2"),
        ImportColumn("unit_price", ("含税单价",)),
        ImportColumn("description", ("规格",)),
    ),
    groups_by="customer_number",
    warn=queries.price_warning,
)


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
            _("Sales order"),
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
    lines = sold_lines(200)
    calendar = Calendar("promised_on", title="partner_name", colour="state", details=("number", "owner"))
    kanban = Kanban("state", card=("number", "partner_name", "promised_on", "owner"), sum="gross")
    importer = ORDER_IMPORT
    create_with = services.create_order
    update_with = services.update_order
    delete_with = services.delete_order
    workflow = ORDER_WORKFLOW


WHY_ORDER = Section("why", _("How the amounts are reckoned"), queries.explain_order, tells=("gross",))
ORDER_PRICES = Section("prices", _("How the prices are checked"), queries.explain_order_prices, tells=("gross",))
ORDER_PAYMENT = Section("payment", _("Payment"), queries.payment_of_order, tells=("gross",))
CREDIT = Section("credit", _("Credit and prepayment"), queries.explain_credit, tells=("gross",))
COST = Section("cost", _("Cost and shipped goods"), queries.explain_cost, tells=("gross",))
CHECKS = Tab(
    "checks",
    _("Checks"),
    ("kind", "state", "note", "checked_by", "checked_at"),
    queries.list_checks,
    labels={"kind": _("Check"), "checked_by": _("Checked by"), "checked_at": _("Checked at")},
)
DELIVERY = Tab(
    "delivery",
    _("Shipped and delivered"),
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
SHORTAGES = Tab(
    "shortages",
    _("Missing goods"),
    ("description", "ordered", "missing", "org_unit", "expected_on", "note", "state"),
    queries.list_shortages,
    labels={"description": _("Description"), "org_unit": _("Department"), "expected_on": _("Expected on")},
    view="orders.ShortageView",
    resource="orders.Shortage",
)
PAPERS = Tab(
    "papers",
    _("Papers"),
    ("product", "paper", "reference", "handed_over_on", "noted_by"),
    queries.list_papers,
    labels={
        "product": _("Product"),
        "reference": _("Number"),
        "handed_over_on": _("Handed over on"),
        "noted_by": _("Noted by"),
    },
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
TABS = (CHECKS, SHORTAGES, DELIVERY, PAPERS, REQUESTS, NOTES, GUARANTEES)
