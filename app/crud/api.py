"""CrudApi: the REST of a view. Same form, same services, same gates, same buttons as the screen."""

from functools import partial
from typing import Any

from flask import Response, request
from flask_appbuilder.api import BaseApi, expose, protect
from werkzeug.exceptions import BadRequest

from app.changes.models import ChangeRequest
from app.crud.bodies import values_of_body
from app.crud.bulk.pages import rest_step
from app.crud.changing.asking import ask_change
from app.crud.changing.links import CHANGE_REQUEST
from app.crud.json_values import to_json
from app.crud.list_page import shown_value
from app.crud.listing import COUNT_CAP
from app.crud.openapi import describe_resource
from app.crud.personal import note_list, note_reading
from app.crud.records import call_service
from app.crud.remarks import say
from app.crud.rest_files import FileRoutes
from app.crud.rest_query import read_query
from app.crud.saved_filters import offered_filters
from app.crud.submissions import create_once
from app.crud.trails import has_trail, related
from app.crud.view import version_of
from app.database.session import session
from app.errors import NotAllowed, NotFound, ValidationError
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import acting_user, may
from app.workflow import engine
from app.workflow.arguments import load


class CrudApi(FileRoutes, BaseApi):
    """REST of one view. The loader builds the subclass; add-ons do not see this class.

    A refusal leaves as JSON through the edge, which also rolls back: {"error", "message", "field", "data"}.
    """

    view: Any  # The running CrudView.
    allow_browser_login = True
    csrf_exempt = False  # A cookie log-in needs the CSRF header; a bearer token needs none.
    method_permission_name = {
        "get_list": "list",
        "info": "list",
        "filters": "list",
        "get": "show",
        "post": "add",
        "put": "edit",
        "delete": "delete",
        "import_file": "import",
        "export": "export",
        "sheet": "edit",
        "sheet_download": "export",
        "sheet_undo": "edit",
        "comment": "show",
        "ask_change": "edit",
        "bulk": "list",
        "transitions": "show",
        "trail": "show",
        "transition": "show",  # The engine checks can_<transition>.
    }

    @expose("/", methods=["GET"])
    @protect()
    def get_list(self) -> Response:
        """Answer one page of the list; with `?saved=7` within that saved filter."""
        view, actor = self.view, acting_user()
        asked = read_query(view, actor, request.args.get("q", ""), request.args.get("saved"))
        records = asked.query.page(asked.page, asked.page_size)
        count = asked.query.count_around(len(records), before=asked.page * asked.page_size, asked=asked.page_size)
        note_list(records, asked.columns, view.shown_personal, actor)
        rows = [{"id": record.id, "version": record.version} | self._row(record, asked.columns) for record in records]
        return self.response(
            200,
            count=min(count, COUNT_CAP),
            count_capped=count > COUNT_CAP,
            ids=[record.id for record in records],
            result=rows,
        )

    @expose("/filters", methods=["GET"])
    @protect()
    def filters(self) -> Response:
        """Answer the saved filters that this user is offered; `query` is what the address of the page says."""
        offered = offered_filters(self.view, acting_user())
        rows = [
            {
                "id": one.id,
                "name": one.name,
                "query": one.url.partition("?")[2],
                "is_shared": one.is_shared,
                "is_default": one.is_default,
                "sharer": one.sharer,
            }
            for one in offered
        ]
        return self.response(200, result=rows)

    @expose("/_info", methods=["GET"])
    @protect()
    def info(self) -> Response:
        """Answer what this user may do here, and the columns and filters there are."""
        actor, view = acting_user(), self.view
        verbs = [name.removeprefix("can_") for name in view.base_permissions]
        return self.response(
            200,
            permissions=sorted(f"can_{verb}" for verb in verbs if may(actor, verb, view.resource)),
            add_columns=[_described(field) for field in _fields(view.add_form, view.add_names)],
            edit_columns=[_described(field) for field in _fields(view.edit_form, view.edit_names)],
            filters={column.name: {"label": str(column.label), "kind": column.kind} for column in view.filter_columns},
        )

    @expose("/<pk>", methods=["GET"])
    @protect()
    def get(self, pk: str) -> Response:
        """Answer one record with its lines."""
        record = self._record(pk)
        note_reading(record, self.view.shown_personal, acting_user())
        return self.response(200, **self._whole(record))

    @expose("/<pk>/transitions", methods=["GET"])
    @protect()
    def transitions(self, pk: str) -> Response:
        """Answer the buttons of a record: enabled or not, why not, and what each asks for."""
        record, workflow = self._record(pk), self.view.workflow
        buttons = engine.buttons(workflow, record, acting_user()) if workflow else []
        return self.response(200, result=[button.to_dict() for button in buttons])

    @expose("/<pk>/trail", methods=["GET"])
    @protect()
    def trail(self, pk: str) -> Response:
        """Answer the related documents of a record, as they came one after the other."""
        if not has_trail(self.view):
            raise NotFound("trail.none", _("Records of this kind have no related documents."))
        found = related(self.view, self._record(pk), acting_user())
        return self.response(200, result=[{name: to_json(value) for name, value in vars(one).items()} for one in found])

    @expose("/", methods=["POST"])
    @protect()
    def post(self) -> Response:
        """Create one record. An `Idempotency-Key` header makes sending it twice make one."""
        values = values_of_body(self.view, _body(), None, acting_user())
        make = partial(self.view.create, actor=acting_user(), **values)
        key = create_once(request.headers.get("Idempotency-Key"), self.view.resource, make)
        return self._saved(201, str(key))

    @expose("/<pk>", methods=["PUT"])
    @protect()
    def put(self, pk: str) -> Response:
        """Change the fields that are sent; with `version` a stale write is refused."""
        record, body = self._record(pk, verb="edit"), _body()
        version = _version(body)
        values = values_of_body(self.view, body, record, acting_user())
        call_service(self.view.change, record, actor=acting_user(), version=version, **values)
        return self._saved(200, pk)

    @expose("/<pk>", methods=["DELETE"])
    @protect()
    def delete(self, pk: str) -> Response:
        """Delete one record; with `?version=` a stale request is refused."""
        record, version = self._record(pk, verb="delete"), _asked_version()
        call_service(self.view.remove, record, actor=acting_user(), version=version)
        return self.response(200, message="OK")

    @expose("/<pk>/ask_change", methods=["POST"])
    @protect()
    def ask_change(self, pk: str) -> Response:
        """Ask that confirmed fields change: {"values": {"amount": "55000"}, "reason": "…", "version": 3}."""
        record, sent, actor = self._record(pk, verb="edit"), _body(), acting_user()
        values, reason = sent.get("values"), sent.get("reason")
        if not isinstance(values, dict):
            raise ValidationError("body.object", _("Send a JSON object."), field="values")
        if not isinstance(reason, str | None):
            raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="reason", name="reason")
        typed = values_of_body(self.view, values, record, actor)
        ask = partial(ask_change, self.view, record, actor=actor, version=_version(sent), reason=reason, values=typed)
        key = create_once(request.headers.get("Idempotency-Key"), CHANGE_REQUEST, ask)
        made = session.get_one(ChangeRequest, key)
        return self.response(201, id=made.id, number=made.number, state=made.state.value, asked=made.asked)

    @expose("/<pk>/<name>", methods=["POST"])
    @protect()
    def transition(self, pk: str, name: str) -> Response:
        """Do one transition; its arguments are the JSON body, `version` refuses a stale request."""
        transition = self.view.transition_or_404(name)
        record, body = self._record(pk), _body(optional=True)
        version = _version(body)
        arguments = load(body, transition.arguments)
        run = partial(engine.perform, self.view.workflow, transition, version=version, arguments=arguments)
        outcome = call_service(run, record, actor=acting_user())
        return self._saved(200 if outcome.is_done else 202, pk)  # 202: it waits for approval.

    @expose("/bulk/<name>", methods=["POST"])
    @protect()
    def bulk(self, name: str) -> Response:
        """Do one step with many records: {"ids": {"7": 3}, "arguments": {}, "together": false}; ids with versions."""
        found = call_service(rest_step, self.view, name, _body(), acting_user())
        return self.response(200, **{key: found[key] for key in ("done", "refused", "stopped")})

    @expose("/<pk>/comment", methods=["POST"])
    @protect()
    def comment(self, pk: str) -> Response:
        """Say something about a record: {"body": "… @Wang Fang …", "mentions": [7]}."""
        record, sent = self._record(pk), _body()
        said, mentions = sent.get("body"), sent.get("mentions") or []
        if not isinstance(said, str):
            raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="body", name="body")
        if not isinstance(mentions, list):
            raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="mentions", name="mentions")
        made = call_service(say, self.view, record, body=said, mentions=mentions, actor=acting_user())
        return self.response(201, id=made.id, body=made.body, at=made.at.isoformat())

    def response_403(self) -> Response:
        """Refuse like every other refusal, in the user's language."""
        raise NotAllowed("security.refused", _("You may not do this"))

    def add_api_spec(self, api_spec: Any) -> None:
        """Describe the resource to whoever may see it."""
        if is_open(self.view.resource) and may(acting_user(), "list", self.view.resource):
            describe_resource(api_spec, self.view, self.route_base)

    def _saved(self, status: int, pk: str) -> Response:
        """Answer a record as it is kept now, which may not be quite what was sent: 3 is kept as 3.000000."""
        session.expire_all()
        record = self.view.find_record(pk)
        if record is None:  # It was handed to somebody else, out of the actor's sight.
            return self.response(status, id=int(pk))
        return self.response(status, **self._whole(record))

    def _whole(self, record: Any) -> dict[str, Any]:
        result = self._row(record, self.view.show_columns)
        if self.view.workflow is not None:
            result["state"] = record.state.value
        if self.view.shown_lines is not None:
            lines = getattr(record, self.view.lines.name)
            result[self.view.lines.name] = [self._line(line) for line in lines]
        return {"id": record.id, "version": record.version, "result": result}

    def _row(self, record: Any, columns: Any) -> dict[str, Any]:
        actor = acting_user()
        return {column.name: to_json(shown_value(self.view, column, record, actor)) for column in columns}

    def _line(self, line: Any) -> dict[str, Any]:
        return {"id": line.id} | {column.name: to_json(column.value_of(line)) for column in self.view.line_columns}

    def _record(self, pk: str, *, verb: str = "show") -> Any:
        found = self.view.find_record(pk, verb=verb)
        if found is None:
            raise NotFound("record.missing", _("There is no such record."))
        return found


