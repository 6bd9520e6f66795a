"""One line of a reception's checklist."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, reference


class ReceptionCheck(CompanyModel):
    """Something to explain to the visitor; copied from the company's list when the reception is opened (P:REC-01)."""

    __tablename__ = "reception_check"
    __table_args__ = (UniqueConstraint("company_id", "reception_id", "item"),)
    __title__ = "item"

    reception_id: Mapped[int] = reference("reception_reception", index=False)  # The unique key serves as its index.
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(100))
    done: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.item
