"""Reports of visits."""

from addons.visits.models import Visit
from app.sdk.i18n import _
from app.sdk.reports import Report, ReportColumn, func, select

VISITS_PER_DAY = Report(
    "visits.per_day",
    _("Visits per day"),
    Visit,
    select(Visit.visited_on, Visit.state, func.count().label("visits")).group_by(Visit.visited_on, Visit.state),
    columns=(
        ReportColumn("visited_on", kind="date"),
        ReportColumn("state", kind="choice"),
        ReportColumn("visits", kind="integer", total=True),
    ),
    order=("visited_on",),
)
