"""An assignment: who fills which position under whom, when."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models.employee import Employee
from app.companies.models.position import Position
from app.database.base import CompanyModel
from app.database.columns import Quantity, many_to_one, reference


class Assignment(CompanyModel):
    """`employee` fills `share` of `position`, reporting to `superior`; both days included (P:COR-05)."""

    __tablename__ = "companies_assignment"
    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 1000000", name="share"),
        CheckConstraint("valid_to >= valid_from", name="valid_to"),
        CheckConstraint("superior_id <> employee_id", name="superior"),
    )

    employee_id: Mapped[int] = reference("companies_employee")
    position_id: Mapped[int] = reference("companies_position")
    superior_id: Mapped[int | None] = reference("companies_employee")
    share: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(1))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]

    employee: Mapped[Employee] = many_to_one("Assignment.employee_id", "Employee.id")
    position: Mapped[Position] = many_to_one("Assignment.position_id", "Position.id")
    superior: Mapped[Employee | None] = many_to_one("Assignment.superior_id", "Employee.id")
