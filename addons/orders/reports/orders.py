"""Sales orders line by line, with what was paid and is due."""

from addons.orders.choices import OrderState
from addons.orders.models import Order, OrderLine
from addons.orders.queries import ORDER, RESERVATION
from addons.orders.reports.money import due_for, paid_for
from app.sdk.i18n import _
from app.sdk.masterdata import Partner, Product
from app.sdk.models import Employee
from app.sdk.reports import (
    Period,
    Report,
    ReportArguments,
    ReportColumn,
    ReportFilter,
    Statement,
    aliased,
    case,
    func,
    select,
    this_month,
)

PERIOD = ReportFilter("period", _("Period"), "period", default=this_month, longest=366)
SALESPERSON = ReportFilter("owner", _("Salesperson"), "record", model=Employee)
CUSTOMER = ReportFilter("customer", _("Customer"), "record", model=Partner)
STATE = ReportFilter("state", _("State"), "choice", choices=OrderState)


def _orders(arguments: ReportArguments) -> Statement:
    sources = ((ORDER, Order.id), (RESERVATION, Order.reservation_id))
    other = aliased(OrderLine)
    first = select(func.min(other.id)).where(other.order_id == Order.id).correlate(Order).scalar_subquery()
    leads = OrderLine.id == first  # What is paid is paid for the order: said once, so that the totals are right.
    statement = (
        select(
            Order.number,
            Order.doc_date,
            Order.partner_name.label("customer"),
            Product.name.label("product"),
            OrderLine.quantity,
            OrderLine.unit_price.label("price"),
            OrderLine.gross,
            Order.state,
            case((leads, paid_for(Order, *sources))).label("paid"),
            case((leads, due_for(Order, *sources))).label("due"),
            Employee.name.label("salesperson"),
            Order.id.label("order_id"),
            Order.owner_id,
        )
        .select_from(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Product, Product.id == OrderLine.product_id)
        .outerjoin(Employee, Employee.id == Order.owner_id)
        .order_by(Order.doc_date, Order.id, OrderLine.id)
    )
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(Order.doc_date.between(period.start, period.end))
    for name, column in (("owner", Order.owner_id), ("customer", Order.partner_id), ("state", Order.state)):
        if arguments[name] is not None:
            statement = statement.where(column == arguments[name])
    return statement


SALES_ORDERS = Report(  # S:R-28, S:ORD-14
    "orders.sales_orders",
    _("Sales orders line by line"),
    Order,
    _orders,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("doc_date", _("Date"), "date"),
        ReportColumn("customer", width=20),
        ReportColumn("product", width=20),
        ReportColumn("quantity", kind="quantity"),
        ReportColumn("price", kind="quantity"),
        ReportColumn("gross", _("Amount"), "money", total=True),
        ReportColumn("state", kind="choice"),
        ReportColumn("paid", kind="money", total=True),
        ReportColumn("due", _("Still due"), kind="money", total=True),
        ReportColumn("salesperson", width=10),
    ),
    filters=(PERIOD, CUSTOMER, STATE, SALESPERSON),
    opens="order_id",
)
