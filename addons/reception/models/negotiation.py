"""A round of negotiation with a registered customer or prospect."""

import datetime as dt

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.reception.choices import NegotiationState
from addons.reception.models.customer import Customer
from addons.reception.models.objection import Objection
from app.sdk.models import CompanyModel, Owned, UtcDateTime, choice, many_to_one, reference


class Negotiation(Owned, CompanyModel):
    """What the customer objected to and what the consultant replied; rounds count up for each customer (P:CRM-07)."""

    __tablename__ = "reception_negotiation"
    __table_args__ = (UniqueConstraint("company_id", "customer_id", "round"),)
    __title__ = "topic"
    __personal__ = ("topic", "note", "custom")
    __search__ = ("topic",)

    customer_id: Mapped[int] = reference("reception_customer", index=False)  # The unique key serves as its index.
    round: Mapped[int]
    held_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    topic: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[NegotiationState] = choice(NegotiationState, NegotiationState.OPEN)

    customer: Mapped[Customer] = many_to_one("Negotiation.customer_id", "Customer.id")
    objections: Mapped[list[Objection]] = relationship(
        Objection,
        primaryjoin="Negotiation.id == foreign(Objection.negotiation_id)",
        order_by=Objection.position,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return f"#{self.round} {self.topic}"

    @property
    def unanswered(self) -> list[Objection]:
        """The objections without a reply."""
        return [one for one in self.objections if not one.reply]
