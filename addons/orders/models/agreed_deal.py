"""A deal that was agreed and has to be entered."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.documents import DocumentRef
from app.sdk.masterdata import Partner
from app.sdk.models import CompanyModel, Owned, UtcDateTime, many_to_one, reference


class AgreedDeal(Owned, CompanyModel):
    """When it was agreed, until when it is due, and when it was entered as a reservation or an order (P:ORD-04)."""

    __tablename__ = "orders_agreed_deal"
    __title__ = "id"

    partner_id: Mapped[int] = reference("masterdata_partner")
    agreed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    entered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    document_id: Mapped[int | None] = reference("documents_ref", nullable=True)
    is_late: Mapped[bool] = mapped_column(default=False)  # Entered after it was due.

    partner: Mapped[Partner] = many_to_one("AgreedDeal.partner_id", "Partner.id")
    document: Mapped[DocumentRef | None] = many_to_one("AgreedDeal.document_id", "DocumentRef.id")

    def __str__(self) -> str:
        return str(self.partner)
