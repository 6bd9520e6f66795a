"""Column types that add-ons use: exact amounts, UTC instants, closed sets, references."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer
from sqlalchemy.orm import MappedColumn, Relationship, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

_ID_TEXT = re.compile("[1-9][0-9]{0,17}")
# SQLite counts only an INTEGER PRIMARY KEY up by itself.
Id = BigInteger().with_variant(Integer, "sqlite")


class _Scaled(TypeDecorator[Decimal]):
    """An exact decimal kept as a whole number, because SQLite sums NUMERIC as floats."""

    impl = BigInteger
    cache_ok = True
    places = 0

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Store the whole number; half-up beyond the places kept."""
        if value is None:
            return None
        return int((Decimal(value) * 10**self.places).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Return the decimal with all its places."""
        return None if value is None else Decimal(value).scaleb(-self.places)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare with decimals as amounts, not as raw whole numbers."""
        return self


class Money(_Scaled):
    """An amount in currency units with two decimals, stored in minor units (fen)."""

    cache_ok = True
    places = 2


class Quantity(_Scaled):
    """A quantity, unit price or rate with six decimals."""

    cache_ok = True
    places = 6


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Always aware, always UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse a naive value: nobody knows which hour it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return an aware value; SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def utc_now() -> dt.datetime:
    """Return the present instant. Rules take the clock as an argument; this is for stamps."""
    return dt.datetime.now(dt.UTC)


def choice(kind: type[StrEnum], default: StrEnum | None = None, *, nullable: bool | None = None) -> MappedColumn[Any]:
    """Return a column for a closed set; the database checks it too."""
    stored = Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )
    options: dict[str, Any] = {} if nullable is None else {"nullable": nullable}
    return mapped_column(stored, default=default, **options)


def reference(table: str, *, nullable: bool | None = None, index: bool = True, late: bool = False) -> MappedColumn[Any]:
    """Return a column that points at a row of another company table, in the same company.

    The foreign key is (company_id, column) -> (company_id, id), so not even SQL can point abroad. Of two tables
    that point at each other, one is `late`: its key is added after both exist.
    """
    options: dict[str, Any] = {} if nullable is None else {"nullable": nullable}
    return mapped_column(Id, info={"references": table, "indexed": index, "late": late}, **options)


def many_to_one(column: str, target: str, *, joined: bool = False) -> Relationship[Any]:
    """Return the relationship over a `reference`: many_to_one("Visit.partner_id", "Partner.id").

    It joins on the id alone: joining on company_id as well would let SQLAlchemy copy the company. What is `joined` is
    read in the same statement as the row.
    """
    return relationship(primaryjoin=f"foreign({column}) == remote({target})", lazy="joined" if joined else "select")


def read_id(text: str | None) -> int | None:
    """Return the id that an address or a form names; None for anything that is not written as one."""
    return int(text) if text and _ID_TEXT.fullmatch(text) else None
