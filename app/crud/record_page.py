"""What the page of one record shows: read, edit and add share one layout."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.crud.columns import screen_columns
from app.crud.fields import ReferenceField
from app.crud.list_page import is_number, shown_value
from app.crud.slots import Action, Section, Tab, open_slots
from app.i18n import _
from app.security.masking import may_see_personal
from app.security.roles import may
from app.workflow import engine
from app.workflow.activity import activity_of
from app.workflow.forms import RecordField, form_for
from app.workflow.steps import steps

if TYPE_CHECKING:
    from app.crud.view import CrudView


@dataclass
class FormSource:
    """What an edit form is filled from: the record, with personal values masked where they must be."""

    view: "CrudView"
    record: Any
    actor: User

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.record, name)
        mask = self.view.personal.get(name)
        if mask is None or value is None or may_see_personal(self.actor, self.record):
            return value
        return mask(value)


def prefill(form: Any, arguments: "MultiDict[str, str]") -> None:
    """Fill an empty form from the address, so that a link can open a half-made record."""
    for name, raw in arguments.items():
        if name in form and not name.startswith("_"):
            form[name].process_formdata([raw])


def show_context(view: "CrudView", record: Any, actor: User) -> dict[str, Any]:
    """Return what the page of a record needs, reading."""
    return {
        **_frame(view, record, actor), "mode": "show",
        "fieldsets": _shown_fieldsets(view, record, actor), "line_table": _line_table(view, record),
        "tabs": [_tab(tab, record) for tab in open_slots(view.extensions, Tab)],
        "sections": [(slot.label, slot.values(record.id)) for slot in open_slots(view.extensions, Section)],
    }


def edit_context(view: "CrudView", record: Any, form: Any, actor: User) -> dict[str, Any]:
    """Return what the page of a record needs, editing."""
    return {**_frame(view, record, actor), "mode": "edit", "form": form, "fieldsets": _form_fieldsets(view, form)}


def add_context(view: "CrudView", form: Any) -> dict[str, Any]:
    """Return what the page of a new record needs."""
    return {"mode": "add", "view": view, "title": view.title, "record": None, "form": form,
            "fieldsets": _form_fieldsets(view, form), "list_url": url_for(f"{view.endpoint}.list")}


def activity(view: "CrudView", record: Any) -> list[Any]:
    """Return what happened to a record, newest first."""
    return activity_of(view.resource, record)


def _frame(view: "CrudView", record: Any, actor: User) -> dict[str, Any]:
    address = {name: url_for(f"{view.endpoint}.{name}", pk=record.id) for name in ("edit", "delete", "show", "comment")
               if name == "comment" or name in view.verbs}
    return {
        "view": view, "record": record, "title": str(record), "subtitle": view.title,
        "state": getattr(record, "state", None),
        "steps": steps(view.workflow, record) if view.workflow else [],
        "buttons": _buttons(view, record, actor), "actions": _actions(view, record),
        "activity": activity(view, record), "comment_url": address["comment"],
        "edit_url": address.get("edit") if may(actor, "edit", view.resource) else None,
        "show_url": address.get("show"),
        "delete_url": address.get("delete") if may(actor, "delete", view.resource) else None,
        "list_url": url_for(f"{view.endpoint}.list"),
    }


def _buttons(view: "CrudView", record: Any, actor: User) -> list[dict[str, Any]]:
    if view.workflow is None:
        return []
    found = []
    for button in engine.buttons(view.workflow, record, actor):
        transition = button.transition
        form = _transition_form(view, transition, record) if transition.arguments else None
        found.append({
            "name": transition.name, "label": button.label, "enabled": button.enabled, "reason": button.reason,
            "link": button.link, "folded": button.is_folded, "form": form, "icon": transition.icon, "tone": transition.tone,
            "confirm": transition.confirm, "url": url_for(f"{view.endpoint}.transition", name=transition.name, pk=record.id),
        })
    return found


def _transition_form(view: "CrudView", transition: Any, record: Any) -> Any:
    """Return the dialog's form, filled with what the record says already, references as comboboxes."""
    kind = form_for(transition)
    for name in transition.arguments:
        field = getattr(kind, name)
        if field.field_class is RecordField:
            target = field.kwargs["target"]
            setattr(kind, name, ReferenceField(field.kwargs["label"], target=target,
                                               url=f"{view.route_base}/lookup/{transition.name}/{name}",
                                               required=transition.arguments[name].is_required))
    known = {name: getattr(record, name) for name in transition.arguments if hasattr(record, name)}
    return kind(data={name: value for name, value in known.items() if value is not None}, prefix="")


def _actions(view: "CrudView", record: Any) -> list[dict[str, Any]]:
    slots = [(slot, slot.url(record.id)) for slot in open_slots(view.extensions, Action)]
    return [{"label": slot.label, "icon": slot.icon, "url": url} for slot, url in slots if url]


def _shown_fieldsets(view: "CrudView", record: Any, actor: User) -> list[tuple[Any, list[dict[str, Any]]]]:
    items = {
        column.name: {"name": column.name, "label": column.label, "value": shown_value(view, column, record, actor),
                      "kind": column.kind.value}
        for column in view.show_columns
    }
    found, grouped = [], set()
    for label, names in view.fieldsets:
        shown = [name if name in items else name.removesuffix("_id") for name in names]
        grouped.update(shown)
        found.append((label, [items[name] for name in shown if name in items]))
    rest = [item for name, item in items.items() if name not in grouped]
    return [*found, *([(_("More") if found else "", rest)] if rest else [])]


def _form_fieldsets(view: "CrudView", form: Any) -> list[tuple[Any, list[Any]]]:
    lines = view.lines.name if view.lines else None
    names = [name for name in form._fields if name not in ("csrf_token", "version", "submission_key", lines)]
    found, grouped = [], set()
    for label, members in view.fieldsets:
        shown = [name for name in members if name in names]
        grouped.update(shown)
        if shown:
            found.append((label, [form[name] for name in shown]))
    rest = [form[name] for name in names if name not in grouped]
    return [*found, *([("", rest)] if rest else [])]


def _line_table(view: "CrudView", record: Any) -> dict[str, Any] | None:
    if view.lines is None:
        return None
    line_model = getattr(view.model, view.lines.name).property.mapper.class_
    names = [name.removesuffix("_id") if hasattr(line_model, name.removesuffix("_id")) else name
             for name in view.lines.columns]
    columns = screen_columns(line_model, names, dict(view.labels))
    return {
        "label": view.lines.label, "columns": [{"label": column.label, "number": is_number(column)} for column in columns],
        "rows": [[column.value_of(line) for column in columns] for line in getattr(record, view.lines.name)],
    }


def _tab(tab: Tab, record: Any) -> dict[str, Any]:
    rows = [[row[name] if isinstance(row, dict) else getattr(row, name) for name in tab.columns]
            for row in tab.rows(record.id)]
    return {"name": tab.name, "label": tab.label, "columns": [tab.labels.get(name, name) for name in tab.columns],
            "rows": rows}
