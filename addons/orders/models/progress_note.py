"""What was told of an order on its way."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import NoteKind
from app.sdk.models import CompanyModel, User, UtcDateTime, choice, reference


class ProgressNote(CompanyModel):
    """A report of progress, a problem, or force majeure (不可抗力), of which the customer was told (S:ORD-08)."""

    __tablename__ = "orders_progress_note"
    __title__ = "text"
    __personal__ = ("text", "custom")

    order_id: Mapped[int] = reference("orders_order")
    kind: Mapped[NoteKind] = choice(NoteKind, NoteKind.PROGRESS)
    text: Mapped[str] = mapped_column(String(400))
    customer_told: Mapped[bool] = mapped_column(default=False)
    promised_before: Mapped[dt.date | None]  # The day that was promised until then, where the note moves it.
    noted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    noted_by: Mapped[User] = relationship(User, foreign_keys=[noted_by_id])
