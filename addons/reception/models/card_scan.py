"""A business card, read but not yet verified."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import CardState
from addons.reception.models.customer import Customer
from app.sdk.masterdata import Option
from app.sdk.models import CompanyModel, EncryptedText, Owned, choice, many_to_one, reference


class CardScan(Owned, CompanyModel):
    """What was read from the text of a card, or of its QR code, until somebody has checked it (S:REC-04)."""

    __tablename__ = "reception_card_scan"
    __title__ = "name"
    __personal__ = ("text", "name", "phone", "mail", "wechat", "address", "custom")

    text: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(String(200))
    company_name: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    mail: Mapped[str | None] = mapped_column(String(254))
    wechat: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(200))
    source_id: Mapped[int | None] = reference("masterdata_option", nullable=True, index=False)
    state: Mapped[CardState] = choice(CardState, CardState.DRAFT)
    customer_id: Mapped[int | None] = reference("reception_customer", nullable=True)

    source: Mapped[Option | None] = many_to_one("CardScan.source_id", "Option.id")
    customer: Mapped[Customer | None] = many_to_one("CardScan.customer_id", "Customer.id")

    def __str__(self) -> str:
        return self.name or self.company_name or f"#{self.id}"
