"""An entry of the phone-in and walk-in register (来电来访登记)."""

import datetime as dt

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import InquiryChannel, InquiryState
from addons.reception.models.customer import Customer
from addons.reception.models.reception import Reception
from app.sdk.masterdata import Option
from app.sdk.models import CompanyModel, EncryptedText, Owned, UtcDateTime, choice, many_to_one, reference


class Inquiry(Owned, CompanyModel):
    """Somebody asked, by phone or at the door (S:REC-23). Which fields it needs, the company decides."""

    __tablename__ = "reception_inquiry"
    __title__ = "visitor_name"
    __personal__ = ("visitor_name", "phone", "need", "note", "custom")
    __search__ = ("visitor_name", "phone", "need")

    channel: Mapped[InquiryChannel] = choice(InquiryChannel)
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    visitor_name: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    need: Mapped[str | None] = mapped_column(String(400))
    source_id: Mapped[int | None] = reference("masterdata_option", nullable=True, index=False)
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[InquiryState] = choice(InquiryState, InquiryState.OPEN)
    reception_id: Mapped[int | None] = reference("reception_reception", nullable=True)
    customer_id: Mapped[int | None] = reference("reception_customer", nullable=True)

    source: Mapped[Option | None] = many_to_one("Inquiry.source_id", "Option.id")
    reception: Mapped[Reception | None] = many_to_one("Inquiry.reception_id", "Reception.id")
    customer: Mapped[Customer | None] = many_to_one("Inquiry.customer_id", "Customer.id")

    def __str__(self) -> str:
        return self.visitor_name or f"#{self.id}"
