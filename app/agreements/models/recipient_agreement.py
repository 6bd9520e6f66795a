"""A partner's confidentiality agreement with the company."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference

if TYPE_CHECKING:
    from app.masterdata.models import Partner


class RecipientAgreement(CompanyModel):
    """In force from the day it was signed through its last day (None: until further notice); its scan is attached."""

    __tablename__ = "agreements_recipient_agreement"
    __table_args__ = (CheckConstraint("valid_to >= signed_on", name="valid_to"),)
    __personal__ = ("signatory", "custom")
    __title__ = "signatory"

    partner_id: Mapped[int] = reference("masterdata_partner")
    signatory: Mapped[str] = mapped_column(String(80))
    signed_on: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]

    partner: Mapped["Partner"] = many_to_one("RecipientAgreement.partner_id", "Partner.id")

    def covers(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether it is in force on all of these days."""
        return self.signed_on <= first and (self.valid_to is None or last <= self.valid_to)
