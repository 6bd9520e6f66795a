"""What amounts are counted in."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.archiving import Archivable
from app.database.base import CompanyModel


class Currency(Archivable, CompanyModel):
    """A currency that the company uses, by its ISO 4217 code; `exponent` is its number of decimals."""

    __tablename__ = "masterdata_currency"
    # Money is kept with two decimals, so a currency with three cannot be used.
    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("exponent BETWEEN 0 AND 2", name="exponent"),
    )

    code: Mapped[str] = mapped_column(String(3))
    name: Mapped[str] = mapped_column(String(60))
    exponent: Mapped[int] = mapped_column(default=2)

    def __str__(self) -> str:
        return self.code
