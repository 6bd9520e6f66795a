"""What the page of one record shows: read, edit and add share one layout."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import flash, request, url_for
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.crud.archiving import archive_links
from app.crud.attached import attachments_box, takes_attachments
from app.crud.changing.confirmed import confirmed_names, count_pending
from app.crud.changing.links import change_links
from app.crud.columns import ScreenColumn, label_of
from app.crud.copying import copy_url
from app.crud.dialogs import dialog_form
from app.crud.fields import InputField
from app.crud.links import linked
from app.crud.list_page import is_number, shown_value
from app.crud.printing.definition import counts_printings, marking_step, offers_paper
from app.crud.slots import Action, Section, Tab
from app.crud.trails import has_trail
from app.database.session import session
from app.documents.attachments import count_attachments
from app.errors import AppError
from app.i18n import _
from app.security.field_limits import limits_of, root_of
from app.security.roles import may
from app.security.scope import reaches
from app.workflow import engine
from app.workflow.activity import activity_of
from app.workflow.buttons import Button
from app.workflow.steps import steps

if TYPE_CHECKING:
    from app.crud.view import CrudView

_FILES, _CHANGES = ".files", ".changes"  # Beside the names of tabs, which have no dot.
_UNCOUNTED: Mapping[str, int] = {}

# Entries of what happened to a record: those shown at first, and those shown to whoever asks for more.
FIRST_ENTRIES, MOST_ENTRIES = 20, 100


@dataclass(frozen=True)
class Attempt:
    """A transition that was tried and refused: what was typed into its dialog, and why not."""

    name: str
    typed: "MultiDict[str, str]"
    error: AppError

    def shows_dialog(self, view: "CrudView") -> bool:
        """Tell whether there is a dialog to show the refusal in."""
        return bool(view.workflow and view.workflow.transitions[self.name].arguments)


def prefill(form: Any, names: Sequence[str], arguments: "MultiDict[str, str]") -> None:
    """Fill an empty form from the address, so that a link can open a half-made record. Nonsense is left out."""
    for name in names:
        if name in arguments and isinstance(form[name], InputField):
            with suppress(ValueError):
                form[name].process_formdata([arguments[name]])


def note_refusal(form: Any, error: AppError) -> None:
    """Put a refusal on the field that it names, else on the form."""
    if error.field and error.field in form:
        form[error.field].errors = [*form[error.field].errors, str(error)]
    else:
        form.form_errors.append(str(error))


def show_context(view: "CrudView", record: Any, actor: User, attempt: Attempt | None = None) -> dict[str, Any]:
    """Return what the page of a record needs, reading; after a refused transition its dialog is open."""
    if attempt is not None and not attempt.shows_dialog(view):
        flash(str(attempt.error), "danger")
    tabs = view.slots(Tab, actor)
    counts = _counts(view, record, tabs)
    return {
        **_frame(view, record, actor, attempt, counts),
        "mode": "show",
        "fieldsets": _shown_fieldsets(view, record, actor),
        "line_table": _line_table(view, record, actor),
        **_tabs(view, record, actor, tabs, counts),
        "attached": attachments_box(view, record, actor, count=counts.get(_FILES)),
        "sections": [(slot.label, lines) for slot in view.slots(Section, actor) if (lines := slot.values(record.id))],
    }


def edit_context(view: "CrudView", record: Any, form: Any, actor: User) -> dict[str, Any]:
    """Return what the page of a record needs, editing."""
    locked = _locked_items(view, record, actor)
    return {
        **_frame(view, record, actor),
        "mode": "edit",
        "form": form,
        "fieldsets": _form_fieldsets(view, form, locked),
        "line_table": _line_table(view, record, actor) if _shows_lines_only(view) else None,
        "locked_lines": _locked_lines(view, record, actor),
    }


def add_context(view: "CrudView", form: Any) -> dict[str, Any]:
    """Return what the page of a new record needs."""
    return {
        "mode": "add",
        "view": view,
        "title": view.title,
        "record": None,
        "form": form,
        "fieldsets": _form_fieldsets(view, form),
        "list_url": url_for(f"{view.endpoint}.list"),
    }


def activity_context(view: "CrudView", record: Any, *, is_whole: bool = False) -> dict[str, Any]:
    """Return what happened to a record, newest first, and the address of earlier entries where there are any."""
    shown = MOST_ENTRIES if is_whole else FIRST_ENTRIES
    found = activity_of(view.resource, record, hidden=view.shape.limits.hides, limit=shown + 1)
    earlier = len(found) > shown and not is_whole
    address = url_for(f"{view.endpoint}.activity", pk=record.id)
    return {"title": str(record), "activity": found[:shown], "earlier_url": f"{address}?all=1" if earlier else None}


def _frame(
    view: "CrudView", record: Any, actor: User, attempt: Attempt | None = None, counts: Mapping[str, int] = _UNCOUNTED
) -> dict[str, Any]:
    address = {
        name: url_for(f"{view.endpoint}.{name}", pk=record.id)
        for name in ("edit", "show", "comment")
        if name == "comment" or name in view.verbs
    }
    return {
        "view": view,
        "record": record,
        "title": str(record),
        "subtitle": view.title,
        "state": getattr(record, "state", None),
        "steps": steps(view.workflow, record) if view.workflow else [],
        "buttons": _buttons(view, record, actor, attempt),
        "actions": _actions(view, record, actor),
        "activity_url": url_for(f"{view.endpoint}.activity", pk=record.id),
        "comment_url": address["comment"],
        "access_url": _access_url(view, record) if view.personal and may(actor, "show", "audit.Access") else None,
        "edit_url": address.get("edit") if _may_write(view, record, actor, "edit") else None,
        "show_url": address.get("show"),
        "trail_url": url_for(f"{view.endpoint}.trail", pk=record.id) if has_trail(view) else None,
        "copy_url": copy_url(view, record, actor),
        "printed_by_step": (step := marking_step(view)) is not None and counts_printings(view, step),
        "print_url": url_for(f"{view.endpoint}.printed", ids=record.id) if offers_paper(view, actor) else None,
        "delete_url": _delete_url(view, record, actor),
        "list_url": url_for(f"{view.endpoint}.list"),
        **archive_links(view, record, actor),
        **change_links(view, record, actor, count=counts.get(_CHANGES)),
    }


def _access_url(view: "CrudView", record: Any) -> str:
    """Return where it stands who saw this record's personal data (P:CRM-20)."""
    return url_for("audit_AccessPage.show", resource=view.resource, record=record.id)


