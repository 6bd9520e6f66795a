"""The mixin of every business document: a reception, an order, a receipt."""

import datetime as dt
from typing import Any

from sqlalchemy import Index, MetaData, String, Table, UniqueConstraint, event
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, reference

_NUMBER = {"document_number": True}


class Document(Owned, CompanyModel):
    """What all documents share. The subclass adds its own columns and its `state`.

    `number` is blank in a draft and is drawn at the binding transition. It is unique in each table, per legal entity,
    because each entity numbers from one; documents of no entity count as one.
    """

    __abstract__ = True

    number: Mapped[str | None] = mapped_column(String(40), info=_NUMBER)
    doc_date: Mapped[dt.date]  # The company's local day; parameters and placements are those of this day.
    posted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    period: Mapped[str | None] = mapped_column(String(7))  # '2026-03': the month in whose books it stands.
    revision: Mapped[int] = mapped_column(default=0)
    print_count: Mapped[int] = mapped_column(default=0)
    terms_hash: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the terms that were approved.

    @declared_attr
    def legal_entity_id(cls) -> Mapped[int | None]:
        """The legal entity whose document it is, and whose series numbers it."""
        return reference("companies_legal_entity", nullable=True)

    @declared_attr
    def cancelled_by_id(cls) -> Mapped[int | None]:
        """The registry entry of the document that cancels this one."""
        return reference("documents_ref", nullable=True)


def period_of(day: dt.date) -> str:
    """Return the month of a day as documents keep it: '2026-03'."""
    return f"{day:%Y-%m}"


def _add_number_key(table: Table, _metadata: MetaData) -> None:
    """Make the number unique, whatever __table_args__ the subclass declares."""
    number: Any = table.columns.get("number")
    if number is not None and number.info.get("document_number"):
        table.append_constraint(UniqueConstraint("company_id", "legal_entity_id", "number"))
        without_entity = table.c.legal_entity_id.is_(None)  # NULL never equals NULL, so it needs a key of its own.
        Index(
            None, table.c.company_id, number, unique=True, sqlite_where=without_entity, postgresql_where=without_entity
        )


event.listen(Table, "after_parent_attach", _add_number_key)
