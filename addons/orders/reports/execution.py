"""How orders were carried out: late or in time, how long they took, what is still open."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from addons.orders.choices import OrderState
from addons.orders.models import Order
from addons.orders.queries import Course, courses_of, mean_days, on_time_share
from addons.orders.reports.orders import CUSTOMER, PERIOD, SALESPERSON
from app.sdk.i18n import _
from app.sdk.models import Employee
from app.sdk.reports import Period, Report, ReportArguments, ReportColumn, ReportFilter, Statement, select, this_month
from app.sdk.security import visible

PROMISED = ReportFilter("period", _("Promised"), "period", default=this_month, longest=366)
_BY = {"promised": Order.promised_on, "ordered": Order.doc_date}
_BOUND = tuple(state for state in OrderState if state not in ("draft", "submitted", "cancelled"))


def orders_of(arguments: ReportArguments, *, by: str) -> Statement:
    """Select each audited order of the period that the actor may see, by promised or by order day, and its seller."""
    statement: Statement = (
        select(Order, Employee.name)
        .outerjoin(Employee, Employee.id == Order.owner_id)
        .where(Order.state.in_(_BOUND))
        .order_by(_BY[by], Order.id)
    )
    within = visible(Order, arguments.actor, verb=arguments.verb)
    if within is not None:
        statement = statement.where(within)
    period: Period | None = arguments["period"]
    if period is not None:
        statement = statement.where(_BY[by].between(period.start, period.end))
    for name, column in (("owner", Order.owner_id), ("customer", Order.partner_id)):
        if arguments.values.get(name) is not None:
            statement = statement.where(column == arguments[name])
    return statement


def _courses(arguments: ReportArguments, *, by: str) -> list[Course]:
    """Return the courses of these orders."""
    return courses_of(orders_of(arguments, by=by), zone=arguments.zone)


def _problem(course: Course, today: dt.date) -> str:
    """Return what is wrong with an order: what is late, what came back, and what was noted of it last."""
    found = []
    if course.late_days(today):
        found.append(str(_("Delivered late") if course.delivered_on else _("Overdue")))
    if course.returned:
        found.append(str(_("Returned")))
    if course.trouble:
        found.append(course.trouble)
    return "、".join(found)


def _execution(arguments: ReportArguments) -> Iterable[Mapping[str, Any]]:
    for course in _courses(arguments, by="promised"):
        order = course.order
        yield {
            "number": order.number,
            "customer": order.partner_name,
            "doc_date": order.doc_date,
            "promised_on": order.promised_on,
            "shipped_on": course.shipped_on,
            "delivered_on": course.delivered_on,
            "late_days": course.late_days(arguments.today),
            "open_quantity": course.open_quantity,
            "problem": _problem(course, arguments.today),
            "state": order.state,
            "salesperson": course.salesperson,
            "order_id": order.id,
        }


ORDER_EXECUTION = Report(  # P:RP-09
    "orders.execution",
    _("Order execution"),
    Order,
    None,
    columns=(
        ReportColumn("number", width=14),
        ReportColumn("customer", width=20),
        ReportColumn("doc_date", _("Date"), "date"),
        ReportColumn("promised_on", _("Promised"), "date"),
        ReportColumn("shipped_on", _("Shipped"), "date"),
        ReportColumn("delivered_on", _("Delivered"), "date"),
        ReportColumn("late_days", kind="integer", total=True),
        ReportColumn("open_quantity", kind="quantity"),
        ReportColumn("problem", width=24),
        ReportColumn("state", kind="choice"),
        ReportColumn("salesperson", width=10),
    ),
    filters=(PROMISED, CUSTOMER, SALESPERSON),
    opens="order_id",
    rows=_execution,
)


def _by_person(courses: Iterable[Course]) -> dict[str, list[Course]]:
    found: dict[str, list[Course]] = {}
    for course in courses:
        found.setdefault(course.salesperson or "", []).append(course)
    return dict(sorted(found.items()))


def _processing(arguments: ReportArguments) -> Iterable[Mapping[str, Any]]:
    for person, courses in _by_person(_courses(arguments, by="ordered")).items():
        days = [course.days_to_ship for course in courses if course.days_to_ship is not None]
        yield {
            "salesperson": person,
            "orders": len(courses),
            "shipped": len(days),
            "days": sum(days),
            "mean_days": mean_days(days),
        }


PROCESSING_TIME = Report(  # S:R-06; the days of each order stand in the report on order execution.
    "orders.processing_time",
    _("Days from order to shipment"),
    Order,
    None,
    columns=(
        ReportColumn("salesperson", width=16),
        ReportColumn("orders", kind="integer", total=True),
        ReportColumn("shipped", kind="integer", total=True),
        ReportColumn("days", _("Days in all"), "integer", total=True),
        ReportColumn("mean_days", _("Mean days"), "quantity"),
    ),
    filters=(PERIOD, SALESPERSON),
    rows=_processing,
)


def _on_time(arguments: ReportArguments) -> Iterable[Mapping[str, Any]]:
    for person, courses in _by_person(_courses(arguments, by="promised")).items():
        due = [course for course in courses if course.order.promised_on <= arguments.today]
        on_time = sum(course.is_on_time for course in due)
        yield {"salesperson": person, "due": len(due), "on_time": on_time, "rate": on_time_share(on_time, len(due))}


ON_TIME = Report(  # S:R-13
    "orders.on_time",
    _("Orders delivered on time"),
    Order,
    None,
    columns=(
        ReportColumn("salesperson", width=16),
        ReportColumn("due", _("Due orders"), "integer", total=True),
        ReportColumn("on_time", kind="integer", total=True),
        ReportColumn("rate", _("On-time rate"), kind="percent"),
    ),
    filters=(PROMISED, SALESPERSON),
    rows=_on_time,
)
