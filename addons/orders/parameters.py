"""Policy values of orders. A value that both specifications name is one parameter."""

from decimal import Decimal
from typing import Any

from app.sdk.i18n import _
from app.sdk.organisation import unit_names
from app.sdk.parameters import Parameter

PRICE_APPROVAL = Parameter(
    "orders.price_approval",
    bool,
    _("Price lists are approved by somebody else"),
    requirement="S:CAT-03",
    default=True,
    spec_aliases=("S:cat.price_approval",),
)

PRICE_FLOOR = Parameter(
    "orders.price_floor",
    bool,
    _("No price under the floor of the price list"),
    requirement="S:CAT-04",
    default=True,
    help=_("A product without a floor has no limit of its own."),
    spec_aliases=("S:cat.floor",),
)

FREE_DISCOUNT = Parameter(
    "orders.free_discount_pct",
    Decimal,
    _("Deviation from the list price that needs no approval"),
    unit=_("percent"),
    requirement="P:PRI-02",
    default=Decimal(0),
    minimum=Decimal(0),
    maximum=Decimal(100),
    help=_("Up and down alike. 0: the list price, or terms that were approved."),
)

RESERVATION_DAYS = Parameter(
    "orders.reservation_valid_days",
    int,
    _("Days that a signed reservation holds"),
    unit=_("days"),
    requirement="P:ORD-01",
    default=7,
    minimum=0,
    maximum=365,
)

DEPOSIT_FIXED = Parameter(
    "orders.deposit_fixed",
    Decimal,
    _("Usual deposit of a reservation"),
    unit=_("yuan"),
    requirement="P:ORD-01",
    default=Decimal(0),
    minimum=Decimal(0),
    maximum=Decimal(100_000_000),
    help=_("Filled in where the deposit is left blank. 0: it must be typed."),
)

TWO_AUDITS = Parameter(
    "orders.two_audits",
    bool,
    _("Finance audits an order after sales"),
    requirement="S:ORD-21",
    default=True,
    spec_aliases=("S:ord.two_audits",),
)

RETURN_DAYS = Parameter(
    "orders.return_days",
    int,
    _("Days in which goods may be returned"),
    unit=_("days"),
    requirement="S:PAY-06",
    default=7,
    minimum=0,
    maximum=3_650,
    help=_("Counted from the day on which the customer got them. After that only a manager lets a return through."),
    spec_aliases=("S:pay.return_days",),
)

DEPOSIT_SOURCE = Parameter(
    "orders.deposit_source",
    str,
    _("What a deposit is paid on"),
    requirement="P:ORD-01",
    default="reservation",
    choices=("reservation", "contract", "none"),
    help=_("With reservation, no form is written without a deposit; otherwise it may be 0."),
)

ENTRY_HOURS = Parameter(
    "orders.order_entry_hours",
    int,
    _("Hours in which an agreed deal is entered"),
    unit=_("hours"),
    requirement="P:ORD-04",
    default=24,
    minimum=0,
    maximum=720,
)

VERBAL_HOURS = Parameter(
    "orders.verbal_hours",
    int,
    _("Hours in which a verbal order is put in writing"),
    unit=_("hours"),
    requirement="S:ORD-01",
    default=24,
    minimum=0,
    maximum=720,
)

CHECKS = Parameter(
    "orders.checks",
    list[str],
    _("Checks that an order has to pass"),
    requirement="S:ORD-03",
    default=["credit", "rule", "stock"],
    choices=("credit", "rule", "stock"),
)

PREPAYMENT = Parameter(
    "orders.prepay_pct",
    Decimal,
    _("Part of an order that is paid before the finance audit"),
    unit=_("percent"),
    requirement="S:PAY-03",
    default=Decimal(0),
    minimum=Decimal(0),
    maximum=Decimal(100),
    help=_("A customer's own terms come first."),
)

DISPATCH = Parameter(
    "orders.dispatch_map",
    str,
    _("How a released order is given to departments"),
    requirement="S:ORD-07",
    default="by_product",
    choices=("by_product", "none"),
    help=_("by_product: by the dispatch rules, and a product without a rule is not released."),
)

FEEDBACK_DAYS = Parameter(
    "orders.feedback_days",
    int,
    _("Days after which the progress of an order is told again"),
    unit=_("days"),
    requirement="S:ORD-08",
    default=3,
    minimum=1,
    maximum=365,
)

DUE_WARNING_DAYS = Parameter(
    "orders.due_warning_days",
    int,
    _("Days before a promised delivery from which it is watched"),
    unit=_("days"),
    requirement="P:ORD-08",
    default=2,
    minimum=0,
    maximum=60,
)

BALANCE_BEFORE_DELIVERY = Parameter(
    "orders.balance_before_delivery",
    str,
    _("Goods are shipped once the price is paid"),
    requirement="P:ORD-06",
    default="no",
    choices=("no", "yes", "milestones", "after_acceptance"),
    help=_("yes: nothing is shipped while anything is due."),
)

EXPORT_UNITS = Parameter(
    "orders.export_units",
    list[str],
    _("Units that export"),
    requirement="S:ORD-16",
    default=[],
    choices=unit_names,
    help=_("Their orders are export, all others domestic. None chosen: both everywhere."),
    spec_aliases=("S:ord.type_by_dept",),
)

ARCHIVE_DAYS = Parameter(
    "orders.archive_days",
    int,
    _("Days in which the papers of a closed order are filed"),
    unit=_("days"),
    requirement="S:ORD-22",
    default=7,
    minimum=0,
    maximum=365,
)

