"""A turn that was taken."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.models.reception import Reception
from addons.reception.models.turn_queue import TurnQueue
from app.sdk.models import CompanyModel, Employee, UtcDateTime, many_to_one, reference


class Turn(CompanyModel):
    """Who took which visitor when; one taken out of turn does not move the queue on."""

    __tablename__ = "reception_turn"

    queue_id: Mapped[int] = reference("reception_turn_queue")
    employee_id: Mapped[int] = reference("companies_employee")
    reception_id: Mapped[int] = reference("reception_reception")
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    in_turn: Mapped[bool] = mapped_column(default=True)

    queue: Mapped[TurnQueue] = many_to_one("Turn.queue_id", "TurnQueue.id")
    employee: Mapped[Employee] = many_to_one("Turn.employee_id", "Employee.id")
    reception: Mapped[Reception] = many_to_one("Turn.reception_id", "Reception.id")
