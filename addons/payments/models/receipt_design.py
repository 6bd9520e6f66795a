"""How receipts look on paper."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import PaperSize
from app.sdk.models import CompanyModel, choice


class ReceiptDesign(CompanyModel):
    """The company's own. Its pictures are kept out of the audit log."""

    __tablename__ = "payments_receipt_design"
    __table_args__ = (UniqueConstraint("company_id"),)
    __title__ = "title"
    __personal__ = ("logo", "seal", "custom")

    paper: Mapped[PaperSize] = choice(PaperSize, PaperSize.A4)
    title: Mapped[str | None] = mapped_column(String(80))
    footer: Mapped[str | None] = mapped_column(String(400))
    logo: Mapped[str | None] = mapped_column(Text)  # A PNG or JPEG picture in base64.
    seal: Mapped[str | None] = mapped_column(Text)  # Likewise; the company's chop.
