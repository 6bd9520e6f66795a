"""An agreement that adds to a signed contract."""

import datetime as dt

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.contracts.choices import SupplementState
from addons.contracts.models.contract import Contract
from app.sdk.masterdata import Partner
from app.sdk.models import Document, choice, many_to_one, reference


class Supplement(Document):
    """Kept with its contract, and found by the customer and the day of signing (S:CON-04)."""

    __tablename__ = "contracts_supplement"
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "subject")
    __personal__ = ("subject", "text", "custom")

    contract_id: Mapped[int] = reference("contracts_contract")
    partner_id: Mapped[int] = reference("masterdata_partner")
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[SupplementState] = choice(SupplementState, SupplementState.DRAFT)
    signed_on: Mapped[dt.date | None]

    contract: Mapped[Contract] = many_to_one("Supplement.contract_id", "Contract.id")
    partner: Mapped[Partner] = many_to_one("Supplement.partner_id", "Partner.id")

    def __str__(self) -> str:
        return self.number or self.subject or f"#{self.id}"
