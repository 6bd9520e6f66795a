"""The table of search tokens."""

from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id
from app.search.tokenizer import TOKEN_LENGTH

# Ordered by code point on both databases, so that "begins with" is a range.
_Token = String(TOKEN_LENGTH).with_variant(String(TOKEN_LENGTH, collation="C"), "postgresql")


class SearchToken(CompanyModel):
    """One token of one record. There are tens of millions, so the row carries no stamps and no id of its own.

    Its key answers "has this record such a token", its index "which records have such a token": both alone, without
    visiting the table. Only tokens with `personal` come from phone and identity numbers, and only as keyed hashes.
    """

    __tablename__ = "search_token"
    __table_args__ = (Index("ix_search_token_found", "company_id", "model", "personal", "token", "record_id"),)

    __audit__ = False  # It repeats what its record says, whose changes are recorded.

    id = version = created_at = updated_at = custom = None  # type: ignore[assignment]  # Takes the columns away.
    created_by_id = updated_by_id = None

    # No foreign keys: each token would pay for the check, and tokens are written together with their record only.
    company_id: Mapped[int] = mapped_column(Id, primary_key=True, info={"company": True})
    model: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_id: Mapped[int] = mapped_column(Id, primary_key=True)
    personal: Mapped[bool] = mapped_column(primary_key=True)
    # Measured with 200,000 records: at the usual detail of 100 a frequent surname is taken for rare, 60 ms and not 2.
    token: Mapped[str] = mapped_column(_Token, primary_key=True, info={"statistics": 1000})

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {}  # Rows are replaced, never changed: there is no version.
