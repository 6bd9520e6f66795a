"""Table of feedback."""

import datetime as dt
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice


class FaultKind(StrEnum):
    """What a user reports."""

    FAULT = "fault"
    WISH = "wish"


class FaultState(StrEnum):
    """How far it has come."""

    OPEN = "open"
    HANDLED = "handled"
    CLOSED = "closed"


class FaultReport(CompanyModel):
    """A fault, or a wish for an improvement, as a user told it; `page` is where he was."""

    __tablename__ = "feedback_fault_report"
    __title__ = "id"
    __quotes__ = ("text", "page", "answer")

    kind: Mapped[FaultKind] = choice(FaultKind, FaultKind.FAULT)
    text: Mapped[str] = mapped_column(Text)
    page: Mapped[str | None] = mapped_column(String(300))
    state: Mapped[FaultState] = choice(FaultState, FaultState.OPEN)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    reported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(400))
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    reporter: Mapped[User] = relationship(User, foreign_keys=[reporter_id])

    def __str__(self) -> str:
        return f"#{self.id}"
