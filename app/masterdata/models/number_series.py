"""How a company writes the numbers of one kind of document."""

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import LegalEntity
from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference
from app.masterdata.choices import NumberReset


class NumberSeries(CompanyModel):
    """A company's own format for a series, for one legal entity or for all; without a row the add-on's format holds."""

    __tablename__ = "masterdata_number_series"
    __table_args__ = (
        Index("uq_masterdata_number_series_entity", "company_id", "key", "legal_entity_id", unique=True),
        # NULL differs from NULL in a unique key, so the row for all entities needs a key of its own.
        Index(
            "uq_masterdata_number_series_all",
            "company_id",
            "key",
            unique=True,
            sqlite_where=text("legal_entity_id IS NULL"),
            postgresql_where=text("legal_entity_id IS NULL"),
        ),
    )

    key: Mapped[str] = mapped_column(String(80))
    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity", nullable=True)
    template: Mapped[str] = mapped_column(String(60))
    reset: Mapped[NumberReset] = choice(NumberReset, NumberReset.YEAR)

    legal_entity: Mapped[LegalEntity | None] = many_to_one("NumberSeries.legal_entity_id", "LegalEntity.id")

    def __str__(self) -> str:
        return self.key
