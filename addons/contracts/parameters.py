"""Policy values of contracts. A value that both specifications name is one parameter."""

from decimal import Decimal
from typing import Any

from app.sdk.i18n import _
from app.sdk.parameters import Parameter

REQUIRED_CLAUSES = Parameter(
    "contracts.required_clauses",
    list[str],
    _("Clauses without which no contract is submitted"),
    requirement="P:CON-03, S:CON-01",
    default=[
        *("parties", "content", "price_terms", "delivery_terms", "payment_terms", "breach_terms"),
        *("seller_duties", "buyer_duties"),
    ],
    help=_(
        "One per line: parties, content, price_terms, delivery_terms, payment_terms, breach_terms, seller_duties, "
        "buyer_duties, after_sales_terms, cooperation_terms."
    ),
    spec_aliases=("P:mandatory_clauses", "S:con.required_clauses"),
)

TERM_FIELDS = Parameter(
    "contracts.term_fields",
    list[str],
    _("Terms that were negotiated and must be written down"),
    requirement="P:CON-07",
    default=["content", "price_terms", "payment_terms", "delivery_terms", "after_sales_terms", "cooperation_terms"],
    help=_("Names as for the clauses, one per line."),
)

APPROVAL_FROM = Parameter(
    "contracts.contract_approval_from",
    Decimal,
    _("Amount from which the leader approves a contract"),
    unit=_("yuan"),
    requirement="P:CON-06",
    default=Decimal(0),
    minimum=Decimal(0),
    help=_("0.00: every contract. Below it the reviews are enough."),
)

NEEDS_DEPOSIT = Parameter(
    "contracts.contract_needs_deposit",
    bool,
    _("A contract is signed only after the deposit of its reservation is paid"),
    requirement="P:CON-01",
    default=True,
    help=_("Off where the contract comes first and the deposit is paid by it."),
)

READ_CONFIRM = Parameter(
    "contracts.read_confirm",
    bool,
    _("Whoever signs confirms that he has read the clauses"),
    requirement="P:CON-04",
    default=True,
)

REVIEWERS = Parameter(
    "contracts.reviewers",
    list[str],
    _("Who reviews a contract before it is approved, side by side"),
    requirement="S:CON-02",
    default=["legal", "finance"],
    help=_("legal, finance, one per line; empty: nobody."),
    spec_aliases=("S:con.reviewers",),
)

BRANCH_CHAIN = Parameter(
    "contracts.chain",
    str,
    _("Who reviews contracts of out-stationed units as well"),
    requirement="S:CON-08",
    default="by_branch",
    choices=("by_branch", "none"),
    help=_("by_branch: the branch and then headquarters; none: nobody besides."),
    spec_aliases=("S:con.chain",),
)

MIN_COPIES = Parameter(
    "contracts.min_copies",
    int,
    _("Least number of signed copies"),
    unit=_("copies"),
    requirement="S:CON-03",
    default=2,
    minimum=1,
    maximum=20,
    spec_aliases=("S:con.min_copies",),
)

ENTRY_DAYS = Parameter(
    "contracts.entry_days",
    int,
    _("Days after the signing in which it is entered"),
    unit=_("days"),
    requirement="S:CON-07",
    default=1,
    minimum=0,
    maximum=365,
    spec_aliases=("S:con.entry_days",),
)

ARCHIVE_DAYS = Parameter(
    "contracts.archive_days",
    int,
    _("Days after the end of a contract in which it is archived"),
    unit=_("days"),
    requirement="S:CON-04",
    default=3,
    minimum=0,
    maximum=365,
    spec_aliases=("S:con.archive_days",),
)

EXPIRY_WARNING = Parameter(
    "contracts.expiry_warn",
    int,
    _("Days before the end of a contract on which its owner is told"),
    unit=_("days"),
    requirement="S:CON-05",
    default=30,
    minimum=0,
    maximum=365,
    spec_aliases=("S:con.expiry_warn",),
)

OBLIGATION_WARNING = Parameter(
    "contracts.obligation_warning_days",
    int,
    _("Days before a duty is due on which its owner is told"),
    unit=_("days"),
    requirement="P:CON-08",
    default=3,
    minimum=0,
    maximum=365,
)

CHECK_CYCLE = Parameter(
    "contracts.check_cycle",
    str,
    _("How often the open contracts are gone through"),
    requirement="S:CON-06",
    default="week",
    choices=("day", "week", "month"),
    help=_("The owner is reminded so often; breaches are found every day."),
    spec_aliases=("S:con.check_cycle",),
)

INCIDENT_HOURS = Parameter(
    "contracts.incident_hours",
    int,
    _("Hours in which an incident is solved"),
    unit=_("hours"),
    requirement="P:CON-09",
    default=24,
    minimum=1,
    maximum=720,
)

CREDIT_BASIS = Parameter(
    "contracts.credit_basis",
    str,
    _("Day that tells the period to which a contract counts"),
    requirement="S:CON-09",
    default="signed_date",
    choices=("signed_date", "approved_date", "entered_date"),
    spec_aliases=("S:con.credit_basis",),
)

ALL: tuple[Parameter[Any], ...] = (
    REQUIRED_CLAUSES,
    TERM_FIELDS,
    APPROVAL_FROM,
    NEEDS_DEPOSIT,
    READ_CONFIRM,
    REVIEWERS,
    BRANCH_CHAIN,
    MIN_COPIES,
    ENTRY_DAYS,
    ARCHIVE_DAYS,
    EXPIRY_WARNING,
    OBLIGATION_WARNING,
    CHECK_CYCLE,
    INCIDENT_HOURS,
    CREDIT_BASIS,
)
