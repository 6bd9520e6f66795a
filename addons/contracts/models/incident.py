"""Something special that happened to a contract, until it is solved."""

import datetime as dt

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.contracts.choices import IncidentKind, IncidentState
from addons.contracts.models.contract import Contract
from app.sdk.models import CompanyModel, Owned, UtcDateTime, choice, many_to_one, reference


class Incident(Owned, CompanyModel):
    """Reported to the manager, and closed with a solution only (P:CON-09)."""

    __tablename__ = "contracts_incident"
    __title__ = "what_happened"
    __personal__ = ("what_happened", "solution")

    contract_id: Mapped[int] = reference("contracts_contract")
    kind: Mapped[IncidentKind] = choice(IncidentKind, IncidentKind.SPECIAL)
    what_happened: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[IncidentState] = choice(IncidentState, IncidentState.OPEN)
    solution: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = many_to_one("Incident.contract_id", "Contract.id")

    def __str__(self) -> str:
        return f"{self.contract} · {self.what_happened[:60]}"
