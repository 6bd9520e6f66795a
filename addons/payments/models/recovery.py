"""A case of goods money that was lost, and what whoever answers for it pays back (货款赔偿)."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import RecoveryState
from app.sdk.models import CompanyModel, Employee, Money, Owned, Quantity, choice, many_to_one, reference


class Recovery(Owned, CompanyModel):
    """A case only, as long as the company has not decided at which rate (S:PAY-11)."""

    __tablename__ = "payments_recovery"
    __table_args__ = (CheckConstraint("loss > 0", name="loss"),)
    __title__ = "what_happened"

    state: Mapped[RecoveryState] = choice(RecoveryState, RecoveryState.OPEN)
    employee_id: Mapped[int] = reference("companies_employee")
    happened_on: Mapped[dt.date]
    loss: Mapped[Decimal] = mapped_column(Money)
    what_happened: Mapped[str] = mapped_column(String(400))
    rate: Mapped[Decimal | None] = mapped_column(Quantity)  # Per cent of the loss, as decided on that day.
    claim: Mapped[Decimal | None] = mapped_column(Money)

    employee: Mapped[Employee] = many_to_one("Recovery.employee_id", "Employee.id")
