"""The description of one resource for OpenAPI, read off its running view: what it takes, answers and can do."""

from typing import TYPE_CHECKING, Any

from app.crud.columns import Kind, ScreenColumn
from app.crud.exporting.pages import EXCEL
from app.crud.fields import (
    ChoiceField,
    DayField,
    DecimalField,
    FlagField,
    InstantField,
    ReferenceField,
    TextField,
    WholeNumberField,
)
from app.crud.line_fields import LinesField
from app.crud.trails import has_trail
from app.workflow.arguments import Argument

if TYPE_CHECKING:
    from app.crud.view import CrudView

Node = dict[str, Any]
_IDS: Node = {"type": "array", "items": {"type": "integer"}}
_TEXT: Node = {"type": "string"}
_SHOWN: dict[Kind, Node] = {
    Kind.INTEGER: {"type": "integer", "nullable": True},
    Kind.BOOL: {"type": "boolean", "nullable": True},
    Kind.DATE: {"type": "string", "format": "date", "nullable": True},
    Kind.DATETIME: {"type": "string", "format": "date-time", "nullable": True},
    Kind.MONEY: {"type": "string", "format": "decimal", "nullable": True},
    Kind.QUANTITY: {"type": "string", "format": "decimal", "nullable": True},
    Kind.COMPUTED: {},
}
_RECORD: Node = {"type": "object", "properties": {"id": {"type": "integer"}, "title": _TEXT}, "nullable": True}
_TYPED: tuple[tuple[type[Any], Node], ...] = (
    (DayField, {"type": "string", "format": "date"}),
    (InstantField, {"type": "string", "format": "date-time"}),
    (DecimalField, {"type": "string", "format": "decimal"}),
    (FlagField, {"type": "boolean"}),
    (WholeNumberField, {"type": "integer"}),
    (ReferenceField, {"type": "integer", "description": "The id of a record."}),
)
_ARGUMENTS: dict[str, Node] = {
    "id": {"type": "integer"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "decimal": {"type": "string", "format": "decimal"},
}
_QUERY: Node = {
    "in": "query",
    "name": "q",
    "schema": _TEXT,
    "description": "Rison or JSON: (filters:!((col:…,opr:…,value:…)),search:…,order_column:…,page:0,page_size:25)",
}
_SAVED: Node = {
    "in": "query",
    "name": "saved",
    "schema": {"type": "integer"},
    "description": "The id of a saved filter; what `q` asks for is looked for within it.",
}
_FILTER: Node = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": _TEXT,
        "query": {**_TEXT, "description": "What the address of the list says."},
        "is_shared": {"type": "boolean"},
        "is_default": {"type": "boolean"},
        "sharer": _TEXT,
    },
}
_KEY: Node = {"in": "header", "name": "Idempotency-Key", "schema": _TEXT, "description": "Sent twice, it makes one."}
_ID: Node = {"in": "path", "name": "pk", "required": True, "schema": {"type": "integer"}}
_SEEN: Node = {
    "in": "query",
    "name": "version",
    "schema": {"type": "integer"},
    "description": "Refuses the request if it is overtaken.",
}
_REFUSED: Node = {
    "type": "object",
    "properties": {"error": _TEXT, "message": _TEXT, "field": {**_TEXT, "nullable": True}, "data": {"type": "object"}},
}
_FILE: Node = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "xlsx or csv"},
        "upload": {**_TEXT, "description": "In place of the file: what the job of a check before answered."},
        "run": {"type": "boolean", "description": "Keep the rows if none is wrong; without it they are only checked."},
        "skip_duplicates": {"type": "boolean", "description": "Leave out what exists already."},
    },
}
_JOB: Node = {"type": "object", "properties": {"id": {"type": "integer"}, "url": _TEXT}}
_STEP: Node = {"in": "path", "name": "step", "required": True, "schema": _TEXT}
_BULK: Node = {
    "type": "object",
    "properties": {
        "ids": {"type": "object", "description": "The version of each record by its id."},
        "arguments": {"type": "object"},
        "together": {"type": "boolean", "description": "If one is refused, nothing is done."},
    },
}
_BULK_DONE: Node = {
    "type": "object",
    "properties": {"done": {"type": "array"}, "refused": {"type": "array"}, "stopped": {"type": "boolean"}},
}
_RELATED: Node = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("resource", "kind", "title", "state", "owner", "url"), _TEXT),
        "record_id": {"type": "integer"},
        "day": _SHOWN[Kind.DATE],
        "amount": _SHOWN[Kind.MONEY],
        "is_here": {"type": "boolean"},
    },
}
_SAID: Node = {"type": "object", "properties": {"id": {"type": "integer"}, "body": _TEXT, "at": _TEXT}}