def _delete_url(view: "CrudView", record: Any, actor: User) -> str | None:
    if "delete" not in view.verbs or not _may_write(view, record, actor, "delete"):
        return None
    return url_for(f"{view.endpoint}.delete", pk=record.id, version=record.version)


def _may_write(view: "CrudView", record: Any, actor: User, verb: str) -> bool:
    return may(actor, verb, view.resource) and reaches(actor, record, verb=verb)


def _buttons(view: "CrudView", record: Any, actor: User, attempt: Attempt | None) -> list[dict[str, Any]]:
    found = engine.buttons(view.workflow, record, actor) if view.workflow else ()
    return [button_item(view, button, record, actor, attempt) for button in found]


def button_item(
    view: "CrudView", button: Button, record: Any, actor: User, attempt: Attempt | None = None
) -> dict[str, Any]:
    """Return one button with its dialog, which keeps what was typed into a refused attempt."""
    transition = button.transition
    tried = attempt if attempt is not None and attempt.name == transition.name else None
    form = None
    if transition.arguments:
        form = dialog_form(view, transition, record, actor, typed=tried.typed if tried else None)
        if tried:
            note_refusal(form, tried.error)
    return {
        "name": transition.name,
        "label": button.label,
        "enabled": button.enabled,
        "reason": button.reason,
        "link": button.link,
        "folded": button.is_folded,
        "form": form,
        "icon": transition.icon,
        "tone": transition.tone,
        "confirm": transition.confirm,
        "online": transition.online,
        "url": url_for(f"{view.endpoint}.transition", name=transition.name, pk=record.id),
        "version": record.version,
    }


def _actions(view: "CrudView", record: Any, actor: User) -> list[dict[str, Any]]:
    slots = [(slot, slot.url(record.id)) for slot in view.slots(Action, actor)]
    return [{"label": slot.label, "icon": slot.icon, "url": url} for slot, url in slots if url]


def _shown_fieldsets(view: "CrudView", record: Any, actor: User) -> list[tuple[Any, list[dict[str, Any]]]]:
    items = {column.name: _item(view, column, record, actor) for column in view.show_columns}
    found, grouped = [], set()
    for label, names in view.fieldsets:
        shown = [name if name in items else name.removesuffix("_id") for name in names]
        grouped.update(shown)
        found.append((label, [items[name] for name in shown if name in items]))
    rest = [item for name, item in items.items() if name not in grouped]
    return [*found, *([(_("More") if found else "", rest)] if rest else [])]


