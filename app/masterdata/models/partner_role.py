"""What a partner is to the company, and how far."""

import datetime as dt

from sqlalchemy import Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference
from app.masterdata.choices import PartnerRoleName
from app.masterdata.models.partner import Partner


class PartnerRole(CompanyModel):
    """One role of one partner; `stage` is named by the add-on that leads the role."""

    __tablename__ = "masterdata_partner_role"
    __table_args__ = (UniqueConstraint("company_id", "partner_id", "role"),)

    partner_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    role: Mapped[PartnerRoleName] = choice(PartnerRoleName)
    stage: Mapped[str] = mapped_column(String(40), default="")
    since: Mapped[dt.date] = mapped_column(Date)

    partner: Mapped[Partner] = many_to_one("PartnerRole.partner_id", "Partner.id")

    def __str__(self) -> str:
        return self.role.value