def describe_resource(spec: Any, view: "CrudView", base: str) -> None:
    """Add the schemas and the addresses of a view to the specification."""
    name = view.resource
    if "Refusal" not in spec.components.schemas:
        spec.components.schema("Refusal", _REFUSED)
    spec.components.schema(f"{name}.list", _row([*view.columns]))
    spec.components.schema(f"{name}.show", _shown(view))
    spec.components.schema(f"{name}.post", _input(view.add_form, view.add_names))
    spec.components.schema(f"{name}.put", _input(view.edit_form, view.edit_names, changing=True))
    rows: Node = {"type": "array", "items": _named(name, "list")}
    page: Node = {"count": {"type": "integer"}, "count_capped": {"type": "boolean"}, "result": rows}
    verbs = set(view.verbs)
    operations: dict[str, Node] = {
        "get": _operation(name, "One page of the list", _object(page), parameters=[_QUERY, _SAVED])
    }
    if "add" in verbs:
        made = _envelope(name)
        operations["post"] = _operation(name, "Create one", made, _named(name, "post"), status="201", parameters=[_KEY])
    spec.path(path=f"{base}/", operations=operations)
    offered = _object({"result": {"type": "array", "items": _FILTER}})
    spec.path(path=f"{base}/filters", operations={"get": _operation(name, "Saved filters", offered, parameters=[])})
    of_one: dict[str, Node] = {}
    if "show" in verbs:
        of_one["get"] = _operation(name, "One record", _envelope(name), parameters=[_ID])
    if "edit" in verbs:
        of_one["put"] = _operation(name, "Change one", _envelope(name), _named(name, "put"), parameters=[_ID])
    if "delete" in verbs:
        of_one["delete"] = _operation(name, "Delete one", _object({"message": _TEXT}), parameters=[_ID, _SEEN])
    spec.path(path=f"{base}/{{pk}}", operations=of_one)
    _describe_files(spec, view, base)
    _describe_trail(spec, view, base)
    if "show" in verbs:
        said = _operation(
            name, "Comment on one", _SAID, _object({"body": _TEXT, "mentions": _IDS}), status="201", parameters=[_ID]
        )
        spec.path(path=f"{base}/{{pk}}/comment", operations={"post": said})
    if view.workflow is not None and view.workflow.locks is not None and "edit" in verbs:
        taken = _object({"values": _named(name, "put"), "reason": _TEXT, "version": {"type": "integer"}})
        made = _object({"id": {"type": "integer"}, "number": _TEXT, "state": _TEXT, "asked": _TEXT})
        asking = _operation(name, "Ask for a change of confirmed fields", made, taken, status="201", parameters=[_ID])
        spec.path(path=f"{base}/{{pk}}/ask_change", operations={"post": asking})
    done = _operation(name, "One step with many records", _BULK_DONE, _BULK, parameters=[])
    spec.path(path=f"{base}/bulk/{{step}}", operations={"post": {**done, "parameters": [_STEP]}})
    for transition in view.workflow.transitions.values() if view.workflow else ():
        if not transition.automatic:
            body = _object({"version": {"type": "integer"}, **_arguments(transition.arguments)})
            post = _operation(name, str(transition.label), _envelope(name), body, parameters=[_ID])
            spec.path(path=f"{base}/{{pk}}/{transition.name}", operations={"post": post})


def _describe_files(spec: Any, view: "CrudView", base: str) -> None:
    """Add the import, which answers a job, and the export."""
    if view.importer is not None:
        taken = _operation(view.resource, "Import a file", _JOB, status="202", parameters=[])
        taken["requestBody"] = {"content": {"multipart/form-data": {"schema": _FILE}}}
        spec.path(path=f"{base}/import", operations={"post": taken})
    sent = _operation(view.resource, "The list as Excel, filtered as on its page", {}, parameters=[])
    sent["responses"]["200"]["content"] = {EXCEL: {"schema": {"type": "string", "format": "binary"}}}
    made = _operation(view.resource, "The same in the background, for long lists", _JOB, status="202", parameters=[])
    spec.path(path=f"{base}/export", operations={"get": sent, "post": made})


