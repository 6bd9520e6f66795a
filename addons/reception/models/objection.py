"""An objection raised in a negotiation, and the reply."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, reference


class Objection(CompanyModel):
    """What the customer said, and what the consultant explained (P:CRM-07)."""

    __tablename__ = "reception_objection"
    __title__ = "objection"
    __personal__ = ("objection", "reply", "custom")

    negotiation_id: Mapped[int] = reference("reception_negotiation")
    position: Mapped[int]
    objection: Mapped[str] = mapped_column(String(400))
    reply: Mapped[str | None] = mapped_column(String(400))

    def __str__(self) -> str:
        return self.objection
