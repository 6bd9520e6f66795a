"""Policy values of attached files."""

from app.documents.file_types import FILE_TYPES
from app.i18n import _
from app.parameters.parameter import Parameter

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
    choices=lambda: {extension: extension for extension in FILE_TYPES},
    help=_("None chosen: all that can be recognised."),
)

DOCUMENT_PARAMETERS = (ATTACHMENT_MAX_MEGABYTES, ATTACHMENT_TYPES)