def _describe_trail(spec: Any, view: "CrudView", base: str) -> None:
    """Add the related documents of a record."""
    if has_trail(view):
        answer = _object({"result": {"type": "array", "items": _RELATED}})
        shown = _operation(view.resource, "Related documents", answer, parameters=[_ID])
        spec.path(path=f"{base}/{{pk}}/trail", operations={"get": shown})


def _operation(
    tag: str, summary: str, answer: Node, body: Node | None = None, *, status: str = "200", parameters: list[Node]
) -> Node:
    refused = {code: _answer(text, _reference("Refusal")) for code, text in _REFUSALS.items()}
    described: Node = {
        "tags": [tag],
        "summary": summary,
        "security": [{"jwt": []}],
        "parameters": parameters,
        "responses": {status: _answer("OK", answer), **refused},
    }
    return described if body is None else described | {"requestBody": _content(body)}


_REFUSALS = {"401": "Log in first", "403": "Not allowed", "404": "No such record", "409": "Overtaken", "422": "Refused"}


def _answer(text: str, schema: Node) -> Node:
    return {"description": text, **_content(schema)}


def _content(schema: Node) -> Node:
    return {"content": {"application/json": {"schema": schema}}}


def _reference(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _named(name: str, part: str) -> Node:
    return _reference(f"{name}.{part}")


def _object(properties: Node) -> Node:
    return {"type": "object", "properties": properties}


def _envelope(name: str) -> Node:
    return _object({"id": {"type": "integer"}, "version": {"type": "integer"}, "result": _named(name, "show")})


def _row(columns: list[ScreenColumn]) -> Node:
    return _object(
        {"id": {"type": "integer"}, "version": {"type": "integer"}, **{one.name: _column(one) for one in columns}}
    )


def _shown(view: "CrudView") -> Node:
    properties = {column.name: _column(column) for column in view.show_columns}
    if view.workflow is not None:
        properties["state"] = _TEXT
    if view.shown_lines is not None:
        properties[view.shown_lines.name] = {"type": "array", "items": _row([*view.line_columns])}
    return _object(properties)


def _column(column: ScreenColumn) -> Node:
    if column.relation is not None and "." not in column.name:
        return _RECORD
    if column.choices is not None:
        return {"type": "string", "enum": [member.value for member in column.choices], "nullable": True}
    if column.kind is Kind.REFERENCE:
        return {"type": "integer", "nullable": True}
    return _SHOWN.get(column.kind, {**_TEXT, "nullable": True})


def _input(kind: Any, names: list[str], *, changing: bool = False) -> Node:
    form = kind(formdata=None, meta={"csrf": False})
    described = _object({name: _field(form[name]) for name in names})
    if changing:
        described["properties"]["version"] = {"type": "integer", "description": "Refuses the write if it is overtaken."}
        return described
    required = [name for name in names if form[name].flags.required and form[name].data is None]
    return described | ({"required": required} if required else {})


def _field(field: Any) -> Node:
    described: Node = {"title": str(field.label.text)}
    if isinstance(field, LinesField):
        line = field.blank().form
        columns = {inner.short_name: _field(inner) for inner in line if inner.short_name != "id"}
        items = _object({"id": {"type": "integer"}, **columns})
        return described | {"type": "array", "maxItems": field.maximum, "items": items}
    if isinstance(field, ChoiceField) and field.members:
        return described | {"type": "string", "enum": [member.value for member in field.members]}
    found = next((schema for kind, schema in _TYPED if isinstance(field, kind)), _TEXT)
    limit = {"maxLength": field.longest} if isinstance(field, TextField) else {}
    return described | found | limit


def _arguments(arguments: dict[str, Argument]) -> Node:
    found: Node = {}
    for name, argument in arguments.items():
        told = argument.to_dict()
        schema = {**_ARGUMENTS.get(told["type"], _TEXT), "title": told["label"]}
        if "choices" in told:
            schema["enum"] = told["choices"]
        found[name] = {"type": "array", "items": schema} if argument.is_list else schema
    return found
