"""Whom an invoice is made out to."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference
from app.database.encryption import EncryptedText
from app.masterdata.models.partner import Partner


class InvoiceTitle(CompanyModel):
    """The particulars that a partner wants on invoices (发票抬头)."""

    __tablename__ = "masterdata_invoice_title"
    __table_args__ = (UniqueConstraint("company_id", "partner_id", "title"),)
    __personal__ = ("title", "tax_no", "address", "bank", "bank_account", "custom")

    partner_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    title: Mapped[str] = mapped_column(String(200))
    tax_no: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(200), default="")
    bank: Mapped[str] = mapped_column(String(100), default="")
    bank_account: Mapped[str | None] = mapped_column(EncryptedText)

    partner: Mapped[Partner] = many_to_one("InvoiceTitle.partner_id", "Partner.id")

    def __str__(self) -> str:
        return self.title
