"""The fields of a view: names that mean one thing are one field, so that nobody hides half of it.

Names with the same root ('owner_id', 'owner', 'owner.name') belong together, and so do names under the same label
('name' of a form, 'partner.name' of its list): an administrator could not tell them apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wtforms import Form

from app.crud.slots import Column
from app.database.base import title_column
from app.errors import Text
from app.i18n import LazyString, _, message_key
from app.security.field_limits import LINE, root_of
from app.security.fields import Field

if TYPE_CHECKING:
    from app.crud.view import CrudView

CALLED = _("Records are called by it.")
STATE = _("The steps and buttons of a record follow from it.")
LINES_KEY = _("A line without it is blank.")


@dataclass
class _Group:
    label: Text
    roots: set[str] = field(default_factory=set)


def field_groups(view: "CrudView") -> list[Field]:
    """Return the fields of a view, in the order of its forms, then of its page and its list."""
    groups: list[_Group] = []
    blank = view.whole_shape.add_form(formdata=None, meta={"csrf": False})
    for root, label in _names(view):
        same = next((one for one in groups if root in one.roots or _key(one.label) == _key(label)), None)
        if same is None:
            same = _Group(label)
            groups.append(same)
        same.roots.add(root)
    return [*(_field(view, one, blank) for one in _merged(groups)), *_of_lines(view)]


def _merged(groups: Iterable[_Group]) -> list[_Group]:
    """Return the groups without a root that two of them share: its label differs between form and list."""
    found: list[_Group] = []
    for group in groups:
        same = next((one for one in found if one.roots & group.roots), None)
        if same is None:
            found.append(group)
        else:
            same.roots |= group.roots
    return found


def _names(view: "CrudView") -> Iterator[tuple[str, Text]]:
    shape = view.whole_shape
    lines = view.lines.name if view.lines else ""
    for name in dict.fromkeys([*shape.add_names, *shape.edit_names]):
        if name != lines:
            yield root_of(name), _label(shape.fields[name])
    for column in (*shape.show_columns, *shape.columns, *shape.filter_columns):
        yield root_of(column.name), column.label
    for extension in view.extensions:
        if isinstance(extension.slot, Column):
            yield root_of(extension.slot.name), extension.slot.label


def _field(view: "CrudView", group: _Group, blank: Form) -> Field:
    shape, roots = view.whole_shape, group.roots
    typed = [name for name in dict.fromkeys([*shape.add_names, *shape.edit_names]) if root_of(name) in roots]
    always: Text = ""
    if roots & _called_by(view.model):
        always = CALLED
    elif view.workflow is not None and "state" in roots:
        always = STATE
    return Field(
        key=root_of(typed[0]) if typed else min(roots),
        label=group.label,
        roots=frozenset(roots),
        is_typed=bool(typed),
        is_required=any(_is_required(blank[name]) for name in typed if name in shape.add_names),
        in_list=any(root_of(column.name) in roots for column in shape.columns),
        always=always,
    )


def _called_by(model: type[Any]) -> set[str]:
    """Return what the title of a record reads; titles stand everywhere, in lists of others and in messages too."""
    return {title_column(model), *getattr(model, "__title_from__", ()), *model.__str__.__code__.co_names}


def _of_lines(view: "CrudView") -> Iterator[Field]:
    """Yield the lines as a whole, then each of their columns."""
    lines, shape = view.lines, view.whole_shape
    if lines is None:
        return
    yield Field(lines.name, lines.label, frozenset({lines.name}), is_typed=True)
    blank = shape.fields[lines.name].args[0](formdata=None)
    for column in shape.line_columns:
        root = root_of(f"{lines.name}{LINE}{column.name}")
        yield Field(
            key=root,
            label=column.label,
            roots=frozenset({root}),
            is_typed=True,
            is_required=_is_required(blank[column.name]),
            of_lines=True,
            always=LINES_KEY if column.name == lines.key else "",
        )


def _is_required(one: Any) -> bool:
    return bool(one.flags.required) and one.data is None


def _label(unbound: Any) -> Text:
    found: Text = unbound.args[0] if unbound.args else unbound.kwargs.get("label", "")
    return found


def _key(label: Text) -> str:
    return message_key(label) if isinstance(label, LazyString) else str(label)
