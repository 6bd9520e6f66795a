"""Screens of what belongs to orders: terms, guarantees, dispatch, changes, deals and the sales record."""

from addons.orders import services
from addons.orders.models import (
    AgreedDeal,
    CustomerTerms,
    DispatchRule,
    Guarantee,
    OrderChange,
    RequiredPaper,
    SaleRecord,
    Shortage,
    WorkRequest,
)
from addons.orders.views.words import LABELS, money
from addons.orders.workflow import CHANGE_WORKFLOW, REQUEST_WORKFLOW, SHORTAGE_WORKFLOW
from app.sdk.errors import Text
from app.sdk.forms import DayField, TextField
from app.sdk.i18n import _
from app.sdk.views import Calendar, CrudView, Kanban, Lines

READ = ("list", "show")
FILL = (*READ, "add", "edit")
TERMS_LABELS: dict[str, Text] = {**LABELS, "prepayment": _("Paid beforehand (%)"), "credit_limit": _("Credit limit")}
RULE_LABELS: dict[str, Text] = {
    "product": _("Product"),
    "product_id": _("Product"),
    "category_id": _("Category"),
    "unit": _("Department"),
    "unit_id": _("Department"),
    "task": _("Task"),
    "part": _("Part of the order"),
}
REQUEST_LABELS: dict[str, Text] = {
    **RULE_LABELS,
    "order": _("Sales order"),
    "order_id": _("Sales order"),
    "order.number": _("Sales order"),
    "description": _("Description"),
    "org_unit": _("Department"),
    "needed_on": _("Needed on"),
    "expected_on": _("Expected on"),
}
CHANGE_LABELS: dict[str, Text] = {
    **LABELS,
    "order": _("Sales order"),
    "order_id": _("Sales order"),
    "promised_on": _("New delivery day"),
    "impact": _("What it means for us"),
    "amount_before": _("Total before"),
    "amount_after": _("Total after"),
    "difference": _("Difference"),
    "quantity_before": _("Quantity before"),
    "quantity": _("New quantity"),
}
PAPER_FIELDS = {
    "paper": TextField(_("Paper"), maximum=80, hint=_("Such as a licence. Left blank, nothing goes along with it."))
}
SALE_LABELS: dict[str, Text] = {
    **LABELS,
    "channel": _("Sales channel"),
    "hours_late": _("Hours late"),
    "owner": _("Seller"),
    "owner_id": _("Seller"),
}
SALE_FIELDS = {"sold_on": DayField(_("Sold on"), hint=_("Today, if left blank."))}
SHORTAGE_LABELS = {
    **REQUEST_LABELS,
    "order.partner_name": _("Customer"),
    "order.customer_number": _("Customer's order number"),
    "description": _("Goods"),
    "ordered": _("Quantity ordered"),
    "missing": _("Quantity missing"),
}
TERMS_FIELDS = {"credit_limit": money(_("Credit limit"), _("No limit, if left blank."))}


class CustomerTermsView(CrudView):
    """Credit limits and prepayments of customers (S:ORD-04, S:PAY-03)."""

    model = CustomerTerms
    title = _("Customer terms")
    list_columns = ("partner.name", "credit_limit", "prepayment", "note")
    form_columns = ("partner_id", "credit_limit", "prepayment", "note")
    edit_columns = ("credit_limit", "prepayment", "note")
    search_columns = ("partner.name", "credit_limit", "prepayment")
    labels = TERMS_LABELS
    fields = TERMS_FIELDS
    create_with = services.create_terms
    update_with = services.update_terms


class GuaranteeView(CrudView):
    """What secures orders beyond the credit of their customers (S:ORD-04)."""

    model = Guarantee
    title = _("Guarantees")
    list_columns = ("order", "kind", "guarantor", "amount", "note")
    form_columns = ("order_id", "kind", "guarantor", "amount", "note")
    edit_columns = ("note",)
    search_columns = ("kind", "guarantor", "amount")
    labels = REQUEST_LABELS
    verbs = FILL
    attachments = True
    create_with = services.create_guarantee


class DispatchRuleView(CrudView):
    """Which department works on what (S:ORD-07)."""

    model = DispatchRule
    title = _("Dispatch rules")
    list_columns = ("product", "category", "unit", "task", "part")
    form_columns = ("product_id", "category_id", "unit_id", "task", "part")
    search_columns = ("product_id", "category_id", "unit_id", "task", "part")
    labels = RULE_LABELS
    create_with = services.create_rule
    update_with = services.update_rule