def _body(*, optional: bool = False) -> dict[str, Any]:
    """Return the JSON object that was sent; raises BadRequest for a body that is no JSON at all."""
    if optional and not request.get_data():
        return {}
    try:
        body = request.get_json(force=True)
    except RecursionError as error:
        raise BadRequest from error
    if not isinstance(body, dict):
        raise ValidationError("body.object", _("Send a JSON object."))
    return dict(body)


def _version(body: dict[str, Any]) -> int | None:
    version = body.pop("version", None)
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="version", name="version")
    return version


def _asked_version() -> int | None:
    sent = request.args.get("version")
    if sent is not None and version_of(sent, missing=None) is None:
        raise ValidationError("body.value", _("'%(name)s' cannot be read."), field="version", name="version")
    return version_of(sent, missing=None)


def _fields(kind: Any, names: Any) -> list[Any]:
    form = kind(formdata=None, meta={"csrf": False})
    return [form[name] for name in names]


def _described(field: Any) -> dict[str, Any]:
    described = {
        "name": field.name,
        "label": str(field.label.text),
        "required": bool(field.flags.required),
        "type": field.type,
    }
    if not hasattr(field, "iter_choices"):
        return described
    return described | {"choices": [[value, str(label)] for value, label, *_rest in field.iter_choices()]}
