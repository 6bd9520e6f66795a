"""A legal entity: who signs, invoices and numbers documents; a company has one or more."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel


class LegalEntity(CompanyModel):
    """A registered enterprise within the company."""

    __tablename__ = "companies_legal_entity"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        CheckConstraint("fiscal_start_month BETWEEN 1 AND 12", name="fiscal_start_month"),
    )

    name: Mapped[str] = mapped_column(String(120))
    tax_no: Mapped[str | None] = mapped_column(String(20))
    fiscal_start_month: Mapped[int] = mapped_column(default=1)

    def __str__(self) -> str:
        return self.name
