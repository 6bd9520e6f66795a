"""The audit of a customer's entry by the manager."""

import datetime as dt

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import AuditState
from addons.reception.models.customer import Customer
from app.sdk.models import CompanyModel, Owned, UtcDateTime, choice, many_to_one, reference


class EntryAudit(Owned, CompanyModel):
    """One for each file: what the consultant entered is verified, or returned with a reason (S:REC-10)."""

    __tablename__ = "reception_entry_audit"
    __table_args__ = (UniqueConstraint("company_id", "customer_id"),)
    __personal__ = ("returned_because", "custom")

    customer_id: Mapped[int] = reference("reception_customer", index=False)  # The unique key serves as its index.
    state: Mapped[AuditState] = choice(AuditState, AuditState.DRAFT)
    asked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    returned_because: Mapped[str | None] = mapped_column(String(400))

    customer: Mapped[Customer] = many_to_one("EntryAudit.customer_id", "Customer.id")

    def __str__(self) -> str:
        return str(self.customer)
