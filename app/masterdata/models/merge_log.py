"""That two files of one partner became one, and what it takes to part them again (S:REC-16)."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, many_to_one, reference
from app.masterdata.models.partner import Partner


class MergeLog(CompanyModel):
    """`details` names, by table and column, the ids of the rows that were moved, and the fields that were taken."""

    __tablename__ = "masterdata_merge_log"
    __table_args__ = (UniqueConstraint("company_id", "loser_id"),)
    __personal__ = ("custom",)
    __quotes__ = ("reason", "details")

    survivor_id: Mapped[int] = reference("masterdata_partner")
    loser_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    merged_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    survivor: Mapped[Partner] = many_to_one("MergeLog.survivor_id", "Partner.id")
    loser: Mapped[Partner] = many_to_one("MergeLog.loser_id", "Partner.id")

    def __str__(self) -> str:
        return f"{self.loser} → {self.survivor}"
