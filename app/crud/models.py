"""Tables of the generated screens."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime, reference

LONGEST_ANSWER = 500
LONGEST_FILTER_NAME, LONGEST_FILTER = 60, 2000


class Submission(CompanyModel):
    """A form that was sent: the key that came with it and what it did, so that sending it twice does it once."""

    __tablename__ = "crud_submission"
    __table_args__ = (UniqueConstraint("company_id", "key"),)
    __audit__ = False

    key: Mapped[str] = mapped_column(String(64))
    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int | None] = mapped_column(Id)  # What a form made,
    answer: Mapped[str | None] = mapped_column(String(LONGEST_ANSWER))  # or what an action of a page said.


class RecentRecord(CompanyModel):
    """A record that a user opened, and when he did last."""

    __tablename__ = "crud_recent_record"
    __table_args__ = (UniqueConstraint("company_id", "user_id", "resource", "record_id"),)
    __audit__ = False  # Who opens what personal data is recorded where it is read.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Id)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class SavedFilter(CompanyModel):
    """Search, filters and order of a list under a name; a shared one is offered to everybody who may see the list."""

    __tablename__ = "crud_saved_filter"
    __table_args__ = (UniqueConstraint("company_id", "user_id", "resource", "name"),)
    __quotes__ = ("name", "query")  # What one searches for may be somebody's name.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    resource: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(LONGEST_FILTER_NAME))
    query: Mapped[str] = mapped_column(String(LONGEST_FILTER))
    is_shared: Mapped[bool] = mapped_column(default=False)


class DefaultFilter(CompanyModel):
    """The saved filter with which a list opens for one user, where nothing else is asked for (S:REC-15)."""

    __tablename__ = "crud_default_filter"
    __table_args__ = (UniqueConstraint("company_id", "user_id", "resource"),)
    __audit__ = False  # Nothing but how somebody likes his list.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    resource: Mapped[str] = mapped_column(String(80))
    filter_id: Mapped[int] = reference("crud_saved_filter")


class HiddenCard(CompanyModel):
    """A figure of the home page that a role does not show to its holders."""

    __tablename__ = "crud_hidden_card"
    __table_args__ = (UniqueConstraint("company_id", "role_id", "card"),)

    role_id: Mapped[int] = mapped_column(ForeignKey("ab_role.id"))
    card: Mapped[str] = mapped_column(String(80))


class CardPlace(CompanyModel):
    """Where a user has put a figure of his home page, counted from 0."""

    __tablename__ = "crud_card_place"
    __table_args__ = (UniqueConstraint("company_id", "user_id", "card"),)
    __audit__ = False  # Nobody's but his own.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    card: Mapped[str] = mapped_column(String(80))
    place: Mapped[int]
