"""Policy values: what this company has decided, since when, and a form to decide anew."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.audit import record_security_event
from app.companies.clock import local_today
from app.companies.enablement import is_enabled
from app.companies.opening import get_company
from app.crud.links import linked
from app.crud.page import Page
from app.crud.submissions import act_once
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import AppError, NotFound, Text, ValidationError
from app.i18n import _
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
from app.parameters.rehearsal import Trial, can_rehearse, rehearse_value
from app.reports.definition import ReportColumn
from app.security.roles import acting_user, may, require
from app.web.list_files import ListFile
from app.web.months import month_before, offered_months, read_month

RESOURCE = "parameters.Values"
FEW = 12  # Values whose history and form come with the page; of more, each comes when it is opened.
MOST_SHOWN = 200  # Documents on the screen; the file has them all.
_INPUTS: dict[Any, str] = {bool: "flag", list[str]: "lines", int: "numeric", Decimal: "decimal"}


class ParametersPage(Page):
    """Shows the parameters of the platform and of the add-ons that are on, and sets them (P:COR-03)."""

    resource = RESOURCE
    title = _("Policy values")
    template = "parameters/values.html"
    verbs = ("export",)
    method_permission_name = {**Page.method_permission_name, "body": "show", "rehearse": "set"}

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
                | {"history": _history(one, decisions)}
                for one in parameters
                if _is_meant(one, title, text) or one.key == refused.get("key")
            ]
            if rows:
                groups.append({"title": title, "rows": rows})
        return {
            "groups": groups,
            "whole": sum(len(group["rows"]) for group in groups) <= FEW,
            "q": text,
            "may_set": may(actor, "set", RESOURCE),
            "unset": sum(row["is_unset"] for group in groups for row in group["rows"]),
            "opened": arguments.get("key", ""),
        }

    @expose("/body")
    @has_access
    def body(self) -> Any:
        """Answer what a folded policy value holds: its rule, its history and the form to decide it anew."""
        actor, parameter = acting_user(), _known(request.args.get("key", ""))
        row = _row(parameter, _today(), {}, None) | {"history": _history(parameter, list_decisions())}
        may_set, text = may(actor, "set", RESOURCE), request.args.get("q", "")
        return self.render_template("parameters/body.html", page=self, row=row, may_set=may_set, q=text)

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Set a value; a refusal stands on its field, with what was typed."""
        if name not in (*self.actions, "try"):
            abort(404)
        actor, typed = acting_user(), _as_typed(request.form)
        kept: dict[str, Any] = {name: typed[name] for name in ("q", "key") if typed.get(name)}
        try:
            require(actor, "set", RESOURCE)
            if name == "try":
                draft_of(typed, actor=actor)
                drafted: dict[str, Any] = {name: typed[name] for name in ("key", "value", "valid_from")}
                return redirect(url_for(f"{self.endpoint}.rehearse", **drafted))
            decide = partial(set_value, actor=actor, values=typed)
            flash(act_once(typed.get("submission_key"), RESOURCE, decide), "success")
        except AppError as error:
            if error.field is None:
                raise
            context = self.context(actor=actor, arguments=kept, typed=typed, error=error)
            return self.render_template(self.template, title=self.title, page=self, **context), error.http_status
        return redirect(url_for(f"{self.endpoint}.show", **kept, _anchor=typed.get("key")))

    @expose("/rehearsal")
    @has_access
    def rehearse(self) -> Any:
        """Show what a draft would have done to the documents of a month, before anybody decides it."""
        actor, arguments = acting_user(), _as_typed(request.args)
        parameter, today, error, trial = _known(arguments.get("key", "")), _today(), None, None
        try:
            trial = _tried(arguments, actor=actor)
        except AppError as refused:
            error = refused
        return self.render_template(
            "parameters/rehearsal.html",
            title=_("Try a policy value"),
            page=self,
            row=_row(parameter, today, arguments, error),
            trial=trial,
            month=arguments.get("month") or f"{month_before(today):%Y-%m}",
            months=offered_months(today),
            shown=MOST_SHOWN,
            linked=partial(linked, actor=actor),
        ), 200 if error is None else error.http_status


