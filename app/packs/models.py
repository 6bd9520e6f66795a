"""Table of packs."""

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime


class PackRun(CompanyModel):
    """A pack that was applied: its text, what it changed and how that is taken back, and what it had to skip."""

    __tablename__ = "packs_run"
    __title__ = "pack"

    pack: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    skipped: Mapped[list[str]] = mapped_column(JSON)
    applied_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    rolled_back_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    rolled_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    applied_by: Mapped[User] = relationship(User, foreign_keys=[applied_by_id])
    rolled_back_by: Mapped[User | None] = relationship(User, foreign_keys=[rolled_back_by_id])

    def __str__(self) -> str:
        return self.pack