RECORD_HOURS = Parameter(
    "orders.record_hours",
    int,
    _("Hours in which a sale is recorded"),
    unit=_("hours"),
    requirement="S:ORD-23",
    default=24,
    minimum=0,
    maximum=720,
)

MIN_MARGIN = Parameter(
    "orders.min_margin_pct",
    Decimal,
    _("Margin under which a price needs approval"),
    unit=_("percent"),
    requirement="P:PRI-09",
    default=Decimal(20),
    minimum=Decimal(0),
    maximum=Decimal(100),
    help=_("Price less cost, in percent of the price. A product without a cost has no limit."),
)

QUOTE_DAYS = Parameter(
    "orders.quote_valid_days",
    int,
    _("Days that a quotation holds"),
    unit=_("days"),
    requirement="P:QUO-08, S:ORD-15",
    default=30,
    minimum=0,
    maximum=365,
    help=_("Counted anew for each version, from the day on which it is sent."),
    spec_aliases=("S:ord.quote_days",),
)

DISCOUNT_TIMINGS = {"both": _("Before and after signing"), "before": _("Before signing"), "after": _("After signing")}
DISCOUNT_TIMING = Parameter(
    "orders.discount_timing",
    str,
    _("When a discount may be asked for"),
    requirement="P:ORD-03",
    default="both",
    choices=lambda: DISCOUNT_TIMINGS,
    help=_("Before the reservation is signed, after it, by an amendment, or both."),
)

DISCOUNT_TYPES = Parameter(
    "orders.discount_types",
    list[str],
    _("Preferential terms that may be asked for"),
    requirement="P:PRI-03",
    default=["percent", "amount", "gift", "terms"],
    choices=("percent", "amount", "gift", "terms"),
)

DISCOUNT_DECIDERS = {  # By rank.
    "orders_manager": _("Sales manager"),
    "orders_vice_president": _("Vice-president of marketing"),
    "orders_general_manager": _("General manager"),
}
DISCOUNT_DECIDER = Parameter(
    "orders.discount_decider",
    str,
    _("From which rank on discounts are decided"),
    requirement="P:PRI-07",
    default="orders_general_manager",
    choices=lambda: DISCOUNT_DECIDERS,
    help=_("Whoever has this role is told of what waits for a decision; those above him may decide too."),
)

AUTO_FORWARD = Parameter(
    "orders.auto_forward",
    bool,
    _("A reviewed discount reaches the general manager by itself"),
    requirement="P:PRI-06",
    default=True,
)

REPORT_SLA = Parameter(
    "orders.report_sla_days",
    int,
    _("Days for reporting a reviewed discount to the general manager"),
    unit=_("days"),
    requirement="P:PRI-06",
    default=0,
    minimum=0,
    maximum=365,
    help=_("0: on the day of the last review."),
)

GM_REMIND = Parameter(
    "orders.gm_remind_days",
    int,
    _("Working days until the general manager is reminded of a discount"),
    unit=_("days"),
    requirement="P:PRI-07",
    default=1,
    minimum=1,
    maximum=60,
)

AUTO_ISSUE = Parameter(
    "orders.auto_issue",
    bool,
    _("An approved discount is issued to the salesperson by itself"),
    requirement="P:PRI-08",
    default=True,
)

ISSUE_SLA = Parameter(
    "orders.issue_sla_days",
    int,
    _("Days for issuing an approved discount"),
    unit=_("days"),
    requirement="P:PRI-08",
    default=0,
    minimum=0,
    maximum=365,
    help=_("0: on the day of the approval."),
)

REQUIRED_DOCS = Parameter(
    "orders.required_docs",
    list[str],
    _("Papers that go along with goods"),
    requirement="S:CAT-05",
    default=[],
    help=_(
        "One per line, such as a manual and a licence. No order is closed before they were handed over. For single "
        "products and categories the list of required papers says otherwise; services need none."
    ),
    spec_aliases=("S:cat.required_docs",),
)

INVOICE_BASIS = Parameter(
    "orders.invoice_basis",
    str,
    _("What invoices of an order may come to"),
    requirement="S:PAY-02",
    default="shipped_if_recorded",
    choices=("shipped_if_recorded", "shipped_goods", "order_total"),
    help=_("Shipped goods: nothing is invoiced before it left, not even a deposit."),
)

ALL: tuple[Parameter[Any], ...] = (
    PRICE_APPROVAL,
    PRICE_FLOOR,
    FREE_DISCOUNT,
    RESERVATION_DAYS,
    DEPOSIT_FIXED,
    TWO_AUDITS,
    RETURN_DAYS,
    DEPOSIT_SOURCE,
    ENTRY_HOURS,
    VERBAL_HOURS,
    CHECKS,
    PREPAYMENT,
    DISPATCH,
    FEEDBACK_DAYS,
    DUE_WARNING_DAYS,
    BALANCE_BEFORE_DELIVERY,
    EXPORT_UNITS,
    REQUIRED_DOCS,
    ARCHIVE_DAYS,
    RECORD_HOURS,
    MIN_MARGIN,
    QUOTE_DAYS,
    DISCOUNT_TIMING,
    DISCOUNT_TYPES,
    DISCOUNT_DECIDER,
    AUTO_FORWARD,
    REPORT_SLA,
    GM_REMIND,
    AUTO_ISSUE,
    ISSUE_SLA,
    INVOICE_BASIS,
)
