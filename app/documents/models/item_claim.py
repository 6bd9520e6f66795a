"""Which document holds a sellable item."""

import datetime as dt

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, many_to_one, reference
from app.documents.models.document_ref import DocumentRef


class ItemClaim(CompanyModel):
    """One document's hold on one item; the database lets an item have one live claim."""

    __tablename__ = "documents_item_claim"
    __table_args__ = (
        Index(
            "uq_documents_item_claim_live",
            "company_id",
            "item_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    item_id: Mapped[int] = reference("masterdata_sellable_item")
    holder_id: Mapped[int] = reference("documents_ref")
    claimed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    holder: Mapped[DocumentRef] = many_to_one("ItemClaim.holder_id", "DocumentRef.id")

    def __str__(self) -> str:
        return f"#{self.item_id}"
