"""A position: a seat in a unit that people are assigned to."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models.org_unit import OrgUnit
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class Position(CompanyModel):
    """A titled seat, filled or not (P:COR-05)."""

    __tablename__ = "companies_position"

    org_unit_id: Mapped[int] = reference("companies_org_unit")
    title: Mapped[str] = mapped_column(String(80))

    org_unit: Mapped[OrgUnit] = many_to_one("Position.org_unit_id", "OrgUnit.id")

    def __str__(self) -> str:
        return self.title
