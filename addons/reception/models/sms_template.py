"""A text that is sent again and again."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Archivable, CompanyModel


class SmsTemplate(Archivable, CompanyModel):
    """A text with places for the customer's name and the consultant's: {name}, {consultant} (S:REC-22)."""

    __tablename__ = "reception_sms_template"
    __table_args__ = (UniqueConstraint("company_id", "name"),)
    __search__ = ("name",)

    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(500))
