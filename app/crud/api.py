"""CrudApi: the REST of a view. Same form, same services, same gates, same buttons as the screen."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any

from flask import Response, request
from flask_appbuilder.api import ModelRestApi, expose, protect, safe
from marshmallow import Schema, fields

from app.crud.conditions import make_condition
from app.crud.fields import (
    DayField, DecimalField, FlagField, InstantField, LinesField, ReferenceField, WholeNumberField,
)
from app.crud.forms import formdata_of
from app.crud.list_page import shown_value
from app.crud.listing import COUNT_CAP, ListQuery
from app.crud.records import call_service, check_version
from app.crud.submissions import create_once
from app.database.base import Model
from app.errors import AppError, NotFound, ValidationError
from app.i18n import _
from app.security.roles import acting_user, may
from app.workflow import engine
from app.workflow.arguments import load

MAXIMUM_PAGE_SIZE = 1_000


class CrudApi(ModelRestApi):
    """REST of one view. The loader builds the subclass; add-ons do not see this class."""

    view: Any  # The running CrudView.
    allow_browser_login = True
    csrf_exempt = False  # A cookie log-in needs the CSRF header; a bearer token needs none.
    method_permission_name = {
        "get_list": "list", "get": "show", "info": "list", "post": "add", "put": "edit", "delete": "delete",
        "transition": "show", "transitions": "show",  # The engine checks can_<transition>.
    }

    def _init_properties(self) -> None:
        self.list_columns = [column.name for column in self.view.columns]
        self.show_columns = [column.name for column in self.view.show_columns]
        self.add_columns, self.edit_columns = self.view.add_names, self.view.edit_names

    def _init_model_schemas(self) -> None:
        """Describe for OpenAPI what the forms and lists carry."""
        noun = self.view.model.__name__
        self.add_model_schema = _input_schema(f"{noun}Post", self.view.add_form, self.view.add_names)()
        self.edit_model_schema = _input_schema(f"{noun}Put", self.view.edit_form, self.view.edit_names)()
        output = {name: fields.Raw() for name in ("id", "version")}
        self.list_model_schema = Schema.from_dict(
            {**output, **{name: fields.Raw() for name in self.list_columns}}, name=f"{noun}List")()
        self.show_model_schema = Schema.from_dict(
            {**output, **{name: fields.Raw() for name in self.show_columns}}, name=f"{noun}Show")()

    # -- reading --------------------------------------------------------------------------------------

    def get_list_headless(self, **arguments: Any) -> Response:
        """Answer a page: rison `q=(filters:!((col:…,opr:…,value:…)),search:…,order_column:…,page:…,page_size:…)`."""
        return self._answer(200, partial(self._list, arguments.get("rison") or {}))

    def get_headless(self, pk: Any, **_arguments: Any) -> Response:
        """Answer one record, with the state of its buttons."""
        return self._answer(200, lambda: self._described(self._get(pk)))

    def info_headless(self, **_arguments: Any) -> Response:
        """Answer the permissions, columns and filters of this resource."""
        actor, view = acting_user(), self.view
        verbs = [name.removeprefix("can_") for name in view.base_permissions]
        return self.response(
            200, permissions=sorted(f"can_{verb}" for verb in verbs if may(actor, verb, view.resource)),
            add_columns=[_describe(view.add_form(meta={"csrf": False})[name]) for name in view.add_names],
            edit_columns=[_describe(view.edit_form(meta={"csrf": False})[name]) for name in view.edit_names],
            filters={column.name: {"label": str(column.label), "kind": column.kind.value} for column in view.filter_columns})

    @expose("/<pk>/transitions", methods=["GET"])
    @protect()
    @safe
    def transitions(self, pk: str) -> Response:
        """Answer the buttons of a record: enabled or not, why not, and what each asks for."""
        def buttons() -> dict[str, Any]:
            record, workflow = self._get(pk), self.view.workflow
            found = engine.buttons(workflow, record, acting_user()) if workflow else []
            return {"result": [button.to_dict() for button in found]}

        return self._answer(200, buttons)

    # -- writing ----------------------------------------------------------------------------------------

    def post_headless(self) -> Response:
        """Create one record. An `Idempotency-Key` header makes sending it twice make one."""
        def create() -> dict[str, Any]:
            values = self._values(self.view.add_form, self.view.add_names, partial_of=None)
            make = partial(self.view.create, actor=acting_user(), **values)
            key = create_once(request.headers.get("Idempotency-Key"), self.view.resource, make)
            return self._described(self._get(key))

        return self._answer(201, create)

    def put_headless(self, pk: Any) -> Response:
        """Change the fields that are sent; `version` refuses a stale write."""
        def change() -> dict[str, Any]:
            record, body = self._get(pk), self._body()
            seen = body.pop("version", None)
            if seen is not None and not isinstance(seen, int):
                raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="version", name="version")
            check_version(record, seen)
            values = self._values(self.view.edit_form, self.view.edit_names, partial_of=record, body=body)
            type(self.view).update_with(record, actor=acting_user(), **values)
            return self._described(record)

        return self._answer(200, change)

    def delete_headless(self, pk: Any) -> Response:
        """Delete one record."""
        def delete() -> dict[str, Any]:
            type(self.view).delete_with(self._get(pk), actor=acting_user())
            return {"message": "OK"}

        return self._answer(200, delete)

    @expose("/<pk>/<name>", methods=["POST"])
    @protect()
    @safe
    def transition(self, pk: str, name: str) -> Response:
        """Do one transition; its arguments are the JSON body, `version` refuses a stale request."""
        workflow = self.view.workflow
        if workflow is None or name not in workflow.transitions:
            return self.response_404()
        transition = workflow.transitions[name]

        def run() -> dict[str, Any]:
            record, body = self._get(pk), self._body(optional=True)
            version = body.pop("version", None)
            engine.perform(workflow, transition, record, actor=acting_user(), version=version,
                           arguments=load(body, transition.arguments))
            return self._described(record)

        return self._answer(200, run)

    # -- helpers ----------------------------------------------------------------------------------------

    def _list(self, asked: dict[str, Any]) -> dict[str, Any]:
        view, actor = self.view, acting_user()
        by_name = {column.name: column for column in [*view.filter_columns, *view.columns]}
        conditions = []
        for one in asked.get("filters", []):
            column = by_name.get(one["col"])
            if column is None:
                raise ValidationError("list.filter", _("There is no filter %(name)s."), field=one["col"], name=one["col"])
            conditions.append(make_condition(column, str(one["opr"]), str(one["value"])))
        order = by_name.get(asked.get("order_column", ""))
        query = ListQuery(
            view.model, actor, view.columns, conditions, str(asked.get("search", ""))[:100],
            order if order and order.is_sortable else view.order_column,
            (asked.get("order_direction") or view.order[1]) == "desc", sees_personal=may(actor, "see_personal", view.resource))
        size = min(max(int(asked.get("page_size") or 25), 1), MAXIMUM_PAGE_SIZE)
        records = query.page(max(int(asked.get("page") or 0), 0), size)
        count = query.count()
        return {"count": min(count, COUNT_CAP), "count_capped": count > COUNT_CAP, "ids": [record.id for record in records],
                "result": [self._row(record, view.columns, actor) for record in records]}

    def _described(self, record: Any) -> dict[str, Any]:
        actor = acting_user()
        result = self._row(record, self.view.show_columns, actor)
        if self.view.workflow is not None:
            result["state"] = record.state.value
        if self.view.lines is not None:
            names = [column.name for column in self.view.line_columns]
            result[self.view.lines.name] = [
                {"id": line.id, **{name: to_json(getattr(line, name)) for name in names}}
                for line in getattr(record, self.view.lines.name)]
        return {"id": record.id, "version": getattr(record, "version", None), "result": result}

    def _row(self, record: Any, columns: Any, actor: Any) -> dict[str, Any]:
        shown = {column.name: to_json(shown_value(self.view, column, record, actor)) for column in columns}
        return {"id": record.id, "version": getattr(record, "version", None), **shown}

    def _get(self, pk: Any) -> Any:
        key = int(pk) if str(pk).isdecimal() and len(str(pk)) < 19 else None
        record = ListQuery(self.view.model, acting_user(), self.view.columns).find(key) if key is not None else None
        if record is None:
            raise NotFound("record.missing", _("There is no such record."))
        return record

    def _body(self, *, optional: bool = False) -> dict[str, Any]:
        body = request.get_json(silent=True)
        if body is None and optional:
            return {}
        if not isinstance(body, dict):
            raise ValidationError("body.object", _("Send a JSON object."))
        return dict(body)

    def _values(self, kind: Any, names: Any, *, partial_of: Any, body: Any = None) -> dict[str, Any]:
        """Read the body through the view's form; of a record that exists only what is sent."""
        body = self._body() if body is None else body
        form = kind(formdata=formdata_of(body, names), obj=partial_of, meta={"csrf": False})
        sent = [name for name in names if partial_of is None or name in body]
        if not form.validate():
            wrong = {name: messages for name, messages in form.errors.items() if name in sent}
            if wrong:
                raise FormRefused(wrong)
        return {name: form[name].rows if isinstance(form[name], LinesField) else form[name].data for name in sent}

    def _answer(self, status: int, call: Callable[[], dict[str, Any]]) -> Response:
        try:
            return self.response(status, **call_service(call))
        except FormRefused as error:
            return self.response(422, message=error.errors, **error.to_dict())
        except AppError as error:
            return self.response(error.http_status, **error.to_dict())


