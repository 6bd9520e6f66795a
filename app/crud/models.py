"""Tables of the generated screens."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id


class Submission(CompanyModel):
    """A form that was sent: the key that came with it, so that sending it twice makes one record."""

    __tablename__ = "crud_submission"
    __table_args__ = (UniqueConstraint("company_id", "key"),)
    __audit__ = False

    key: Mapped[str] = mapped_column(String(64))
    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Id)
