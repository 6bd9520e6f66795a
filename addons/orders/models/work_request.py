"""What a department is asked to do for an order."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import RequestState
from addons.orders.models.order import Order
from addons.orders.models.order_line import OrderLine
from app.sdk.models import CompanyModel, OrgUnit, Owned, Quantity, choice, many_to_one, reference


class WorkRequest(Owned, CompanyModel):
    """One line of a released order and the unit that works on it; `org_unit` is that unit (S:ORD-07)."""

    __tablename__ = "orders_work_request"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
    __title__ = "task"
    __quotes__ = ("note",)

    order_id: Mapped[int] = reference("orders_order")
    line_id: Mapped[int | None] = reference("orders_order_line", nullable=True)  # Blank once the line is gone.
    unit_id: Mapped[int] = reference("companies_org_unit")
    task: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    needed_on: Mapped[dt.date]
    expected_on: Mapped[dt.date | None]  # What the department promises: the date of replenishment (S:ORD-06).
    note: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[RequestState] = choice(RequestState, RequestState.OPEN)

    order: Mapped[Order] = many_to_one("WorkRequest.order_id", "addons.orders.models.order.Order.id")
    line: Mapped[OrderLine | None] = many_to_one("WorkRequest.line_id", "addons.orders.models.order_line.OrderLine.id")
    unit: Mapped[OrgUnit] = many_to_one("WorkRequest.unit_id", "OrgUnit.id")
