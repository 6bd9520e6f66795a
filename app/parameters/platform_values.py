"""Policy values of the platform itself."""

from flask import current_app, has_app_context

from app.database.context import active_company
from app.errors import Text
from app.i18n import _
from app.parameters.parameter import Parameter
from app.security.own_roles import roles_to_give

GOOD_ROWS = "good_rows"
IMPORT_MAX_ROWS = Parameter(
    "core.import_max_rows",
    int,
    _("Rows of one import file"),
    unit=_("rows"),
    requirement="S:CORE-13",
    default=5_000,
    help=_("A file with more rows is refused before it is read."),
    minimum=1,
    maximum=200_000,
)

IMPORT_MODE = Parameter(
    "core.import_mode",
    str,
    _("What an import saves when some rows are wrong"),
    requirement="S:CORE-13",
    default="all_or_nothing",
    help=_("“All or nothing”: no row; “Good rows”: the rows that are in order."),
    choices=("all_or_nothing", GOOD_ROWS),
)

EMPLOYEE_NUMBER, PINYIN = "employee_no", "pinyin"
USERNAME_RULE = Parameter(
    "core.username_rule",
    str,
    _("User name of a new user"),
    requirement="S:CORE-01",
    default=EMPLOYEE_NUMBER,
    help=_("“Employee no”: the employee number; “Pinyin”: the initials of the name. One that is taken gets a number."),
    choices=(EMPLOYEE_NUMBER, PINYIN),
)
INVITATION_DAYS = Parameter(
    "core.invitation_days",
    int,
    _("How long an invitation holds"),
    unit=_("days"),
    requirement="S:CORE-02",
    default=7,
    help=_("Afterwards its link opens nothing, and the user is invited again."),
    minimum=1,
    maximum=60,
)

ADMINS_PER_UNIT = Parameter(
    "core.admins_per_unit",
    int,
    _("Administrators of the company, and of each unit"),
    requirement="S:CORE-06",
    default=1,
    help=_("One more is admitted all the same, with a warning."),
    minimum=1,
    maximum=100,
)
READ_RECEIPT = Parameter(
    "core.read_receipt", bool, _("Show who has read an announcement"), requirement="S:CORE-12", default=True
)

BACKUP_AT = Parameter(
    "core.backup_at",
    str,
    _("Time of the nightly backup"),
    requirement="S:CORE-16",
    default="02:00",
    help=_("On the clock of the company. The value of the company that was opened first holds for all."),
    pattern=r"([01]\d|2[0-3]):[0-5]\d",
)
BACKUP_KEEP = Parameter(
    "core.backup_keep",
    int,
    _("Backups that are kept"),
    unit=_("backups"),
    requirement="S:CORE-16",
    default=30,
    help=_("Older ones are deleted after each nightly backup. The value of the company opened first holds for all."),
    minimum=1,
    maximum=1_000,
)

HARD_DELETE = Parameter(
    "core.hard_delete",
    str,
    _("Deleting master data"),
    requirement="S:REC-14",
    spec_aliases=("S:rec.hard_delete",),
    default="unreferenced",
    choices=("unreferenced", "never"),
    help=_("“Unreferenced”: what nothing points at may be deleted; “Never”: everything is archived."),
)

DUPLICATE_KEYS = Parameter(
    "core.dup_keys",
    list[str],
    _("What tells that two partners are perhaps one"),
    requirement="S:REC-16",
    spec_aliases=("S:rec.dup_keys",),
    default=["phone", "tax_no", "name"],
    choices=("phone", "tax_no", "name"),
    help=_("The list of duplicates compares by these."),
)

CLEAN_PROTECT = Parameter(
    "core.clean_protect",
    str,
    _("What data cleaning never deletes"),
    requirement="S:CORE-15",
    default="confirmed",
    choices=("confirmed", "started"),
    help=_(
        "“Confirmed”: what was ever confirmed, audited or numbered; “Started”: whatever has left its first state, "
        "such as a draft that was called off. What other records point at stays in any case."
    ),
)

CLEAN_KEEP_DAYS = Parameter(
    "core.clean_keep_days",
    int,
    _("How long cleaned data can be put back"),
    unit=_("days"),
    requirement="S:CORE-15",
    default=90,
    help=_("Then the archive, which holds personal data, is removed for good."),
    minimum=1,
    maximum=3_650,
)

_KNOWN_ONLINE: dict[str, Text] = {
    "sms": _("Text messages (SMS)"),
    "wechat": _("WeChat"),
    "ocr": _("Text recognition (OCR)"),
    "wecom": _("WeCom"),
    "dingtalk": _("DingTalk"),
    "feishu": _("Feishu"),
}


def _online_features() -> dict[str, Text]:
    """Return the functions that the rule books name, and those of the installed add-ons, each with its words."""
    declared = current_app.extensions["online_features"].values() if has_app_context() else ()
    return {**_KNOWN_ONLINE, **{one.name: one.title for one in declared}}


ONLINE_FEATURES = Parameter(
    "core.online_features",
    list[str],
    _("Functions that may use the internet"),
    requirement="S:CORE-20",
    default=[*_KNOWN_ONLINE],
    help=_("What one that is off is asked waits until it is on."),
    choices=_online_features,
)

