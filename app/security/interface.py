"""FAB's door to the database, closed for writing: it would commit. Lists read through `listing`."""

from typing import Any, NoReturn

from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.database.session import session


class ReadInterface(SQLAInterface):
    """What FAB's views hold as `datamodel`. Writes raise: services write."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, session)

    def _refuse(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise RuntimeError("FAB tried to write; views write through services")

    add = edit = delete = delete_all = _refuse

    def get_related_obj(self, col_name: str, value: Any) -> Any:
        """Return the record of a list shown beside its own; FAB asks in a way that SQLAlchemy has given up."""
        return self.session.get(self.get_related_model(col_name), value)


class NoFilters:
    """Stands where FAB keeps the filters of a view, shared by all threads. Ours live in the address alone."""

    filters: tuple[Any, ...] = ()
    values: tuple[Any, ...] = ()

    def get_filters_values(self) -> list[Any]:
        """Return nothing, to FAB's templates that carry filters in links."""
        return []
