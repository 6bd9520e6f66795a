"""Table of data cleaning."""

import datetime as dt
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice
from app.errors import Text
from app.security.roles import subject_text

LONGEST_QUERY = 2000


class CleanState(StrEnum):
    """What became of the records."""

    CLEANED = "cleaned"
    PUT_BACK = "put_back"


class CleanRun(CompanyModel):
    """One cleaning that was done: what was asked for, how many records went and why the others stayed.

    `archive` is the file with the rows that were deleted; blank once it is no longer kept. `query` is what else the
    list was asked for, as a saved filter keeps it.
    """

    __tablename__ = "cleaning_run"
    __title__ = "id"
    __quotes__ = ("query",)

    resource: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY), default="")
    record_state: Mapped[str] = mapped_column(String(40), default="")
    untouched_days: Mapped[int | None]
    state: Mapped[CleanState] = choice(CleanState, CleanState.CLEANED)
    found: Mapped[int]
    deleted: Mapped[int]
    kept_confirmed: Mapped[int]
    kept_referenced: Mapped[int]
    kept_refused: Mapped[int]
    archive: Mapped[str] = mapped_column(String(80), default="")
    cleaned_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    cleaned_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    kept_until: Mapped[dt.date]
    put_back_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    cleaned_by: Mapped[User | None] = relationship(User, foreign_keys=[cleaned_by_id])

    @property
    def list_name(self) -> Text:
        """What records of this list are called."""
        return subject_text(self.resource)

    def __str__(self) -> str:
        return f"#{self.id}"
