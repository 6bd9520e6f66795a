"""Screen of quotations, and their paper."""

from addons.orders import queries, services
from addons.orders.choices import QuotationState
from addons.orders.models import Quotation
from addons.orders.views.words import LABELS, TODAY, money, paper_lines, sold_lines
from addons.orders.workflow import QUOTATION_WORKFLOW
from app.sdk.errors import Conflict, Text
from app.sdk.i18n import _
from app.sdk.views import CrudView, Kanban, Paper, Printing, Section, Tab

FORM_LABELS: dict[str, Text] = {
    **LABELS,
    "revision": _("Rounds of negotiation"),
    "budget": _("Customer's budget"),
    "over_budget": _("Above the budget"),
    "sent_at": _("Sent at"),
    "valid_until": _("Holds until"),
    "accepted_at": _("Accepted at"),
    "prices_approved_by": _("Prices approved by"),
    "prices_approved_at": _("Prices approved at"),
}
FIELDS = {"doc_date": TODAY, "budget": money(_("Customer's budget"), _("If the customer named one."))}


def quotation_paper(quotation: Quotation) -> Paper:
    """Return a quotation as the customer gets it. Raises Conflict for a draft: what is not sent is not printed."""
    if quotation.state is QuotationState.DRAFT or quotation.number is None:
        raise Conflict("quotation.unsent", _("Only a quotation that was sent is printed."))
    heading = str(_("Quotation %(number)s")) % {"number": quotation.number}
    if quotation.revision:
        heading += " · " + str(_("Version %(number)s")) % {"number": quotation.revision + 1}
    lines: list[tuple[str, Text, str]] = [
        ("doc_date", _("Date"), f"{quotation.doc_date:%Y-%m-%d}"),
        ("partner_name", _("Customer"), quotation.partner_name),
        ("valid_until", _("Holds until"), f"{quotation.valid_until:%Y-%m-%d}"),
    ]
    return Paper(heading, [*lines, *paper_lines(quotation)])


class QuotationView(CrudView):
    """Quotations (S:ORD-15, P:QUO-08)."""

    model = Quotation
    title = _("Quotations")
    list_columns = (
        *("number", "revision", "doc_date", "partner_name", "gross", "valid_until", "over_budget"),
        *("owner", "state"),
    )
    form_columns = ("partner_id", "doc_date", "budget", "owner_id", "note")
    show_only = (
        *("number", "revision", "sent_at", "valid_until", "accepted_at"),
        *("over_budget", "net", "tax", "gross", "prices_approved_by", "prices_approved_at"),
    )
    fieldsets = (
        (_("Quotation"), ("number", "revision", "partner_id", "doc_date", "sent_at", "valid_until", "accepted_at")),
        (_("Money"), ("budget", "over_budget", "net", "tax", "gross", "prices_approved_by", "prices_approved_at")),
        (_("More"), ("owner_id", "note")),
    )
    search_columns = ("number", "doc_date", "partner_name", "gross", "valid_until", "over_budget", "owner_id", "state")
    labels = FORM_LABELS
    fields = FIELDS
    lines = sold_lines(200)
    kanban = Kanban("state", card=("number", "partner_name", "valid_until", "owner"), sum="gross")
    printing = Printing(step="print", signatures=(_("For the company"), _("Customer")), document=quotation_paper)
    create_with = services.create_quotation
    update_with = services.update_quotation
    delete_with = services.delete_quotation
    workflow = QUOTATION_WORKFLOW


WHY_QUOTATION = Section("why", _("How the amounts are reckoned"), queries.explain_quotation, tells=("gross", "budget"))
QUOTATION_PRICES = Section(
    "prices", _("How the prices are checked"), queries.explain_quotation_prices, tells=("gross",)
)
COMPARISON = Section("changes", _("What changed between versions"), queries.compare_versions, tells=("gross",))
QUOTATION_VERSIONS = Tab(
    "versions",
    _("Sent before"),
    ("revision", "sent_at", "valid_until", "gross", "reason"),
    queries.list_quotation_versions,
    labels={"revision": _("Version"), "gross": _("Total"), "sent_at": _("Sent at"), "valid_until": _("Holds until")},
    tells=("gross", "valid_until"),
)
QUOTATION_SLOTS = (WHY_QUOTATION, QUOTATION_PRICES, COMPARISON, QUOTATION_VERSIONS)
