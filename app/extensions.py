"""Flask extensions, created unbound; the factory binds them."""

from hashlib import sha256
from typing import Any

from flask import current_app
from flask_appbuilder import AppBuilder, Model
from flask_wtf import CSRFProtect
from sqlalchemy import Table

LONGEST_NAME = 63  # PostgreSQL's limit.


def _table_and_columns(constraint: Any, table: Table) -> str:
    """Name a key or index by its table and columns, cut with a digest where PostgreSQL would not take it."""
    name = "_".join([table.name, *(column.name for column in constraint.columns if column.name != "company_id")])
    room = LONGEST_NAME - len("xx_")
    return name if len(name) <= room else f"{name[: room - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


# Set before FAB's security models are imported, so that ab_* constraints have names too.
Model.metadata.naming_convention = {
    "of": _table_and_columns,
    "ix": "ix_%(of)s",
    "uq": "uq_%(of)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(of)s",
    "pk": "pk_%(table_name)s",
}

csrf = CSRFProtect()


def new_appbuilder() -> AppBuilder:
    """Return a fresh AppBuilder: one per app, because tests build several apps."""
    return AppBuilder()


def appbuilder() -> AppBuilder:
    """Return the running app's AppBuilder, which puts itself on the app in a way that types do not see."""
    return current_app.extensions["appbuilder"]
