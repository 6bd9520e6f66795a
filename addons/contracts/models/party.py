"""Somebody else who is named in a contract: a co-buyer, a payer, an agent."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from addons.contracts.choices import PartyRole
from addons.contracts.models.contract import Contract
from app.sdk.masterdata import Partner
from app.sdk.models import CompanyModel, Owned, choice, many_to_one, reference


class Party(Owned, CompanyModel):
    """It is seen with its contract, whose owner and unit it repeats."""

    __tablename__ = "contracts_party"
    __table_args__ = (UniqueConstraint("company_id", "contract_id", "partner_id"),)
    __title__ = "role"

    contract_id: Mapped[int] = reference("contracts_contract")
    partner_id: Mapped[int] = reference("masterdata_partner")
    role: Mapped[PartyRole] = choice(PartyRole, PartyRole.CO_BUYER)

    contract: Mapped[Contract] = many_to_one("Party.contract_id", "Contract.id")
    partner: Mapped[Partner] = many_to_one("Party.partner_id", "Partner.id")

    def __str__(self) -> str:
        return f"{self.contract} · {self.partner}"