def _form_fieldsets(
    view: "CrudView", form: Any, locked: dict[str, dict[str, Any]] | None = None
) -> list[tuple[Any, list[Any]]]:
    """Return the fields in their groups; in their place, those that can only be looked at."""
    lines = view.lines.name if view.lines else None
    typed = [name for name in form._fields if name not in ("csrf_token", "version", "submission_key", lines)]
    items = {name: form[name] for name in typed} | (locked or {})
    names = [name for name in view.whole_shape.edit_names if name in items] if locked else typed
    found, grouped = [], set()
    for label, members in view.fieldsets:
        shown = [name for name in members if name in names]
        grouped.update(shown)
        if shown:
            found.append((label, [items[name] for name in shown]))
    rest = [items[name] for name in names if name not in grouped]
    return [*found, *([("", rest)] if rest else [])]


def _locked_items(view: "CrudView", record: Any, actor: User) -> dict[str, dict[str, Any]]:
    """Return what the form shows as text: the fields that the actor sees and may not change."""
    shape, lines = view.shape, view.lines.name if view.lines else None
    columns = {root_of(column.name): column for column in view.show_columns}
    names = [
        name for name in shape.shown_only(view.whole_shape.edit_names) if name != lines and root_of(name) in columns
    ]
    return {name: _item(view, columns[root_of(name)], record, actor) for name in names}


def _item(view: "CrudView", column: ScreenColumn, record: Any, actor: User) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.label,
        "value": linked(shown_value(view, column, record, actor), actor),
        "kind": column.kind.value,
    }


def _shows_lines_only(view: "CrudView") -> bool:
    return view.shown_lines is not None and view.shown_lines.name not in view.edit_names


def _locked_lines(view: "CrudView", record: Any, actor: User) -> dict[str, Any]:
    """Return the columns of the lines that the actor sees and may not change, with their values by the line's id."""
    if view.shown_lines is None or view.shown_lines.name not in view.edit_names:
        return {"columns": [], "values": {}}
    typed = {root_of(name) for name in view.shape.line_names}
    columns = [column for column in view.shown_line_columns if root_of(column.name) not in typed]
    lines = getattr(record, view.shown_lines.name)
    return {
        "columns": [{"label": column.label, "number": is_number(column)} for column in columns],
        "values": {str(line.id): [linked(column.value_of(line), actor) for column in columns] for line in lines},
    }


def _line_table(view: "CrudView", record: Any, actor: User) -> dict[str, Any] | None:
    if view.shown_lines is None:
        return None
    columns = view.shown_line_columns
    return {
        "label": view.shown_lines.label,
        "columns": [{"label": column.label, "number": is_number(column)} for column in columns],
        "rows": [
            [linked(column.value_of(line), actor) for column in columns]
            for line in getattr(record, view.shown_lines.name)
        ],
    }


def _counts(view: "CrudView", record: Any, tabs: Sequence[Tab]) -> Mapping[str, int]:
    """Return how much there is in each tab that is counted, of files and of changes asked for, by one statement."""
    asked = {tab.name: tab.count(record.id) for tab in tabs if tab.count is not None}
    if not asked:
        return _UNCOUNTED
    if takes_attachments(view):
        asked[_FILES] = count_attachments(view.resource, record.id)
    if confirmed_names(view, record):
        asked[_CHANGES] = count_pending(view.resource, record.id)
    return dict(zip(asked, session.execute(sa.select(*asked.values())).one(), strict=True))


def _tabs(
    view: "CrudView", record: Any, actor: User, slots: Sequence[Tab], counts: Mapping[str, int]
) -> dict[str, Any]:
    """Return the tabs: all of them with their rows, or, of tabs that are counted, the row of tabs and the open one."""
    if not counts:
        return {"tabs": [_tab(tab, record, actor) for tab in slots]}
    opened = next((tab for tab in slots if tab.name == request.args.get("tab")), None)
    here = url_for(f"{view.endpoint}.show", pk=record.id)
    bar = [{"label": _("Details"), "url": here, "is_open": opened is None, "count": None}]
    bar += [
        {"label": tab.label, "url": f"{here}?tab={tab.name}", "is_open": tab is opened, "count": counts.get(tab.name)}
        for tab in slots
    ]
    return {"tab_bar": bar, "open_tab": _tab(opened, record, actor) if opened is not None else None}


def _tab(tab: Tab, record: Any, actor: User) -> dict[str, Any]:
    """Return a tab with its rows, without fields that are hidden in the resource that they are of."""
    found, limits = tab.rows(record.id), limits_of(actor, tab.resource)
    columns = [name for name in tab.columns if not limits.hides(name)]
    rows = [[row[name] if isinstance(row, dict) else getattr(row, name) for name in columns] for row in found]
    return {
        "name": tab.name,
        "label": tab.label,
        "columns": [tab.labels.get(name) or label_of(name) for name in columns],
        "rows": rows,
        "urls": [url_for(f"{tab.view.replace('.', '_')}.show", pk=row.id) for row in found] if tab.view else [],
    }
