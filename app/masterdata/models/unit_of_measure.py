"""What quantities are counted in."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import Quantity, choice
from app.masterdata.choices import Dimension


class UnitOfMeasure(Archivable, CompanyModel):
    """A unit. `factor` is its size in the dimension's base unit: tonne 1000, kilogram 1, gram 0.001."""

    __tablename__ = "masterdata_unit_of_measure"
    __table_args__ = (UniqueConstraint("company_id", "code"), CheckConstraint("factor > 0", name="factor_positive"))

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    dimension: Mapped[Dimension] = choice(Dimension, Dimension.COUNT)
    factor: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(1))

    def __str__(self) -> str:
        return self.name
