"""Record scope: which rows of an owned model a user's roles reach in the active company."""

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.base import CompanyModel


def visible(model: type[CompanyModel], actor: User, *, verb: str | None = None) -> sa.ColumnElement[bool] | None:
    """Return the condition under which the actor reaches rows; None means that there is no restriction."""
    raise NotImplementedError
