"""A new record that begins as another one: its form is filled, and nothing is saved until somebody looks at it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request, url_for
from flask_appbuilder.security.sqla.models import User

from app.database.base import CompanyModel
from app.database.personal import personal_columns
from app.security.roles import acting_user, may

if TYPE_CHECKING:
    from app.crud.view import CrudView

ARGUMENT = "copy"  # In the address of an add form: the id of the record to begin with.


class CopiedRecord:
    """A record as the form of its copy shows it: without what must differ, and without the data of a person."""

    def __init__(self, record: CompanyModel, left_out: set[str], lines: str | None) -> None:
        self._record, self._left_out, self._lines = record, left_out, lines

    def __getattr__(self, name: str) -> Any:
        if name in self._left_out:
            return None
        value = getattr(self._record, name)
        if name == self._lines:
            return [CopiedRecord(line, {"id"}, None) for line in value]
        return value


def offers_copies(view: "CrudView") -> bool:
    """Tell whether records of this view are copied: the copy of a person would be a duplicate."""
    if view.copies is not None:
        return view.copies
    return not view.personal and not personal_columns(view.model)


def copied_record(view: "CrudView") -> CopiedRecord | None:
    """Return what an add form begins with: the record that the address names, if the actor may read it."""
    asked = request.args.get(ARGUMENT)
    if asked is None or not offers_copies(view) or not may(acting_user(), "show", view.resource):
        return None
    record = view.find_record(asked, verb="show")
    if record is None:
        return None
    left_out = {"id", *view.personal, *_unique_names(view.model)}
    return CopiedRecord(record, left_out, view.lines.name if view.lines else None)


def copy_url(view: "CrudView", record: CompanyModel, actor: User) -> str | None:
    """Return where a copy of the record is begun; None where the actor may not, or the view does not offer it."""
    if not offers_copies(view) or "add" not in view.verbs or not may(actor, "add", view.resource):
        return None
    return f"{url_for(f'{view.endpoint}.add')}?{urlencode({ARGUMENT: record.id})}"


def _unique_names(model: type[CompanyModel]) -> set[str]:
    """Return the columns whose value belongs to one record of the company alone, such as a number."""
    table: Any = model.__table__
    unique = [one.columns for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    unique += [one.columns for one in table.indexes if one.unique]
    keys = [{column.name for column in columns} - {"company_id"} for columns in unique]
    return {name for names in keys if len(names) == 1 for name in names}
