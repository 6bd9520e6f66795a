"""Base classes of every table."""

import datetime as dt
from typing import Any

from flask_appbuilder import Model as FabModel
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, declared_attr, joinedload, mapped_column

from app.database.columns import Id, UtcDateTime, utc_now
from app.database.context import acting_user_id


class Model(FabModel):
    """FAB's model, made strict: a second class on the same table is an error."""

    __abstract__ = True
    __table_args__: Any = {}  # FAB's default, extend_existing, merges two classes silently.

    id: Mapped[int] = mapped_column(Id, primary_key=True)

    def __str__(self) -> str:
        return str(getattr(self, title_column(type(self)), None) or f"#{self.id}")


def title_column(model: type[Any]) -> str:
    """Return the column that titles a record: `__title__`, or the first of the usual ones."""
    usual = (getattr(model, "__title__", None), "name", "title", "number", "username", "code", "id")
    return next(name for name in usual if name and hasattr(model, name))


def title_options(model: type[Any]) -> list[Any]:
    """Return how to load records whose titles are asked for: with the related ones that `__title_from__` names."""
    return [joinedload(getattr(model, name)) for name in getattr(model, "__title_from__", ())]


class CompanyModel(Model):
    """A business row: it belongs to one company, refuses stale writes, and knows who wrote it when."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    custom: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @declared_attr
    def company_id(cls) -> Mapped[int]:
        """The owner; the session fills it in and filters on it."""
        return mapped_column(Id, ForeignKey("companies_company.id"), info={"company": True})

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        """The user who wrote the row first; None for the system."""
        return mapped_column(ForeignKey("ab_user.id"), default=acting_user_id)

    @declared_attr
    def updated_by_id(cls) -> Mapped[int | None]:
        """The user who wrote the row last; None for the system."""
        return mapped_column(ForeignKey("ab_user.id"), default=acting_user_id, onupdate=acting_user_id)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:
        return {"version_id_col": cls.version}


def _company_column(table: Table) -> Column[Any] | None:
    column = table.columns.get("company_id")
    return column if column is not None and column.info.get("company") else None


def _add_company_keys(table: Table, metadata: MetaData) -> None:
    """Give a company table its (company_id, id) key and its references within the company."""
    if _company_column(table) is None or metadata is not FabModel.metadata:  # A copy made by Alembic has them.
        return
    if "id" in table.columns:  # This key also serves as the index on company_id.
        table.append_constraint(UniqueConstraint("company_id", "id"))
    for column in table.columns:
        if target := column.info.get("references"):
            table.append_constraint(
                ForeignKeyConstraint(
                    ["company_id", column.name],
                    [f"{target}.company_id", f"{target}.id"],
                    use_alter=column.info.get("late", False),
                )
            )
            if column.info.get("indexed", True):
                Index(None, table.c.company_id, column)


def _never_reuse_ids(table: Table, _connection: Connection, **_options: Any) -> None:
    """Have SQLite never give the id of a deleted row again; comments and history point at records by id.

    It is said when the table is made, in a migration too, so that none can forget it.
    """
    key = list(table.primary_key.columns)
    if len(key) == 1 and isinstance(key[0].type, Integer) and not key[0].foreign_keys:
        table.dialect_kwargs["sqlite_autoincrement"] = True


def is_company_table(table: Table) -> bool:
    """Tell whether rows of this table belong to one company."""
    return _company_column(table) is not None


event.listen(Table, "after_parent_attach", _add_company_keys)
event.listen(Table, "before_create", _never_reuse_ids)
