"""What the list page of a view shows, read from the address."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import current_app, flash, request, url_for
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.widgets import ListWidget, RenderTemplateWidget

from app.crud.archiving import shown_ones, shows_archived
from app.crud.asking import asking_address
from app.crud.bulk.steps import MOST_RECORDS, bulk_steps
from app.crud.columns import Kind, ScreenColumn
from app.crud.conditions import OPERATORS, Condition, read_conditions, unknown_order
from app.crud.default_filters import applied_default
from app.crud.links import linked
from app.crud.listing import COUNT_CAP, ListQuery
from app.crud.personal import masked, note_list
from app.crud.pivots.table import NAMES as PIVOT_NAMES
from app.crud.saved_filters import kept_part
from app.crud.slots import Column, CreateMode
from app.database.archiving import Archivable
from app.errors import ValidationError
from app.i18n import _, member_words
from app.masterdata.normalise import clean_text, parse_date
from app.security.masking import sees_all_personal
from app.security.records import title_of
from app.security.roles import may

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.crud.view import CrudView

LONGEST_SEARCH = 100
PAGE_SIZES = (25, 50, 100, 200)
_FROM_THE_START = ("list", "board", "calendar_page", "pivot")
DAY = "on"  # The argument of a list that shows what happens on one day, as its calendar tells it.


class SearchWidget(RenderTemplateWidget):
    """Quick search, filters and chips: FAB's own carries every row of every related table."""

    template = "appbuilder/general/widgets/search.html"


def base_query(view: "CrudView", actor: User, *, verb: str) -> ListQuery:
    """Return all that the actor reaches by this verb: what one record is looked up in."""
    return ListQuery(view.model, actor, (*view.columns, *view.show_columns), verb=verb)


def query_of(
    view: "CrudView", actor: User, arguments: "MultiDict[str, str]", *, verb: str = "list"
) -> tuple[ListQuery, list[Any]]:
    """Return the list that the arguments of an address ask for, and a refusal for each filter that makes no sense."""
    conditions, refused = read_conditions(filters_for(view, actor, verb=verb), arguments)
    if view.shape.limits.hides(arguments.get(f"_oc_{view.endpoint}", "")):
        refused.append(unknown_order(arguments[f"_oc_{view.endpoint}"]))
    order, descending = _order(view, actor, arguments, verb)
    day, wrong = _asked_day(view, arguments)
    refused += wrong
    on_day = () if day is None or view.diary is None else (view.diary.happens_on(day),)
    return ListQuery(
        view.model,
        actor,
        view.columns,
        conditions,
        search_text(view, arguments.get("q", "")),
        order,
        descending,
        (*shown_ones(view.model, archived=shows_archived(arguments)), *on_day),
        verb=verb,
    ), refused


def filters_for(view: "CrudView", actor: User, *, verb: str = "list") -> list[ScreenColumn]:
    """Return the columns that the actor may filter by: a filter on a masked value would tell it bit by bit."""
    return [column for column in view.filter_columns if is_clear(view, column, actor, verb)]


def orders_for(view: "CrudView", actor: User, *, verb: str = "list") -> list[ScreenColumn]:
    """Return the columns that the actor may sort by; the order of masked values would tell them too."""
    return [column for column in view.columns if column.is_sortable and is_clear(view, column, actor, verb)]


def search_text(view: "CrudView", typed: str) -> str:
    """Return what is searched for; nothing where the model is not searched."""
    return (clean_text(typed) or "")[:LONGEST_SEARCH] if view.is_searchable else ""


def is_clear(view: "CrudView", column: ScreenColumn, actor: User, verb: str = "list") -> bool:
    """Tell whether the actor sees the values of a column as they are."""
    return column.name not in view.personal or sees_all_personal(actor, view.model, verb=verb)