def set_value(*, actor: User, values: dict[str, str]) -> Text:
    """Decide a value from a day on. Raises ValidationError or Conflict naming the field, NotFound for no parameter."""
    parameter, value, day = draft_of(values, actor=actor)
    parameter.set(value, valid_from=day, actor=actor)
    record_security_event(
        "parameter.set",
        parameter=parameter.key,
        value=_typed(value).replace("\n", ", "),  # As it is stored: the log is read in every language.
        valid_from=day.isoformat(),
    )
    return _("Saved.")


def draft_of(values: Mapping[str, str], *, actor: User) -> tuple[Parameter[Any], Any, dt.date]:
    """Return the parameter, the value and the day that were typed, if they could be decided. Raises as `set_value`."""
    parameter = _known(values.get("key", ""))
    parameter.parse(values.get("value", ""))  # What is wrong with the value is said first.
    day = values.get("valid_from", "").strip()
    if not day:
        raise ValidationError("parameter.day", _("This field is required."), field="valid_from")
    valid_from = parse_date(day, field="valid_from")
    return parameter, parameter.check(values.get("value", ""), valid_from=valid_from, actor=actor), valid_from


def _known(key: str) -> Parameter[Any]:
    parameter = get_parameter(key)
    if not any(parameter in parameters for _title, parameters in _groups()):
        raise NotFound("parameter.unknown", _("There is no policy value “%(key)s”."), key=parameter.key)
    return parameter


def _tried(arguments: Mapping[str, str], *, actor: User) -> Trial:
    """Return what the draft of an address would have done. Raises as `draft_of`, ValidationError for no month."""
    first, last = read_month(arguments.get("month", ""), today=_today())
    parameter, value, _day = draft_of(arguments, actor=actor)
    return rehearse_value(parameter, value, first=first, last=last, actor=actor)


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
        "input": _input(parameter),
        "choices": [*parameter.offered().items()],
        "is_unset": found.source is Source.UNSET,
        "is_default": found.source is Source.DEFAULT,
        "value": parameter.words(found.value),
        "since": found.valid_from,
        "to_come": [(start, parameter.words(value)) for start, value in reversed(values) if start > today],
        "typed": typed.get("value", _typed(found.value)),
        "day": typed.get("valid_from", str(today + dt.timedelta(days=1) if taken else today)),
        "error": error,
        "can_try": can_rehearse(parameter),
    }


def _history(
    parameter: Parameter[Any], decisions: Mapping[str, Sequence[Decision]]
) -> list[tuple[dt.date, Text, str, dt.datetime]]:
    taken = decisions.get(parameter.key, [])
    return [(one.valid_from, parameter.words(one.value), one.decided_by or "", one.decided_at) for one in taken]


def _input(parameter: Parameter[Any]) -> str:
    if parameter.choices:
        return "choices" if parameter.type == list[str] else "choice"
    return _INPUTS.get(parameter.type, "text")


def _as_typed(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what a form sent; boxes that were ticked are one text with a line for each, as a list is typed."""
    typed: dict[str, str] = sent.to_dict()
    if "valid_from" in sent:  # Then the form was sent, be it with no box ticked.
        typed["value"] = "\n".join(sent.getlist("value"))
    return typed


def _typed(value: Any) -> str:
    """Return a value as it is typed: a list with one item per line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "\n".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)


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


def _trial_rows(actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    require(actor, "set", RESOURCE)
    for one in _tried(arguments, actor=actor).affected:
        yield (
            one.title,
            one.person,
            one.before.path,
            one.before.amount,
            one.after.path,
            one.after.amount,
            one.difference,
        )


TRIAL_FILE = ListFile(
    "policy-rehearsal",
    _("Try a policy value"),
    (
        ReportColumn("document", _("Document"), width=30),
        ReportColumn("person", _("Person"), width=20),
        ReportColumn("before", _("As it was"), width=30),
        ReportColumn("amount_before", _("Amount as it was"), "quantity"),
        ReportColumn("after", _("By the draft"), width=30),
        ReportColumn("amount_after", _("Amount by the draft"), "quantity"),
        ReportColumn("difference", _("Difference"), "quantity"),
    ),
    _trial_rows,
    ("export", RESOURCE),
)
