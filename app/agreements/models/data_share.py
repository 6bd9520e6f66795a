"""Data that may go to somebody outside."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.agreements.models.recipient_agreement import RecipientAgreement
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference

if TYPE_CHECKING:
    from app.masterdata.models import Partner


class DataShare(CompanyModel):
    """To whom, what for, on which days, and under which agreement; both days included."""

    __tablename__ = "agreements_data_share"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="valid_to"),)
    __personal__ = ("custom",)
    __quotes__ = ("purpose",)
    __title__ = "purpose"

    partner_id: Mapped[int] = reference("masterdata_partner")
    agreement_id: Mapped[int] = reference("agreements_recipient_agreement")
    purpose: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]

    partner: Mapped["Partner"] = many_to_one("DataShare.partner_id", "Partner.id")
    agreement: Mapped[RecipientAgreement] = many_to_one("DataShare.agreement_id", "RecipientAgreement.id")
