"""Tables of the generated screens."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id

LONGEST_ANSWER = 500


class Submission(CompanyModel):
    """A form that was sent: the key that came with it and what it did, so that sending it twice does it once."""

    __tablename__ = "crud_submission"
    __table_args__ = (UniqueConstraint("company_id", "key"),)
    __audit__ = False

    key: Mapped[str] = mapped_column(String(64))
    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int | None] = mapped_column(Id)  # What a form made,
    answer: Mapped[str | None] = mapped_column(String(LONGEST_ANSWER))  # or what an action of a page said.
