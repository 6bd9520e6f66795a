"""Which columns say who somebody is, and how rows belong to a record (P:CRM-22).

A model names such columns once:

- `__personal__ = ("name", …)`: what the row says of the person that it is about; erasure blanks it.
- `__quotes__ = ("error", …)`: free text that may repeat a name or a number; erasure stars these words out.
- `__attached__ = Attached()`: the row is about another record, as a comment is; erased together with it.

The audit log, which is never changed, keeps dots in place of their values.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, inspect

from app.database.base import CompanyModel
from app.database.encryption import is_encrypted


@dataclass(frozen=True)
class Attached:
    """How rows name the record that they are about: in two columns, or `through` a reference to rows that do."""

    resource: str = "resource"
    record_id: str = "record_id"
    through: str | None = None


def personal_columns(model: type[CompanyModel]) -> frozenset[str]:
    """Return the attributes of a model's personal columns: those it names, and whatever is encrypted."""
    mapper: Any = inspect(model)
    encrypted = {attribute.key for attribute in mapper.column_attrs if is_encrypted(attribute.columns[0].type)}
    return frozenset(encrypted | set(getattr(model, "__personal__", ())))


def quoting_columns(model: type[CompanyModel]) -> tuple[str, ...]:
    """Return the attributes of the columns whose text may repeat what is known of a person."""
    return tuple(getattr(model, "__quotes__", ()))


def clear_personal(record: CompanyModel) -> None:
    """Blank the personal columns of a record."""
    columns = inspect(type(record)).columns
    for name in personal_columns(type(record)):
        column = columns[name]
        blank: Any = {} if isinstance(column.type, JSON) else ""
        setattr(record, name, None if column.nullable else blank)
