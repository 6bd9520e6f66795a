"""How this company sends text messages."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, EncryptedText


class SmsGateway(CompanyModel):
    """The access to a provider; the one that is on is used. The key is encrypted and never shown (S:REC-22)."""

    __tablename__ = "reception_sms_gateway"

    name: Mapped[str] = mapped_column(String(60))
    adapter: Mapped[str] = mapped_column(String(40), default="http")
    address: Mapped[str] = mapped_column(String(300))
    key: Mapped[str | None] = mapped_column(EncryptedText)
    body_template: Mapped[str] = mapped_column(Text)
    success_mark: Mapped[str | None] = mapped_column(String(100))
    signature: Mapped[str | None] = mapped_column(String(20))
    timeout_seconds: Mapped[int] = mapped_column(default=10)
    is_on: Mapped[bool] = mapped_column(default=True)

    @property
    def new_key(self) -> None:
        """What the form shows of the key: nothing."""
        return

    @property
    def has_key(self) -> bool:
        """Whether a key is kept."""
        return bool(self.key)