def context(view: "CrudView", actor: User) -> dict[str, Any]:
    """Return everything the list template needs."""
    query, refused = query_of(view, actor, request.args)
    for error in refused:
        flash(str(error), "warning")
    size = _whole(f"psize_{view.endpoint}", PAGE_SIZES[0], PAGE_SIZES[-1]) or PAGE_SIZES[0]
    number, from_end = _whole(f"page_{view.endpoint}", 0, 10**9), request.args.get("end", "").isdecimal()
    if from_end:
        number = max(_whole("end", 1, 10**9), 1) - 1
    records = query.page(number, size, from_end=from_end)
    count = query.count_around(len(records), before=number * size, asked=size)
    shown = [*view.columns, *view.slots(Column, actor)]
    rows = [row_of(view, record, actor) for record in records]
    note_list(records, view.columns, view.shown_personal, actor)
    _add_slots(view, query, rows, [record.id for record in records])
    steps = bulk_steps(view, actor, archived=shows_archived(request.args)).values()
    widget = ListWidget(
        label_columns={column.name: column.label for column in shown},
        include_columns=[column.name for column in shown],
        value_columns=rows,
        order_columns=[column.name for column in orders_for(view, actor)],
        formatters_columns={},
        page=number,
        page_size=size,
        count=min(count, COUNT_CAP),
        count_capped=count > COUNT_CAP,
        from_end=from_end,
        pks=[record.id for record in records],
        actions={},
        filters=view._filters,
        modelview_name=view.endpoint,
        view=view,
        page_sizes=PAGE_SIZES,
        hidden_columns=list(view.hidden_columns),
        bulk=[{"step": step, "url": link_to(view, "bulk", name=step.name)} for step in steps],
        bulk_all=len(records) < count <= MOST_RECORDS,
        numeric_columns=[column.name for column in shown if is_number(column)],
        order=query.order.name if query.order else "",
        descending=query.descending,
        versions=[getattr(record, "version", None) for record in records],
    )
    return {
        "title": view.title,
        "widgets": {"list": widget, "search": search_widget(view, query)},
        "views": view_switch(view, "list"),
        "view": view,
        **_export(view, actor, is_long=count > current_app.config["EXPORT_AT_ONCE_ROWS"]),
        "create_modes": _create_modes(view, actor),
        "sheet_url": link_to(view, "sheet") if may_edit_sheets(view, actor) else None,
        "import_url": link_to(view, "import_file") if view.importer and may(actor, "import", view.resource) else None,
    }


def _export(view: "CrudView", actor: User, *, is_long: bool) -> dict[str, Any]:
    """Return where the list leaves as Excel; a long one is asked for by POST, one with personal data asks for whom."""
    if not may(actor, "export", view.resource):
        return {"export_url": None}
    direct = link_to(view, "export")
    address = asking_address(direct, is_personal=bool(view.shown_personal))
    return {"export_url": address, "export_is_long": is_long and address == direct}


def search_widget(view: "CrudView", query: ListQuery) -> SearchWidget:
    """Return search, filters and chips, as the list and its board show them."""
    actor = query.actor
    return SearchWidget(
        route_base=view.route_base,
        view=view,
        filter_columns=[_describe(column) for column in filters_for(view, actor)],
        chips=[*_day_chip(view), *(_chip(condition, actor) for condition in query.conditions)],
        lookup_url=f"{view.route_base}/lookup",
        default_filter=applied_default(view, kept_part(view, request.query_string.decode("utf-8", "replace"))),
        saved_filters_url=link_to(view, "saved_filters"),
        is_archivable=issubclass(view.model, Archivable),
        shows_archived=shows_archived(request.args),
        **({"q": query.text} if view.is_searchable else {}),
    )


def view_switch(view: "CrudView", shown: str) -> list[dict[str, Any]]:
    """Return the ways to see these records, with the filters that are in force."""
    ways = [("list", _("List"), "list")]
    if view.kanban_board is not None and view.kanban_board.is_shown:
        ways.append(("board", _("Board"), "square-kanban"))
    if view.diary is not None and view.diary.is_shown:
        ways.append(("calendar_page", _("Calendar"), "calendar-days"))
    ways.append(("pivot", _("Statistics"), "chart-column"))
    return [
        {"url": link_to(view, method), "label": label, "icon": icon, "active": method == shown}
        for method, label, icon in ways
    ]


def may_edit_sheets(view: "CrudView", actor: User) -> bool:
    """Tell whether the actor may change many records of this list at once, in Excel."""
    return "edit" in view.verbs and may(actor, "edit", view.resource)


def is_number(column: Any) -> bool:
    """Tell whether a column is set flush right."""
    return column.kind in (Kind.INTEGER, Kind.QUANTITY, Kind.MONEY)


def row_of(view: "CrudView", record: Any, actor: User) -> dict[str, Any]:
    """Return what the list shows of one record: personal data masked, and other records as links.

    The first column is itself the link to the record.
    """
    row = {column.name: shown_value(view, column, record, actor) for column in view.columns}
    for column in view.columns[1:]:
        if column.may_be_record:
            row[column.name] = linked(row[column.name], actor)
    return row


