"""Policy values of the platform itself."""

from app.i18n import _
from app.parameters.parameter import Parameter

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

PLATFORM_PARAMETERS = (IMPORT_MAX_ROWS,)
