"""The order in which consultants take visitors at one desk."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.reception.models.turn_member import TurnMember
from app.sdk.models import CompanyModel


class TurnQueue(CompanyModel):
    """A front desk and its consultants. Its row is the lock: two visitors at once never get one turn (P:REC-06)."""

    __tablename__ = "reception_turn_queue"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    last_position: Mapped[int] = mapped_column(default=0)  # Of the member whose turn it was last.

    members: Mapped[list[TurnMember]] = relationship(
        TurnMember,
        primaryjoin="TurnQueue.id == foreign(TurnMember.queue_id)",
        order_by=TurnMember.position,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.name

    @property
    def order(self) -> list[TurnMember]:
        """The active members, beginning with the one after the last turn."""
        active = [member for member in self.members if member.is_active]
        return sorted(active, key=lambda member: (member.position <= self.last_position, member.position))

    @property
    def next_member(self) -> TurnMember | None:
        """Whose turn it is: who rests or is on leave is skipped. None if nobody is on duty (P:REC-06)."""
        return next((member for member in self.order if member.is_on_duty), None)
