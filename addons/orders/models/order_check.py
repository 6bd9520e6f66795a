"""One of the three checks of an order: credit, rule, stock."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import CheckKind, CheckState
from app.sdk.models import CompanyModel, User, UtcDateTime, choice, reference


class OrderCheck(CompanyModel):
    """Opened when the order is submitted; the credit check is reckoned, the others are answered (S:ORD-03)."""

    __tablename__ = "orders_order_check"
    __table_args__ = (UniqueConstraint("company_id", "order_id", "kind"),)
    __title__ = "kind"
    __quotes__ = ("note",)

    order_id: Mapped[int] = reference("orders_order", index=False)  # The unique key serves as its index.
    kind: Mapped[CheckKind] = choice(CheckKind)
    state: Mapped[CheckState] = choice(CheckState, CheckState.OPEN)
    note: Mapped[str | None] = mapped_column(String(400))
    checked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    checked_by: Mapped[User | None] = relationship(User, foreign_keys=[checked_by_id])
