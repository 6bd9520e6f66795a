"""Records that are archived instead of deleted: no list or reference offers them, what uses them stays (S:REC-14)."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from app.database.columns import UtcDateTime


class Archivable:
    """A mixin for company models whose rows can be put away and brought back."""

    archived_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


def only_live(model: type[Any]) -> list[ColumnElement[bool]]:
    """Return the conditions that leave archived rows of a model out; none for one whose rows are not archived."""
    return [model.archived_at.is_(None)] if issubclass(model, Archivable) else []
