"""Records that somebody names by their id, in a form, a filter or a dialog: he meets only those that he may see."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Membership
from app.database.base import CompanyModel, Model, title_options
from app.database.context import acting_user_id, active_company
from app.database.session import session
from app.security.roles import may
from app.security.scope import resource_of, visible


def present_actor() -> User | None:
    """Return the user for whom this request or job runs; None for the system."""
    user_id = acting_user_id()
    return session.get(User, user_id) if user_id is not None else None


def only_visible(statement: sa.Select[Any], model: Any, actor: User | None) -> sa.Select[Any]:
    """Leave what the actor may list, of users those of the active company; the system (None) sees all."""
    if actor is None:
        return statement
    if issubclass(model, User):
        members = sa.select(Membership.user_id).where(Membership.company_id == active_company())
        return statement.where(model.id.in_(members))
    within = visible(model, actor) if issubclass(model, CompanyModel) else None
    return statement if within is None else statement.where(within)


def find_visible(model: Any, key: int, *, actor: User | None) -> Any | None:
    """Return the record of this id if the actor may list it."""
    return session.scalar(only_visible(sa.select(model).where(model.id == key), model, actor))


def model_of(resource: str) -> type[CompanyModel] | None:
    """Return the model of a resource, if the running code has it."""
    mapped = (mapper.class_ for mapper in Model.registry.mappers)
    return next((one for one in mapped if issubclass(one, CompanyModel) and resource_of(one) == resource), None)


def visible_titles(ids: Mapping[str, Collection[int]], *, actor: User) -> dict[tuple[str, int], str]:
    """Return the titles of those among these records whose page the actor may open; one statement per resource."""
    found = {}
    for resource, keys in ids.items():
        model = model_of(resource)
        if model is not None and keys and may(actor, "show", resource):
            within = visible(model, actor, verb="show")
            found.update(_titles(model, resource, keys, *([] if within is None else [within])))
    return found


def titles_of(ids: Mapping[str, Collection[int]]) -> dict[tuple[str, int], str]:
    """Return the titles of these records of the active company, whoever asks; one statement per resource."""
    found = {}
    for resource, keys in ids.items():
        model = model_of(resource)
        if model is not None and keys:
            found.update(_titles(model, resource, keys))
    return found


def _titles(
    model: type[CompanyModel], resource: str, keys: Collection[int], *conditions: sa.ColumnElement[bool]
) -> dict[tuple[str, int], str]:
    statement = sa.select(model).where(model.id.in_(keys), *conditions).options(*title_options(model))
    return {(resource, record.id): str(record) for record in session.scalars(statement)}


def title_of(model: Any, key: int, *, actor: User | None) -> str:
    """Return the title of a record; empty for one that is not there, and for one that the actor may not list."""
    record = find_visible(model, key, actor=actor)
    return "" if record is None else str(record)
