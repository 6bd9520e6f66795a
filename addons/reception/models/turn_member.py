"""A consultant's place in a turn queue."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import DutyState
from app.sdk.models import CompanyModel, Employee, choice, many_to_one, reference


class TurnMember(CompanyModel):
    """One consultant in one queue, and whether visitors can be taken at present."""

    __tablename__ = "reception_turn_member"
    __table_args__ = (UniqueConstraint("company_id", "queue_id", "employee_id"),)
    __title__ = "position"

    queue_id: Mapped[int] = reference("reception_turn_queue", index=False)  # The unique key serves as its index.
    employee_id: Mapped[int] = reference("companies_employee")
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[DutyState] = choice(DutyState, DutyState.ON_DUTY)
    is_active: Mapped[bool] = mapped_column(default=True)

    employee: Mapped[Employee] = many_to_one("TurnMember.employee_id", "Employee.id")

    def __str__(self) -> str:
        return str(self.employee)

    @property
    def is_on_duty(self) -> bool:
        """Whether visitors can be given to this consultant now."""
        return self.is_active and self.state is DutyState.ON_DUTY
