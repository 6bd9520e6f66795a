"""The last number drawn in a series and period."""

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import reference


class NumberCounter(CompanyModel):
    """One counter for a legal entity (or the whole company), a series and a period; its row is the lock."""

    __tablename__ = "masterdata_number_counter"
    __table_args__ = (
        Index("uq_masterdata_number_counter_entity", "company_id", "key", "period", "legal_entity_id", unique=True),
        # NULL differs from NULL in a unique key, so the counter of the whole company needs a key of its own.
        Index(
            "uq_masterdata_number_counter_all",
            "company_id",
            "key",
            "period",
            unique=True,
            sqlite_where=text("legal_entity_id IS NULL"),
            postgresql_where=text("legal_entity_id IS NULL"),
        ),
    )

    __audit__ = False  # The numbered documents themselves are recorded.

    key: Mapped[str] = mapped_column(String(80))
    period: Mapped[str] = mapped_column(String(7))
    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity", nullable=True)
    last_number: Mapped[int] = mapped_column(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.period}".strip()
