"""A partner's request to have personal data erased, and what became of it (P:CRM-22)."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference
from app.masterdata.choices import EraseState
from app.masterdata.models.partner import Partner


class EraseRequest(CompanyModel):
    """Kept after the erasure as proof; it holds no personal data itself."""

    __tablename__ = "masterdata_erase_request"
    __quotes__ = ("source", "refusal")

    partner_id: Mapped[int] = reference("masterdata_partner")
    state: Mapped[EraseState] = choice(EraseState, EraseState.REQUESTED)
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # Why the law makes us keep the data.
    refusal: Mapped[str] = mapped_column(String(400), default="")

    partner: Mapped[Partner] = many_to_one("EraseRequest.partner_id", "Partner.id")

    def __str__(self) -> str:
        return self.state.value
