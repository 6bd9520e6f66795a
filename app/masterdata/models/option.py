"""One value of an option list."""

from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference

if TYPE_CHECKING:
    from app.masterdata.models.option_list import OptionList


class Option(Archivable, CompanyModel):
    """A value that records point at; a used one is archived: no longer offered, still shown (S:CORE-14)."""

    __tablename__ = "masterdata_option"
    __table_args__ = (UniqueConstraint("company_id", "list_id", "name"),)

    list_id: Mapped[int] = reference("masterdata_option_list", index=False)  # The unique key serves as its index.
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)

    list: Mapped["OptionList"] = many_to_one("Option.list_id", "OptionList.id")

    def __str__(self) -> str:
        return self.name