class WorkRequestView(CrudView):
    """What departments do for orders (S:ORD-07)."""

    model = WorkRequest
    title = _("Work requests")
    list_columns = ("order.number", "description", "quantity", "unit", "task", "needed_on", "expected_on", "state")
    show_only = ("order", "description", "quantity", "unit", "task", "needed_on", "expected_on", "note")
    search_columns = ("order.number", "description", "unit_id", "task", "needed_on", "expected_on", "owner_id", "state")
    labels = REQUEST_LABELS
    verbs = READ
    kanban = Kanban("state", card=("order.number", "description", "quantity", "needed_on"))
    calendar = Calendar("needed_on", title="description", colour="state", details=("unit",))
    workflow = REQUEST_WORKFLOW


class ShortageView(CrudView):
    """Goods that are missing for orders, and when they come (S:ORD-06)."""

    model = Shortage
    title = _("Missing goods")
    list_columns = (
        "order.partner_name",  # Goods are missing before the order has its number.
        "order.customer_number",
        "description",
        "ordered",
        "missing",
        "org_unit",
        "needed_on",
        "expected_on",
        "state",
    )
    show_only = ("order", "description", "ordered", "missing", "org_unit", "needed_on", "expected_on", "note")
    search_columns = ("order.number", "description", "missing", "needed_on", "expected_on", "owner_id", "state")
    labels = SHORTAGE_LABELS
    verbs = READ
    calendar = Calendar("needed_on", title="description", colour="state", details=("org_unit",))
    workflow = SHORTAGE_WORKFLOW


class RequiredPaperView(CrudView):
    """Which papers go along with which products (S:CAT-05)."""

    model = RequiredPaper
    title = _("Required papers")
    list_columns = ("product", "category", "paper")
    form_columns = ("product_id", "category_id", "paper")
    search_columns = ("product_id", "category_id", "paper")
    labels = RULE_LABELS
    fields = PAPER_FIELDS
    create_with = services.create_required_paper
    update_with = services.update_required_paper


class OrderChangeView(CrudView):
    """Changes of confirmed orders (S:ORD-10)."""

    model = OrderChange
    title = _("Order changes")
    list_columns = ("number", "doc_date", "order", "reason", "amount_before", "amount_after", "owner", "state")
    form_columns = ("order_id", "reason", "promised_on")
    edit_columns = ("reason", "promised_on")
    show_only = ("number", "doc_date", "amount_before", "amount_after", "difference", "impact")
    search_columns = ("number", "doc_date", "order_id", "owner_id", "state")
    labels = CHANGE_LABELS
    lines = Lines("lines", ("product_id", "quantity"), key="product_id", label=_("New quantities"), maximum=200)
    verbs = FILL
    create_with = services.create_change
    update_with = services.update_change
    workflow = CHANGE_WORKFLOW


class AgreedDealView(CrudView):
    """Deals that were agreed, and when they were entered (P:ORD-04)."""

    model = AgreedDeal
    title = _("Agreed deals")
    list_columns = ("partner.name", "agreed_at", "due_at", "entered_at", "is_late", "document", "owner")
    show_only = ("partner", "agreed_at", "due_at", "entered_at", "is_late", "document", "owner")
    search_columns = ("partner.name", "agreed_at", "entered_at", "is_late", "owner_id")
    labels = LABELS
    verbs = READ


class SaleRecordView(CrudView):
    """The sales record (S:ORD-23)."""

    model = SaleRecord
    title = _("Sales record")
    list_columns = (
        *("sold_on", "partner.name", "product", "quantity", "unit_price", "total"),
        *("channel", "owner", "hours_late", "state"),
    )
    form_columns = (
        *("partner_id", "sold_on", "product_id", "quantity", "unit_price", "total"),
        *("channel", "state", "owner_id", "note"),
    )
    show_only = ("hours_late",)
    search_columns = ("sold_on", "partner.name", "product_id", "total", "channel", "owner_id", "hours_late", "state")
    labels = SALE_LABELS
    fields = SALE_FIELDS
    verbs = FILL
    create_with = services.create_sale
    update_with = services.update_sale
