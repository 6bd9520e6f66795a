"""How receipts look on paper."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import PaperSize
from app.sdk.models import CompanyModel, LegalEntity, choice, many_to_one, reference


class ReceiptDesign(CompanyModel):
    """Of a legal entity, or of all that have none of their own. Its pictures are kept out of the audit log."""

    __tablename__ = "payments_receipt_design"
    __title__ = "title"
    __personal__ = ("logo", "seal", "custom")

    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity", nullable=True)
    paper: Mapped[PaperSize] = choice(PaperSize, PaperSize.A4)
    title: Mapped[str | None] = mapped_column(String(80))
    footer: Mapped[str | None] = mapped_column(String(400))
    logo: Mapped[str | None] = mapped_column(Text)  # A PNG or JPEG picture in base64.
    seal: Mapped[str | None] = mapped_column(Text)  # Likewise; the company's chop.

    legal_entity: Mapped[LegalEntity | None] = many_to_one("ReceiptDesign.legal_entity_id", "LegalEntity.id")
