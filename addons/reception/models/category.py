"""A category of customers, in a tree of codes."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, many_to_one, reference


class Category(CompanyModel):
    """Its code begins with that of its parent: 001, below it 001001 (S:REC-07)."""

    __tablename__ = "reception_category"
    __table_args__ = (UniqueConstraint("company_id", "code"),)
    __title__ = "name"
    __search__ = ("code", "name")

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = reference("reception_category", nullable=True)

    parent: Mapped["Category | None"] = many_to_one("Category.parent_id", "Category.id")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