class FormRefused(ValidationError):
    """A body whose fields were refused; `errors` has every field and its messages."""

    def __init__(self, errors: dict[str, Any]) -> None:
        name = next(iter(errors))
        super().__init__("form.invalid", _("Please correct the marked fields."), field=name)
        self.errors = errors

    def to_dict(self) -> dict[str, Any]:
        """Return what REST answers, every field with its messages."""
        return {**super().to_dict(), "fields": self.errors}


def to_json(value: Any) -> Any:
    """Return a value as JSON carries it: decimals and dates as text, so that nothing is rounded."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case Model():
            return {"id": value.id, "title": str(value)}
        case list() | tuple():
            return [to_json(item) for item in value]
        case _:
            return str(value)


def _describe(field: Any) -> dict[str, Any]:
    described = {"name": field.name, "label": str(field.label.text), "required": bool(field.flags.required), "type": field.type}
    return {**described, "choices": [list(pair[:2]) for pair in field.iter_choices()]} if hasattr(field, "iter_choices") else described


def _input_schema(name: str, form: Any, names: Any) -> type[Schema]:
    kinds: dict[type, Callable[[], Any]] = {
        DayField: fields.Date, InstantField: fields.DateTime, DecimalField: fields.Decimal, FlagField: fields.Boolean,
        WholeNumberField: fields.Integer, ReferenceField: fields.Integer,
        LinesField: lambda: fields.List(fields.Dict()),
    }
    described = {one: kinds.get(getattr(form, one).field_class, fields.String)() for one in names}
    return Schema.from_dict(described, name=name)


