"""Table of parameter values."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel


class ParameterValue(CompanyModel):
    """The value of one parameter in one company from one day on, until the next one begins."""

    __tablename__ = "parameters_value"
    __table_args__ = (UniqueConstraint("company_id", "key", "valid_from"),)

    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)  # A Decimal is kept as text, so that it stays exact.
    valid_from: Mapped[dt.date]
