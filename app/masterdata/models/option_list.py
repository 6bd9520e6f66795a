"""A list of values that a company edits without code (S:CORE-14)."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.masterdata.models.option import Option


class OptionList(CompanyModel):
    """The list that a field takes its values from; `key` is the add-on's name for it: reception.source."""

    __tablename__ = "masterdata_option_list"
    __table_args__ = (UniqueConstraint("company_id", "key"),)

    key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(100))

    options: Mapped[list[Option]] = relationship(
        primaryjoin="OptionList.id == foreign(Option.list_id)", order_by="(Option.position, Option.id)", viewonly=True
    )

    def __str__(self) -> str:
        return self.name
