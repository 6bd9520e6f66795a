"""Who answered for a partner before, and why that changed (S:REC-17)."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import Employee
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, many_to_one, reference
from app.masterdata.models.partner import Partner


class OwnershipChange(CompanyModel):
    """A partner passed from one owner to another; never changed."""

    __tablename__ = "masterdata_ownership_change"
    __personal__ = ("custom",)
    __quotes__ = ("reason",)

    partner_id: Mapped[int] = reference("masterdata_partner")
    former_owner_id: Mapped[int | None] = reference("companies_employee", nullable=True)
    owner_id: Mapped[int] = reference("companies_employee")
    reason: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    partner: Mapped[Partner] = many_to_one("OwnershipChange.partner_id", "Partner.id")
    former_owner: Mapped[Employee | None] = many_to_one("OwnershipChange.former_owner_id", "Employee.id")
    owner: Mapped[Employee] = many_to_one("OwnershipChange.owner_id", "Employee.id")

    def __str__(self) -> str:
        return f"{self.former_owner or '–'} → {self.owner}"