OFF, RIGHTS = "off", "rights"
SECOND_FACTOR = Parameter(
    "security.second_factor",
    str,
    _("Who needs a second factor"),
    requirement="S:CORE-03",
    default=RIGHTS,
    help=_(
        "“Rights”: whoever gives rights, decides policy values, or holds a role that handles money; “All”: everybody; "
        "“Off”: nobody. Whoever has one is asked for it in any case."
    ),
    choices=(OFF, RIGHTS, "all"),
)

SECOND_FACTOR_GRACE_DAYS = Parameter(
    "security.second_factor_grace_days",
    int,
    _("Time to set up the second factor"),
    unit=_("days"),
    requirement="S:CORE-03",
    default=14,
    help=_("From the day that it is first wanted of somebody. Then he can do nothing else before."),
    minimum=0,
    maximum=90,
)

DASHBOARD_ROLES = Parameter(
    "core.dashboard_roles",
    list[str],
    _("Roles that monitor all documents"),
    requirement="P:COR-04",
    default=[],
    choices=lambda: roles_to_give(active_company()),
    help=_("None chosen: whoever has the right to the page."),
)

ON_IN_TRIAL = "on_in_trial"
DUAL_TRACK = Parameter(
    "core.dual_track",
    str,
    _("Compare reports with those made by hand"),
    requirement="S:CORE-23",
    default=ON_IN_TRIAL,
    choices=(ON_IN_TRIAL, "on", "off"),
    help=_("“On in trial”: while the company is on trial; “On”: always; “Off”: never."),
)
IN_TRIAL = Parameter(
    "core.in_trial",
    bool,
    _("The company is on trial"),
    requirement="S:CORE-23",
    default=False,
    help=_("Its reports are still made by hand as well. Set it to no from the day on which the trial ends."),
)

ESCALATE_HOURS = Parameter(
    "core.escalate_hours",
    int,
    _("A major issue reaches the leader within"),
    unit=_("hours"),
    requirement="P:COR-06",
    default=24,
    help=_("Hours of the clock after it was noticed, nights and holidays included."),
    minimum=1,
    maximum=720,
)

NDA_REQUIRED = Parameter(
    "core.nda_required",
    bool,
    _("Confidentiality agreement"),
    requirement="S:CORE-18",
    default=True,
    help=_(
        "Staff sign the version in force before they work here, and personal data goes outside only under the "
        "recipient's agreement. As long as no version is written, nobody is asked to sign."
    ),
)

VIEWING_MINUTES = Parameter(
    "security.viewing_minutes",
    int,
    _("How long an administrator may see the screens as another user"),
    unit=_("minutes"),
    requirement="S:CORE-05",
    default=30,
    help=_("Then it ends by itself, and he sees his own again."),
    minimum=1,
    maximum=240,
)

PER_ROLE = "per_role"
WIDGETS = Parameter(
    "core.widgets",
    str,
    _("Figures on the home page"),
    requirement="S:CORE-19",
    default=PER_ROLE,
    help=_("“Per role”: those that a role of the user shows; “All”: every one that he has the right to."),
    choices=(PER_ROLE, "all"),
)

DELEGATION = Parameter(
    "core.delegation",
    bool,
    _("Deputies sign for the absent"),
    requirement="P:COR-07",
    default=True,
    help=_("Off: what waits for somebody is signed by nobody else, whoever was named as deputy."),
)

OPINION_REQUIRED = Parameter(
    "core.opinion_required",
    bool,
    _("An approval needs a written opinion"),
    requirement="P:COR-02",
    default=True,
    help=_("Off: whoever agrees may leave the opinion blank; whoever refuses says why all the same."),
)

CHANGE_HOURS = Parameter(
    "core.change_hours",
    int,
    _("A change request is decided within"),
    unit=_("hours"),
    requirement="S:CORE-10",
    default=24,
    help=_("Hours of the clock after it was submitted; a later decision stands on the report of overdue steps."),
    minimum=1,
    maximum=720,
)

LOCK_ON_CONFIRM = Parameter(
    "core.lock_on_confirm",
    bool,
    _("Confirmed data changes only by an approved request"),
    requirement="S:CORE-10",
    default=True,
    help=_("Off: whoever has the right changes it directly, as far as the document's own rules let him."),
)

PLATFORM_PARAMETERS = (
    ADMINS_PER_UNIT,
    BACKUP_AT,
    BACKUP_KEEP,
    CHANGE_HOURS,
    DASHBOARD_ROLES,
    DELEGATION,
    DUAL_TRACK,
    CLEAN_KEEP_DAYS,
    CLEAN_PROTECT,
    DUPLICATE_KEYS,
    ESCALATE_HOURS,
    HARD_DELETE,
    IMPORT_MAX_ROWS,
    IMPORT_MODE,
    IN_TRIAL,
    INVITATION_DAYS,
    LOCK_ON_CONFIRM,
    NDA_REQUIRED,
    ONLINE_FEATURES,
    OPINION_REQUIRED,
    READ_RECEIPT,
    SECOND_FACTOR,
    SECOND_FACTOR_GRACE_DAYS,
    USERNAME_RULE,
    VIEWING_MINUTES,
    WIDGETS,
)
