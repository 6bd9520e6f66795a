"""Which columns say who somebody is: a model names them once, in `__personal__ = ("name", …)` (P:CRM-22).

The audit log, which is never changed, keeps dots in place of their values; erasure blanks them.
"""

from typing import Any

from sqlalchemy import JSON, inspect

from app.database.base import CompanyModel
from app.database.encryption import is_encrypted


def personal_columns(model: type[CompanyModel]) -> frozenset[str]:
    """Return the attributes of a model's personal columns: those it names, and whatever is encrypted."""
    mapper: Any = inspect(model)
    encrypted = {attribute.key for attribute in mapper.column_attrs if is_encrypted(attribute.columns[0].type)}
    return frozenset(encrypted | set(getattr(model, "__personal__", ())))


def clear_personal(record: CompanyModel) -> None:
    """Blank the personal columns of a record."""
    columns = inspect(type(record)).columns
    for name in personal_columns(type(record)):
        column = columns[name]
        blank: Any = {} if isinstance(column.type, JSON) else ""
        setattr(record, name, None if column.nullable else blank)
