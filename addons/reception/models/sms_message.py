"""A text message to a customer."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import Text as LongString
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import SmsState
from addons.reception.models.customer import Customer
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.models import CompanyModel, EncryptedText, Owned, UtcDateTime, choice, many_to_one, reference


class SmsMessage(Owned, CompanyModel):
    """One message, as it is sent: with the signature, to the number of that time (S:REC-22). `owner` sent it.

    `length` counts as telephones do, in UTF-16 units; `parts` is how many messages it is charged as.
    """

    __tablename__ = "reception_sms_message"
    __table_args__ = (Index(None, "company_id", "sender_id", "queued_at"),)
    __title__ = "text"
    __personal__ = ("phone", "text", "custom")
    __quotes__ = ("failed_because",)
    __search__ = ("text", "phone")

    customer_id: Mapped[int] = reference("reception_customer")
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(LongString)
    length: Mapped[int]
    parts: Mapped[int]
    state: Mapped[SmsState] = choice(SmsState, SmsState.QUEUED)
    sender_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    queued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failed_because: Mapped[str | None] = mapped_column(String(300))

    customer: Mapped[Customer] = many_to_one("SmsMessage.customer_id", "Customer.id")

    @property
    def failure(self) -> Text | None:
        """Why it was not sent, in the reader's language."""
        return _(self.failed_because) if self.failed_because else None

    def __str__(self) -> str:
        return self.text[:60]
