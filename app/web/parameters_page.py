"""Policy values: what this company has decided, since when, and a form to decide anew."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import local_today
from app.companies.enablement import is_enabled
from app.companies.opening import get_company
from app.crud.page import Page
from app.crud.submissions import act_once
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import AppError, NotFound, Text, ValidationError
from app.i18n import _, humanize
from app.masterdata.normalise import parse_date
from app.parameters.parameter import Parameter
from app.parameters.registry import (
    Decision,
    Source,
    explain,
    get_parameter,
    list_decisions,
    list_parameters,
    list_values,
)
from app.reports.definition import ReportColumn
from app.security.roles import acting_user, may, require
from app.web.list_files import ListFile

RESOURCE = "parameters.Values"
_INPUTS: dict[Any, str] = {bool: "flag", list[str]: "lines", int: "numeric", Decimal: "decimal"}


class ParametersPage(Page):
    """Shows the parameters of the platform and of the add-ons that are on, and sets them (P:COR-03)."""

    resource = RESOURCE
    title = _("Policy values")
    template = "parameters/values.html"
    verbs = ("export",)

    @staticmethod
    def context(
        *, actor: User, arguments: dict[str, str], typed: dict[str, str] | None = None, error: AppError | None = None
    ) -> dict[str, Any]:
        """Return the parameters that are searched for, by add-on; one of them with what was `typed` and refused."""
        text, today, refused = arguments.get("q", "").strip(), _today(), typed or {}
        decisions = list_decisions()
        groups: list[dict[str, Any]] = []
        for title, parameters in _groups():
            rows = [
                _row(one, today, *((refused, error) if one.key == refused.get("key") else ({}, None)))
                | {"history": _history(one, decisions.get(one.key, []))}
                for one in parameters
                if _is_meant(one, title, text) or one.key == refused.get("key")
            ]
            if rows:
                groups.append({"title": title, "rows": rows})
        return {
            "groups": groups,
            "q": text,
            "may_set": may(actor, "set", RESOURCE),
            "unset": sum(row["is_unset"] for group in groups for row in group["rows"]),
            "opened": arguments.get("key", ""),
        }

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Set a value; a refusal stands on its field, with what was typed."""
        if name not in self.actions:
            abort(404)
        actor, typed = acting_user(), request.form.to_dict()
        kept: dict[str, Any] = {name: typed[name] for name in ("q", "key") if typed.get(name)}
        try:
            require(actor, "set", RESOURCE)
            decide = partial(set_value, actor=actor, values=typed)
            flash(act_once(typed.get("submission_key"), RESOURCE, decide), "success")
        except AppError as error:
            if error.field is None:
                raise
            context = self.context(actor=actor, arguments=kept, typed=typed, error=error)
            return self.render_template(self.template, title=self.title, page=self, **context), error.http_status
        return redirect(url_for(f"{self.endpoint}.show", **kept, _anchor=typed.get("key")))


def set_value(*, actor: User, values: dict[str, str]) -> Text:
    """Decide a value from a day on. Raises ValidationError or Conflict naming the field, NotFound for no parameter."""
    parameter = get_parameter(values.get("key", ""))
    if not any(parameter in parameters for _title, parameters in _groups()):
        raise NotFound("parameter.unknown", _("There is no policy value “%(key)s”."), key=parameter.key)
    value = parameter.parse(values.get("value", ""))
    day = values.get("valid_from", "").strip()
    if not day:
        raise ValidationError("parameter.day", _("This field is required."), field="valid_from")
    parameter.set(value, valid_from=parse_date(day, field="valid_from"), actor=actor)
    record_security_event("parameter.set", parameter=parameter.key, value=str(_shown(value)), valid_from=day)
    return _("Saved.")


ParametersPage.actions = {"set": ("set", set_value)}


def _groups() -> Iterator[tuple[Text, list[Parameter[Any]]]]:
    """Yield the platform's parameters, then those of each add-on that is on."""
    titles = {setup.name: setup.manifest.title for setup in current_app.extensions["setups"]}
    every = list_parameters()
    yield _("Platform"), [one for one in every if _owner(one) not in titles]
    for name, title in titles.items():
        if is_enabled(name, active_company()):
            yield _(title), [one for one in every if _owner(one) == name]


def _owner(parameter: Parameter[Any]) -> str:
    return parameter.key.partition(".")[0]


def _is_meant(parameter: Parameter[Any], title: Text, text: str) -> bool:
    words = (
        parameter.key, parameter.label, parameter.help, parameter.requirement, title, *parameter.spec_aliases,
    )  # fmt: skip
    return text.casefold() in "\n".join(map(str, words)).casefold()


def _row(parameter: Parameter[Any], today: dt.date, typed: dict[str, str], error: AppError | None) -> dict[str, Any]:
    found, values = explain(parameter, today), list_values(parameter)
    taken = any(start == today for start, _value in values)
    return {
        "parameter": parameter,
        "input": "choice" if parameter.choices and parameter.type is str else _INPUTS.get(parameter.type, "text"),
        "choices": [(value, _(humanize(value))) for value in parameter.choices or ()],
        "is_unset": found.source is Source.UNSET,
        "is_default": found.source is Source.DEFAULT,
        "value": _word(parameter, found.value),
        "since": found.valid_from,
        "to_come": [(start, _word(parameter, value)) for start, value in reversed(values) if start > today],
        "typed": typed.get("value", _typed(found.value)),
        "day": typed.get("valid_from", str(today + dt.timedelta(days=1) if taken else today)),
        "error": error,
    }


def _history(parameter: Parameter[Any], decisions: Sequence[Decision]) -> list[tuple[dt.date, Text, str, dt.datetime]]:
    return [(one.valid_from, _word(parameter, one.value), one.decided_by or "", one.decided_at) for one in decisions]


def _word(parameter: Parameter[Any], value: Any) -> Text:
    """Return a value as people read it; a choice in words, not as it is stored."""
    return _(humanize(value)) if parameter.choices and isinstance(value, str) else _shown(value)


def _shown(value: Any) -> Text:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)


def _typed(value: Any) -> str:
    """Return a value as it is typed: a list with one item per line."""
    if isinstance(value, bool):
        return str(value).lower()
    return "\n".join(value) if isinstance(value, list) else str(_shown(value))


def _today() -> dt.date:
    return local_today(get_company(active_company() or abort(404)), utc_now())


def _file_rows(_actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    text, today = arguments.get("q", "").strip(), _today()
    for title, parameters in _groups():
        for one in (one for one in parameters if _is_meant(one, title, text)):
            row = _row(one, today, {}, None)
            value = "" if row["is_unset"] else str(row["value"])
            yield str(title), one.key, str(one.label), value, str(one.unit), row["since"], one.requirement


PARAMETERS_FILE = ListFile(
    "policy-values",
    ParametersPage.title,
    (
        ReportColumn("group", _("Add-on")),
        ReportColumn("key", _("Key"), width=30),
        ReportColumn("label", _("Policy value"), width=40),
        ReportColumn("value", _("Value")),
        ReportColumn("unit", _("Measured in")),
        ReportColumn("since", _("Valid from"), "date"),
        ReportColumn("rule", _("Rule")),
    ),
    _file_rows,
    ("export", RESOURCE),
)
