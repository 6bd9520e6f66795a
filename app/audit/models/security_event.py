"""A security event: a log-in, a refusal, a lock-out. Not company-bound: it may happen before a company is known."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import UtcDateTime


class SecurityEvent(Model):
    """One event, append-only. `username` is what was typed, even if nobody has that name."""

    __tablename__ = "audit_security_event"

    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    username: Mapped[str | None] = mapped_column(String(120))
    # Not a company row, whatever the name says: who administers the platform reads across companies.
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies_company.id"))
    ip: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
