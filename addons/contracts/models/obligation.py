"""A duty of one side of a contract."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from addons.contracts.choices import ObligationState, Side
from addons.contracts.models.contract import Contract
from app.sdk.models import CompanyModel, Owned, choice, many_to_one, reference


class Obligation(Owned, CompanyModel):
    """It is done with evidence only (P:CON-08). Payments are duties of the buyer that receipts do."""

    __tablename__ = "contracts_obligation"
    __title__ = "title"
    __search__ = ("title",)

    contract_id: Mapped[int] = reference("contracts_contract")
    title: Mapped[str] = mapped_column(String(200))
    side: Mapped[Side] = choice(Side, Side.SELLER)
    due_on: Mapped[dt.date]
    state: Mapped[ObligationState] = choice(ObligationState, ObligationState.OPEN)
    done_on: Mapped[dt.date | None]
    evidence: Mapped[str | None] = mapped_column(String(400))
    is_delivery: Mapped[bool] = mapped_column(default=False)  # The one that follows the day of delivery.
    receivable_id: Mapped[int | None] = reference("payments_receivable", nullable=True)

    contract: Mapped[Contract] = many_to_one("Obligation.contract_id", "Contract.id")

    def __str__(self) -> str:
        return self.title
