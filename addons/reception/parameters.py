"""Policy values of reception. A value that both specifications name is one parameter."""

from typing import Any

from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.parameters import Parameter

ANONYMOUS_ALLOWED = Parameter(
    "reception.anonymous_allowed",
    str,
    _("Visitors who give no phone number"),
    requirement="P:REC-02",
    default="with_reason",
    choices=("with_reason", "no"),
    help=_("“With reason”: recorded once the visitor's refusal is noted; “No”: every visitor must give a number."),
)

REQUIRED = Parameter(
    "reception.required",
    list[str],
    _("Required in a customer's file"),
    requirement="S:REC-01 P:CRM-12",
    spec_aliases=("S:rec.required", "P:customer_required"),
    default=["name", "phone"],
    choices=(
        *("name", "phone", "mail", "wechat", "id_no", "tax_no", "address", "nature_id", "industry_id", "region_id"),
        *("intent", "budget", "legal_representative", "decision_maker", "business_scope", "buying_power"),
        *("cooperation_need", "potential", "preferences", "feedback", "remark"),
    ),
)

INQUIRY_REQUIRED = Parameter(
    "reception.inquiry_required",
    list[str],
    _("Required in the phone-in and walk-in register"),
    requirement="S:REC-23",
    spec_aliases=("S:rec.inquiry_required",),
    default=["channel", "received_at", "visitor_name", "phone", "need", "source_id", "owner_id"],
    choices=("channel", "received_at", "visitor_name", "phone", "need", "source_id", "owner_id", "note"),
)

PROSPECT_SUBMIT_DAYS = Parameter(
    "reception.prospect_submit_days",
    int,
    _("Days until a prospect is handed to the supervisor"),
    unit=_("days"),
    requirement="P:CRM-01",
    default=0,
    minimum=0,
    maximum=365,
    help=_("0: on the day it was received."),
)

FILE_SUBMIT_HOURS = Parameter(
    "reception.file_submit_hours",
    int,
    _("Hours until a customer file is handed to the supervisor"),
    unit=_("hours"),
    requirement="P:CRM-05",
    default=4,
    minimum=0,
    maximum=24 * 365,
)

OWNER_PROTECT_DAYS = Parameter(
    "reception.owner_protect_days",
    int,
    _("Days a customer stays with the consultant after the last contact"),
    unit=_("days"),
    requirement="P:CRM-21",
    default=30,
    minimum=0,
    maximum=3650,
)

GRANT_DAYS = Parameter(
    "reception.grant_days",
    int,
    _("Days for which a colleague may follow a customer"),
    unit=_("days"),
    requirement="S:REC-18",
    spec_aliases=("S:rec.grant_days",),
    default=30,
    minimum=1,
    maximum=365,
    help=_("The longest grant, and how long one lasts where no day is named."),
)

PROSPECT_CONFIRM_ROLE = Parameter(
    "reception.prospect_confirm_role",
    str,
    _("Who confirms prospects"),
    requirement="P:CRM-03",
    default="reception_marketing_supervisor",
    choices=("reception_marketing_supervisor", "reception_supervisor", "reception_manager"),
    help=_("The name of the role; its holders alone confirm and reject registered prospects."),
)

TURN_MODE = Parameter(
    "reception.turn_mode",
    str,
    _("How visitors are given to consultants"),
    requirement="P:REC-06",
    default="round_robin",
    choices=("round_robin", "manual"),
    help=_("“Round robin”: in turn, skipping who rests or is on leave; “Manual”: the front desk chooses."),
)

MASK_FIELDS = Parameter(
    "reception.mask_fields",
    list[str],
    _("Fields shown masked to others than the owner"),
    requirement="P:CRM-20 S:REC-38",
    spec_aliases=("S:rec.mask_phone",),
    default=["phone", "id_no", "address"],
    choices=("phone", "id_no", "address"),
)

CONSENT_NOTICE = Parameter(
    "reception.consent_notice",
    bool,
    _("Purpose notice before a file is handed in"),
    requirement="P:CRM-22",
    default=True,
    help=_("The customer is told what the data is for; an identity number also needs a consent of its own."),
)

IDLE_ERASE_MONTHS = Parameter(
    "reception.idle_erase_months",
    int,
    _("Months without contact after which a prospect's data is due for erasure"),
    unit=_("months"),
    requirement="P:CRM-22",
    default=36,
    minimum=1,
    maximum=240,
)

REGISTER_HOURS = Parameter(
    "reception.register_hours",
    int,
    _("Hours until a file that was handed in is registered"),
    unit=_("hours"),
    requirement="P:CRM-06",
    default=4,
    minimum=0,
    maximum=24 * 365,
)

