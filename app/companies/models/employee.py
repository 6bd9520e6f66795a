"""An employee: a person who works here, with a log-in or without."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel


class Employee(CompanyModel):
    """Somebody employed from `hired_on` to `left_on`, both days included."""

    __tablename__ = "companies_employee"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        UniqueConstraint("company_id", "user_id"),
        CheckConstraint("left_on >= hired_on", name="left_on"),
    )
    __search__ = ("number", "name")

    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    hired_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]

    user: Mapped[User | None] = relationship(User, foreign_keys=[user_id])

    def __str__(self) -> str:
        return self.name

    def works_on(self, day: dt.date) -> bool:
        """Tell whether this person is employed on that day."""
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)
