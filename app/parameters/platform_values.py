"""Policy values of the platform itself."""

from app.i18n import _
from app.parameters.parameter import Parameter

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
    help=_("all_or_nothing: no row; good_rows: the rows that are in order."),
    choices=("all_or_nothing", GOOD_ROWS),
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

ATTACHMENT_MAX_MEGABYTES = Parameter(
    "core.attachment_max_megabytes",
    int,
    _("Size of one attached file"),
    unit=_("MB"),
    default=20,
    help=_("A larger file is refused. The installation may set a lower limit for all companies."),
    minimum=1,
    maximum=1_000,
)
ATTACHMENT_TYPES = Parameter(
    "core.attachment_types",
    list[str],
    _("Types of files that may be attached"),
    default=[],
    help=_("File extensions such as pdf, jpg and xlsx; empty: all that can be recognised."),
)

HARD_DELETE = Parameter(
    "core.hard_delete",
    str,
    _("Deleting master data"),
    requirement="S:REC-14",
    default="unreferenced",
    choices=("unreferenced", "never"),
    help=_("unreferenced: what nothing points at may be deleted; never: everything is archived."),
)

DUPLICATE_KEYS = Parameter(
    "core.dup_keys",
    list[str],
    _("What tells that two partners are perhaps one"),
    requirement="S:REC-16",
    default=["phone", "tax_no", "name"],
    help=_("One per line: phone, tax_no, name. The list of duplicates compares by these."),
)

OFF, RIGHTS = "off", "rights"
SECOND_FACTOR = Parameter(
    "security.second_factor",
    str,
    _("Who needs a second factor"),
    requirement="S:CORE-03",
    default=RIGHTS,
    help=_(
        "rights: whoever gives rights, decides policy values, or holds a role that handles money; all: everybody; "
        "off: nobody. Whoever has one is asked for it in any case."
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
    help=_("per_role: those that a role of the user shows; all: every one that he has the right to."),
    choices=(PER_ROLE, "all"),
)

PLATFORM_PARAMETERS = (
    ADMINS_PER_UNIT,
    ATTACHMENT_MAX_MEGABYTES,
    ATTACHMENT_TYPES,
    DUPLICATE_KEYS,
    HARD_DELETE,
    IMPORT_MAX_ROWS,
    IMPORT_MODE,
    NDA_REQUIRED,
    READ_RECEIPT,
    SECOND_FACTOR,
    SECOND_FACTOR_GRACE_DAYS,
    VIEWING_MINUTES,
    WIDGETS,
)
