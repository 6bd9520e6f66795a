"""Policy values of reception. A value that both specifications name is one parameter."""

from app.sdk.i18n import _
from app.sdk.parameters import Parameter

ANONYMOUS_ALLOWED = Parameter(
    "reception.anonymous_allowed",
    str,
    _("Visitors who give no phone number"),
    requirement="P:REC-02",
    default="with_reason",
    choices=("with_reason", "no"),
    help=_("with_reason: recorded once the visitor's refusal is noted; no: every visitor must give a number."),
)

REQUIRED = Parameter(
    "reception.required",
    list[str],
    _("Required in a customer's file"),
    requirement="S:REC-01 P:CRM-12",
    default=["name", "phone"],
    help=_("Names of fields, one per line: name, phone, address, decision_maker …"),
)

INQUIRY_REQUIRED = Parameter(
    "reception.inquiry_required",
    list[str],
    _("Required in the phone-in and walk-in register"),
    requirement="S:REC-23",
    default=["channel", "received_at", "visitor_name", "phone", "need", "source_id", "owner_id"],
    help=_("Names of fields, one per line."),
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
    help=_("round_robin: in turn, skipping who rests or is on leave; manual: the front desk chooses."),
)

MASK_FIELDS = Parameter(
    "reception.mask_fields",
    list[str],
    _("Fields shown masked to others than the owner"),
    requirement="P:CRM-20 S:REC-38",
    default=["phone", "id_no", "address"],
    help=_("Names of fields, one per line."),
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

ALL = (
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
)
