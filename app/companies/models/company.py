"""A company: one sales policy and one customer base, walled off from the others."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model


class Company(Model):
    """A tenant. Every business row belongs to exactly one."""

    __tablename__ = "companies_company"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    mark: Mapped[str] = mapped_column(String(2))  # The letters on the badge in the switcher.
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    locale: Mapped[str] = mapped_column(String(10), default="zh")
    active: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.name
