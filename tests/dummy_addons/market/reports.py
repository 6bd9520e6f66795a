"""Reports of orders."""

from addons.market.models import Order
from app.sdk.i18n import _
from app.sdk.reports import Report, ReportArguments, ReportColumn, ReportFilter, Statement, func, select


def _sums(arguments: ReportArguments) -> Statement:
    given = select(Order.number, (Order.discount * 2).label("twice"), Order.note, Order.boxes).subquery()
    statement = (
        select(given.c.number, func.max(given.c.twice).label("most"), given.c.note, given.c.boxes)
        .join(Order, Order.number == given.c.number)
        .group_by(given.c.number, given.c.note, given.c.boxes)
    )
    if arguments["over"] is not None:
        statement = statement.where(Order.discount > arguments["over"])
    return statement


SUMS = Report(
    "market.sums",
    _("Orders in sums"),
    Order,
    _sums,
    columns=(
        ReportColumn("number"),
        ReportColumn("most", kind="money", total=True),
        ReportColumn("note"),
        ReportColumn("boxes", kind="integer"),
    ),
    filters=(ReportFilter("over", kind="money"),),
    order=("-most",),
)
