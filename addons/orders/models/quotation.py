"""A quotation (报价单): what a customer is offered, for how much, and until when."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import QuotationState
from addons.orders.models.quotation_line import QuotationLine
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, User, UtcDateTime, choice, many_to_one, reference


class Quotation(Document):
    """`revision` counts the rounds of negotiation; what was sent before is kept as a version (P:QUO-08).

    `budget` is what the customer can spend, in yuan; `over_budget` marks an offer that is above it (P:PRI-09).
    """

    __tablename__ = "orders_quotation"
    __table_args__ = (CheckConstraint("budget > 0", name="budget"),)
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "partner_name")
    __personal__ = ("partner_name", "note", "custom")
    __no_terms__ = ("approved_price", "prices_approved_at", "prices_approved_by_id")

    state: Mapped[QuotationState] = choice(QuotationState, QuotationState.DRAFT)
    partner_id: Mapped[int] = reference("masterdata_partner")
    partner_name: Mapped[str] = mapped_column(String(200))  # As the partner was called when it was sent.
    budget: Mapped[Decimal | None] = mapped_column(Money)
    over_budget: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    valid_until: Mapped[dt.date | None]  # The last day on which it can be accepted; set on sending.
    accepted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    prices_approved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    prices_approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(String(400))

    partner: Mapped[Partner] = many_to_one("Quotation.partner_id", "Partner.id")
    prices_approved_by: Mapped[User | None] = relationship(User, foreign_keys=[prices_approved_by_id])
    lines: Mapped[list[QuotationLine]] = relationship(
        QuotationLine,
        primaryjoin="Quotation.id == foreign(QuotationLine.quotation_id)",
        order_by=QuotationLine.position,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.number or self.partner_name or f"#{self.id}"
