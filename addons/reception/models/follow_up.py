"""A contact with a customer, and what comes next."""

import datetime as dt

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import ContactMethod
from addons.reception.models.customer import Customer
from app.sdk.models import CompanyModel, Owned, UtcDateTime, choice, many_to_one, reference


class FollowUp(Owned, CompanyModel):
    """Saved for every contact and never changed: it is the record of what was said (S:REC-19, P:CRM-11)."""

    __tablename__ = "reception_follow_up"
    __title__ = "note"
    __personal__ = ("note", "custom")
    __search__ = ("note",)

    customer_id: Mapped[int] = reference("reception_customer")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    method: Mapped[ContactMethod] = choice(ContactMethod)
    note: Mapped[str] = mapped_column(Text)
    next_on: Mapped[dt.date | None]

    customer: Mapped[Customer] = many_to_one("FollowUp.customer_id", "Customer.id")

    def __str__(self) -> str:
        return self.note[:60]
