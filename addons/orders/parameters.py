"""Policy values of orders. A value that both specifications name is one parameter."""

from decimal import Decimal
from typing import Any

from app.sdk.i18n import _
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

ALL: tuple[Parameter[Any], ...] = (
    PRICE_APPROVAL,
    PRICE_FLOOR,
    FREE_DISCOUNT,
    RESERVATION_DAYS,
    DEPOSIT_FIXED,
    TWO_AUDITS,
    RETURN_DAYS,
)
