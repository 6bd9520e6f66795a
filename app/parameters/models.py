"""Tables of parameter values, and of the rule sets that they stand in."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import OrgUnit
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class ParameterValue(CompanyModel):
    """The value of one parameter in one company from one day on, until the next one begins."""

    __tablename__ = "parameters_value"
    __table_args__ = (UniqueConstraint("company_id", "key", "valid_from"),)

    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)  # A Decimal is kept as text, so that it stays exact.
    valid_from: Mapped[dt.date]


class RuleSet(CompanyModel):
    """One edition of a company's rule set: in force from a day on, until the next edition of the same code begins.

    `code` is what rules ask for: the name of the add-on whose conduct it governs, such as data_quality.
    """

    __tablename__ = "parameters_rule_set"
    __title__ = "title"
    __table_args__ = (UniqueConstraint("company_id", "code", "effective_from"),)

    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    edition: Mapped[str] = mapped_column(String(20))
    effective_from: Mapped[dt.date]
    interpreted_by_id: Mapped[int] = reference("companies_org_unit")

    interpreted_by: Mapped[OrgUnit] = many_to_one("RuleSet.interpreted_by_id", "OrgUnit.id")

    def __str__(self) -> str:
        return f"{self.title} {self.edition}"
