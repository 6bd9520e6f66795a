"""What a REST caller asks of a list: `q`, an object in rison or JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

import prison
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.crud.archiving import shown_ones
from app.crud.columns import ScreenColumn
from app.crud.conditions import Condition, make_condition, unknown_filter
from app.crud.default_filters import find_filter
from app.crud.list_page import filters_for, orders_for, query_of, search_text
from app.crud.listing import ListQuery
from app.database.columns import read_id
from app.errors import ValidationError
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

NAMES = ("archived", "filters", "search", "columns", "order_column", "order_direction", "page", "page_size")
DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE = 25, 1_000
MAXIMUM_PAGE = 10**9


@dataclass(frozen=True)
class AskedList:
    """The list, the page of it, and the columns that were asked for."""

    query: ListQuery
    page: int
    page_size: int
    columns: list[ScreenColumn]


def read_query(view: "CrudView", actor: User, raw: str, saved: str | None = None) -> AskedList:
    """Return what `q` asks for, within the `saved` filter of this number if one is named.

    Conditions are added to those of the filter; a search or an order takes the place of its own. Raises
    ValidationError naming what cannot be read, or is not known here; NotFound for a filter that is not offered.
    """
    begun = _saved(view, actor, saved)
    asked = _parse(raw)
    for name in asked:
        if name not in NAMES:
            _refuse(str(name))
    order, descending = _order(view, actor, asked)
    if begun is not None and not {"order_column", "order_direction"} & asked.keys():
        order, descending = begun.order, begun.descending
    search = asked.get("search", begun.text if begun is not None else "")
    if not isinstance(search, str):
        _refuse("search")
    conditions = _conditions(view, actor, asked.get("filters", []))
    extra: Sequence[Any] = shown_ones(view.model, archived=asked.get("archived") is True)
    if begun is not None:
        conditions = [*begun.conditions, *conditions]
        extra = begun.extra if "archived" not in asked else extra
    return AskedList(
        ListQuery(view.model, actor, view.columns, conditions, search_text(view, search), order, descending, extra),
        _whole(asked, "page", 0, 0, MAXIMUM_PAGE),
        _whole(asked, "page_size", DEFAULT_PAGE_SIZE, 1, MAXIMUM_PAGE_SIZE),
        _columns(view, asked.get("columns")),
    )


def _saved(view: "CrudView", actor: User, number: str | None) -> ListQuery | None:
    """Return the list of a saved filter. Raises the refusal of a condition that makes no sense any more."""
    if number is None:
        return None
    kept = find_filter(view, read_id(number), actor=actor)
    query, refused = query_of(view, actor, MultiDict(parse_qsl(kept.query)))
    for error in refused:
        raise error
    return query


def _parse(raw: str) -> dict[str, Any]:
    if not raw.strip():
        return {}
    for read in (prison.loads, json.loads):
        try:
            found = read(raw)
        except Exception:  # noqa: BLE001, S112  # The parser of rison fails in any way there is.
            continue
        if isinstance(found, dict):
            return found
    return _refuse("q")


def _conditions(view: "CrudView", actor: User, filters: Any) -> list[Condition]:
    by_name = {column.name: column for column in filters_for(view, actor)}
    if not isinstance(filters, list):
        _refuse("filters")
    found = []
    for one in filters:
        if not isinstance(one, dict) or set(one) != {"col", "opr", "value"}:
            _refuse("filters")
        if str(one["col"]) not in by_name:
            raise unknown_filter(str(one["col"]))
        if not isinstance(one["value"], str | int | float):  # True and False are ints.
            _refuse("value")
        found.append(make_condition(by_name[str(one["col"])], str(one["opr"]), str(one["value"])))
    return found


def _order(view: "CrudView", actor: User, asked: dict[str, Any]) -> tuple[ScreenColumn | None, bool]:
    direction = asked.get("order_direction", view.order[1])
    if direction not in ("asc", "desc"):
        _refuse("order_direction")
    if "order_column" not in asked:
        return view.order_column, direction == "desc"
    column = next((one for one in orders_for(view, actor) if one.name == asked["order_column"]), None)
    if column is None:
        _refuse("order_column")
    return column, direction == "desc"


def _columns(view: "CrudView", wanted: Any) -> list[ScreenColumn]:
    if wanted is None:
        return [*view.columns]
    by_name = {column.name: column for column in view.columns}
    if not isinstance(wanted, list) or any(not isinstance(name, str) or name not in by_name for name in wanted):
        _refuse("columns")
    return [by_name[name] for name in wanted]


def _whole(asked: dict[str, Any], name: str, default: int, minimum: int, maximum: int) -> int:
    value = asked.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise ValidationError(
            "query.range",
            _("'%(name)s' is a whole number from %(minimum)s to %(maximum)s."),
            field=name,
            name=name,
            minimum=minimum,
            maximum=maximum,
        )
    return value


def _refuse(name: str) -> NoReturn:
    raise ValidationError("query.unreadable", _("'%(name)s' cannot be read."), field=name[:40], name=name[:40])
