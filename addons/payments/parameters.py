"""Policy values of payments. A value that both specifications name is one parameter."""

import re
from decimal import Decimal
from typing import Any

from app.sdk.i18n import _
from app.sdk.parameters import Parameter


def _rises(days: list[str]) -> bool:
    """Tell whether they are three whole numbers, each above the one before, of at most ten years."""
    if len(days) != 3 or not all(re.fullmatch("[0-9]{1,4}", one) for one in days):
        return False
    return 0 < int(days[0]) < int(days[1]) < int(days[2]) <= 3650


DEPOSIT_MINIMUM = Parameter(
    "payments.deposit_minimum",
    Decimal,
    _("Least deposit, of the total"),
    unit=_("percent"),
    requirement="P:PIG-01",
    default=Decimal(0),
    minimum=Decimal(0),
    maximum=Decimal(100),
    help=_("0: any deposit is taken."),
)

ALLOW_PARTIAL_DEPOSIT = Parameter(
    "payments.allow_partial_deposit",
    bool,
    _("A deposit may be paid in parts"),
    requirement="P:PAY-01",
    default=False,
    help=_("The first part must reach the least deposit all the same."),
)

DEPOSIT_METHODS = Parameter(
    "payments.deposit_methods",
    list[str],
    _("Ways in which a deposit is paid"),
    requirement="P:PIG-02",
    default=[],
    choices=("cash", "bank_transfer", "card", "online"),
    help=_("None chosen: any."),
)

DEPOSIT_DOCUMENT = Parameter(
    "payments.deposit_document",
    str,
    _("Proof that is issued for a deposit"),
    requirement="P:PAY-03",
    default="receipt",
    choices=("receipt", "invoice"),
    help=_("“Receipt”: the invoice follows at the tax point; “Invoice”: what was paid waits until it is invoiced."),
)

DING_CAP = Parameter(
    "payments.ding_cap",
    Decimal,
    _("Part of the total up to which a deposit binds as Ding"),
    unit=_("percent"),
    requirement="S:RE-04",
    default=Decimal(20),
    minimum=Decimal(0),
    maximum=Decimal(20),
    help=_("What was paid beyond it is a prepayment, which is always refunded (Civil Code, article 586)."),
)

ID_REQUIRED = Parameter(
    "payments.id_required",
    list[str],
    _("Receipts for which the payer's identity is checked"),
    requirement="P:PIG-03",
    default=[],
    choices=("earnest", "deposit", "balance", "fee"),
)

UNIQUE_BANK_REF = Parameter(
    "payments.unique_bank_ref", bool, _("A bank reference is entered once only"), requirement="S:PAY-01", default=True
)

CLOSE_REQUIRES = Parameter(
    "payments.close_requires",
    str,
    _("What the close of a month waits for"),
    requirement="S:PAY-05",
    default="all_audited",
    choices=("all_audited", "all_posted"),
    help=_("“All audited”: every receipt is posted and audited; “All posted”: none is a draft."),
)

CASH_DUE = Parameter(
    "payments.cash_due",
    str,
    _("Hour at which the cash day is handed in"),
    requirement="S:RE-07",
    default="18:00",
    pattern="([01][0-9]|2[0-3]):[0-5][0-9]",
)

BAD_DAYS = Parameter(
    "payments.bad_days",
    int,
    _("Days overdue from which a debt may be proposed as bad"),
    unit=_("days"),
    requirement="S:PAY-10",
    default=365,
    minimum=0,
    maximum=3650,
)

AGEING = Parameter(
    "payments.aging",
    list[str],
    _("Days overdue that part the ageing of receivables"),
    requirement="S:PAY-09",
    default=["30", "60", "90"],
    makes_sense=_rises,
    help=_("Three whole numbers, rising, one per line."),
)

COLLECTION_BASE = Parameter(
    "payments.collection_base",
    str,
    _("What the collection rate is a part of"),
    requirement="P:PAY-05",
    default="due_in_period",
    choices=("due_in_period", "contract_amount"),
    help=_("“Due in period”: what is due in the period; “Contract amount”: the totals of deals with a part due."),
)

RECOVERY_RATE = Parameter(
    "payments.recovery_rate",
    Decimal,
    _("Part of a loss that whoever answers for it pays"),
    unit=_("percent"),
    requirement="S:PAY-11",
    minimum=Decimal(0),
    maximum=Decimal(100),
    help=_("Unset, a loss stays a case. Look at what the labour law allows to be deducted before it is set."),
)

ALL: tuple[Parameter[Any], ...] = (
    DEPOSIT_MINIMUM,
    ALLOW_PARTIAL_DEPOSIT,
    DEPOSIT_METHODS,
    DEPOSIT_DOCUMENT,
    DING_CAP,
    ID_REQUIRED,
    UNIQUE_BANK_REF,
    CLOSE_REQUIRES,
    CASH_DUE,
    BAD_DAYS,
    AGEING,
    COLLECTION_BASE,
    RECOVERY_RATE,
)
