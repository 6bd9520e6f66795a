"""A reception: one visitor, one consultant, from coming in to going out."""

import datetime as dt

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.reception.choices import Intent, ReceptionState
from addons.reception.models.customer import Customer
from addons.reception.models.reception_check import ReceptionCheck
from addons.reception.models.turn_member import TurnMember
from app.sdk.masterdata import Option, Partner
from app.sdk.models import Document, EncryptedText, UtcDateTime, choice, many_to_one, reference


class Reception(Document):
    """What happened at the door (P:REC-01). `owner` is the consultant who receives."""

    __tablename__ = "reception_reception"
    __table_args__ = (CheckConstraint("left_at > arrived_at", name="left_at"),)
    __title__ = "number"
    __grantable__ = "partner_id"
    __personal__ = ("visitor_name", "phone", "id_no", "declined_reason", "needs", "next_step", "note", "custom")
    __search__ = ("number", "visitor_name", "phone")

    state: Mapped[ReceptionState] = choice(ReceptionState, ReceptionState.DRAFT)
    queue_id: Mapped[int | None] = reference("reception_turn_queue", nullable=True, index=False)
    visitor_name: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    id_no: Mapped[str | None] = mapped_column(EncryptedText)
    declined_reason: Mapped[str | None] = mapped_column(String(200))  # Why the visitor gave no number (P:REC-02).
    source_id: Mapped[int | None] = reference("masterdata_option", nullable=True, index=False)
    partner_id: Mapped[int | None] = reference("masterdata_partner", nullable=True)
    customer_id: Mapped[int | None] = reference("reception_customer", nullable=True)
    is_returning: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    needs: Mapped[str | None] = mapped_column(String(400))
    presented: Mapped[str | None] = mapped_column(String(400))
    next_step: Mapped[str | None] = mapped_column(String(400))
    note: Mapped[str | None] = mapped_column(Text)
    intent: Mapped[Intent | None] = choice(Intent, nullable=True)
    recorded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    printed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    source: Mapped[Option | None] = many_to_one("Reception.source_id", "Option.id")
    partner: Mapped[Partner | None] = many_to_one("Reception.partner_id", "Partner.id")
    customer: Mapped[Customer | None] = many_to_one("Reception.customer_id", "Customer.id")
    checks: Mapped[list[ReceptionCheck]] = relationship(
        ReceptionCheck,
        primaryjoin="Reception.id == foreign(ReceptionCheck.reception_id)",
        order_by=ReceptionCheck.position,
        cascade="all, delete-orphan",
    )
    seats: Mapped[list[TurnMember]] = relationship(  # The consultant's places in the turn queues.
        TurnMember, primaryjoin="Reception.owner_id == foreign(TurnMember.employee_id)", viewonly=True
    )

    def __str__(self) -> str:
        return self.number or self.visitor_name or f"#{self.id}"

    @property
    def minutes(self) -> int | None:
        """How long the visitor stayed, in whole minutes (P:REC-01)."""
        if self.arrived_at is None or self.left_at is None:
            return None
        return int((self.left_at - self.arrived_at).total_seconds() // 60)

    @property
    def has_declined(self) -> bool:
        """Whether the visitor gave no number, and said so."""
        return not self.phone and bool(self.declined_reason)

    @property
    def open_checks(self) -> list[ReceptionCheck]:
        """What of the checklist is still to do."""
        return [check for check in self.checks if not check.done]