FIRST_CONTACT_HOURS = Parameter(
    "reception.first_contact_hours",
    int,
    _("Hours until the first follow-up"),
    unit=_("hours"),
    requirement="P:CRM-11",
    default=24,
    minimum=1,
    maximum=24 * 365,
)


def _followup_days(level: str, label: Text, default: int) -> Parameter[int]:
    return Parameter(
        f"reception.followup_days_{level.lower()}",
        int,
        label,
        unit=_("days"),
        requirement="P:CRM-11",
        spec_aliases=(f"P:followup_days.{level.lower()}",),
        default=default,
        minimum=1,
        maximum=3650,
        help=_("The level is the customer's grade; without one, the intent to buy."),
    )


FOLLOWUP_DAYS = {
    "A": _followup_days("A", _("Days between contacts with a customer of level A"), 3),
    "B": _followup_days("B", _("Days between contacts with a customer of level B"), 7),
    "C": _followup_days("C", _("Days between contacts with a customer of level C"), 15),
}

FOLLOWUP_MIN_CHARS = Parameter(
    "reception.followup_min_chars",
    int,
    _("Characters that the note of a follow-up needs"),
    requirement="S:REC-19",
    spec_aliases=("S:rec.followup_min_chars",),
    default=10,
    minimum=1,
    maximum=400,
)

FILE_REVIEW_DAYS = Parameter(
    "reception.file_review_days",
    int,
    _("Days until a customer's file is to be reviewed"),
    unit=_("days"),
    requirement="P:CRM-13",
    default=90,
    minimum=1,
    maximum=3650,
)

STALE_DAYS = Parameter(
    "reception.stale_days",
    int,
    _("Days without a change after which a customer's file is stale"),
    unit=_("days"),
    requirement="S:REC-13",
    spec_aliases=("S:rec.stale_days",),
    default=180,
    minimum=1,
    maximum=3650,
)

CATEGORY_CODE_LEN = Parameter(
    "reception.category_code_len",
    int,
    _("Digits of a category's code on each level"),
    requirement="S:REC-07",
    spec_aliases=("S:rec.category_code_len",),
    default=3,
    minimum=1,
    maximum=8,
)

ABC_WEIGHTS = Parameter(
    "reception.abc_weights",
    list[str],
    _("Weights of volume, frequency, potential and loyalty in a customer's grade"),
    requirement="S:REC-08",
    spec_aliases=("S:rec.abc_weights",),
    default=["40", "30", "20", "10"],
    help=_("Four whole numbers, one per line, 100 together."),
)

ABC_CUT = Parameter(
    "reception.abc_cut",
    list[str],
    _("Scores from which a customer is graded A and B"),
    requirement="S:REC-08",
    spec_aliases=("S:rec.abc_cut",),
    default=["80", "50"],
    help=_("Two whole numbers, one per line; below the second the grade is C."),
)

ENTRY_AUDIT = Parameter(
    "reception.audit",
    bool,
    _("The manager audits customers' entries"),
    requirement="S:REC-10",
    spec_aliases=("S:rec.audit",),
    default=True,
    help=_("A file that was handed in is verified, or returned to the consultant with a reason."),
)

POOL_ENABLED = Parameter(
    "reception.pool_enabled",
    bool,
    _("Customers may be claimed from the public pool"),
    requirement="S:REC-03",
    spec_aliases=("S:rec.pool_enabled",),
    default=True,
    help=_("Has an effect where an add-on keeps a public pool."),
)

SMS_DAILY = Parameter(
    "reception.sms_daily",
    int,
    _("Text messages that one user may send to customers a day"),
    unit=_("messages"),
    requirement="S:REC-22",
    spec_aliases=("S:rec.sms_daily",),
    default=200,
    minimum=0,
    maximum=100_000,
)

ALL: tuple[Parameter[Any], ...] = (
    ANONYMOUS_ALLOWED,
    REQUIRED,
    INQUIRY_REQUIRED,
    PROSPECT_SUBMIT_DAYS,
    FILE_SUBMIT_HOURS,
    OWNER_PROTECT_DAYS,
    GRANT_DAYS,
    PROSPECT_CONFIRM_ROLE,
    TURN_MODE,
    MASK_FIELDS,
    CONSENT_NOTICE,
    IDLE_ERASE_MONTHS,
    REGISTER_HOURS,
    FIRST_CONTACT_HOURS,
    *FOLLOWUP_DAYS.values(),
    FOLLOWUP_MIN_CHARS,
    FILE_REVIEW_DAYS,
    STALE_DAYS,
    CATEGORY_CODE_LEN,
    ABC_WEIGHTS,
    ABC_CUT,
    ENTRY_AUDIT,
    POOL_ENABLED,
    SMS_DAILY,
)