def shown_value(view: "CrudView", column: ScreenColumn, record: Any, actor: User) -> Any:
    """Return one value as this actor may see it."""
    return masked(record, column.name, column.value_of(record), view.personal, actor)


def _add_slots(view: "CrudView", query: ListQuery, rows: list[dict[str, Any]], keys: list[int]) -> None:
    slots = view.slots(Column, query.actor)
    if not (slots and keys):
        return
    found = query.slot_values(keys, [slot.expression(view.model) for slot in slots])
    for row, key in zip(rows, keys, strict=True):
        row.update(zip([slot.name for slot in slots], found[key], strict=True))


def _order(
    view: "CrudView", actor: User, arguments: "MultiDict[str, str]", verb: str
) -> tuple[ScreenColumn | None, bool]:
    asked = arguments.get(f"_oc_{view.endpoint}", "")
    by_name = {column.name: column for column in orders_for(view, actor, verb=verb)}
    if asked in by_name:
        return by_name[asked], arguments.get(f"_od_{view.endpoint}") == "desc"
    return view.order_column, view.order_column is None or view.order[1] == "desc"


def _create_modes(view: "CrudView", actor: User) -> list[dict[str, Any]]:
    """Return the ways to make a new record that the actor may go."""
    found = []
    for mode in view.slots(CreateMode, actor):
        target = current_app.extensions["crud_views"].get(mode.target)
        if may(actor, "add", mode.target):
            url = mode.url() if mode.url is not None else target and url_for(f"{target.endpoint}.add")
            found += [{"label": mode.label, "icon": mode.icon, "url": url}] if url else []
    return found


def _whole(name: str, default: int, limit: int) -> int:
    """Read a whole number from the address; anything else is the default."""
    raw = request.args.get(name, "")
    return min(int(raw), limit) if raw.isdecimal() and len(raw) < 19 else default


def link_to(view: "CrudView", method: str, **path: Any) -> str:
    """Return the address of a page of the view that keeps the filters of this one."""
    address = url_for(f"{view.endpoint}.{method}", **path)
    asked = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if method not in _FROM_THE_START or not (_is_place(name) or name in PIVOT_NAMES)
    ]
    return f"{address}?{urlencode(asked)}" if asked and method != "import_file" else str(address)


def _is_place(name: str) -> bool:
    """Tell whether an argument says which page of the list, or of its calendar, is shown."""
    return name in ("end", "by", "at", DAY) or name.startswith("page_")


def _asked_day(view: "CrudView", arguments: "MultiDict[str, str]") -> tuple[dt.date | None, list[Any]]:
    """Return the day whose records are asked for, and the refusal of one that makes no sense."""
    if view.diary is None or not view.diary.is_shown or not arguments.get(DAY, "").strip():
        return None, []
    try:
        return parse_date(arguments[DAY], field=DAY), []
    except ValidationError as error:
        return None, [error]


def _day_chip(view: "CrudView") -> list[dict[str, Any]]:
    day, _refused = _asked_day(view, request.args)
    raw = request.args.get(DAY, "")
    label, operator = str(_("Day")), str(_("is"))
    return [] if day is None else [{"label": label, "op": operator, "value": str(day), "key": DAY, "raw": raw}]


def _describe(column: ScreenColumn) -> dict[str, Any]:
    choices = [[member.value, str(member_words(member))] for member in column.choices] if column.choices else []
    return {
        "name": column.name,
        "label": str(column.label),
        "kind": column.kind.value,
        "choices": choices,
        "operators": [[number, str(operator.label)] for number, operator in enumerate(OPERATORS[column.kind])],
    }


def _chip(condition: Condition, actor: User) -> dict[str, Any]:
    column, shown = condition.column, condition.raw
    if column.kind is Kind.REFERENCE:
        shown = title_of(column.target, condition.value, actor=actor) or condition.raw
    elif column.kind is Kind.CHOICE:
        shown = str(member_words(condition.value))
    elif column.kind is Kind.BOOL:
        shown = str(_("Yes") if condition.value else _("No"))
    return {
        "label": str(column.label),
        "op": str(condition.operator.label),
        "value": shown,
        "key": condition.key,
        "raw": condition.raw,
    }
