"""What shipped goods cost: cost of sales, and goods that were shipped and not invoiced yet (S:ORD-16)."""

from collections.abc import Iterable, Mapping
from typing import Any

from addons.orders.choices import BusinessType
from addons.orders.models import Order
from addons.orders.queries import costs_of
from addons.orders.reports.execution import orders_of
from addons.orders.reports.orders import CUSTOMER, PERIOD, SALESPERSON
from app.sdk.i18n import _
from app.sdk.reports import Report, ReportArguments, ReportColumn, ReportFilter


def _costs(arguments: ReportArguments) -> Iterable[Mapping[str, Any]]:
    statement, wanted = orders_of(arguments, by="ordered"), arguments["business_type"]
    if wanted is not None:
        statement = statement.where(Order.business_type == wanted)
    for order, cost in costs_of(statement):
        yield {
            "number": order.number,
            "doc_date": order.doc_date,
            "customer": order.partner_name,
            "business_type": order.business_type,
            "product": cost.line.description,
            "ordered": cost.line.quantity,
            "shipped": cost.line.shipped,
            "in_cost": cost.in_cost,
            "in_shipped_goods": cost.in_shipped_goods,
            "unit_cost": cost.unit_cost,
            "cost": cost.worth(cost.in_cost),
            "shipped_goods": cost.worth(cost.in_shipped_goods),
            "order_id": order.id,
        }


SHIPPED_GOODS = Report(
    "orders.shipped_goods",
    _("Cost of shipped goods"),
    Order,
    None,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("doc_date", _("Date"), "date"),
        ReportColumn("customer", width=18),
        ReportColumn("business_type", kind="choice"),
        ReportColumn("product", width=18),
        ReportColumn("ordered", kind="quantity"),
        ReportColumn("shipped", kind="quantity"),
        ReportColumn("in_cost", _("Quantity in cost"), "quantity"),
        ReportColumn("in_shipped_goods", _("Quantity in shipped goods"), "quantity"),
        ReportColumn("unit_cost", _("Unit cost"), "quantity"),
        ReportColumn("cost", _("Cost of sales"), "money", total=True),
        ReportColumn("shipped_goods", _("Shipped goods"), "money", total=True),
    ),
    filters=(
        PERIOD,
        CUSTOMER,
        SALESPERSON,
        ReportFilter("business_type", _("Business type"), "choice", choices=BusinessType),
    ),
    opens="order_id",
    rows=_costs,
)
