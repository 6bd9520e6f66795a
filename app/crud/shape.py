"""What there is of a view for whoever looks at it: its columns and forms, without the fields kept back from him.

Everything reads columns and forms from here (`view.columns`, `view.edit_form`), so that a field that is hidden is
hidden on every way out, and one that is locked is taken on no way in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.crud.columns import ScreenColumn, screen_columns, shown_names
from app.crud.fields import FlagField
from app.crud.forms import Lines, column_fields, form_class, line_form, lines_field, values_of
from app.crud.line_fields import LinesField
from app.errors import Text
from app.security.field_limits import LINE, NO_LIMITS, FieldLimits

if TYPE_CHECKING:
    from app.crud.view import CrudView

Columns = tuple[ScreenColumn, ...]


@dataclass(frozen=True)
class Shape:
    """The columns and forms of one view. `whole` is the same without limits."""

    columns: Columns
    filter_columns: Columns
    form_screen_columns: Columns
    show_columns: Columns
    line_columns: Columns
    shown_line_columns: Columns
    fields: Mapping[str, Any]
    add_names: list[str]
    edit_names: list[str]
    noun: str
    lines: Lines | None = None
    limits: FieldLimits = NO_LIMITS
    whole: "Shape | None" = None

    @cached_property
    def add_form(self) -> type[Any]:
        """The form of a new record."""
        return form_class(f"{self.noun}AddForm", {name: self.fields[name] for name in self.add_names})

    @cached_property
    def edit_form(self) -> type[Any]:
        """The form of a record that exists."""
        return form_class(f"{self.noun}EditForm", {name: self.fields[name] for name in self.edit_names})

    def shown_only(self, names: Sequence[str]) -> list[str]:
        """Return those of these fields that are seen and cannot be changed."""
        return [name for name in names if self.limits.locks(name) and not self.limits.hides(name)]

    def new_values(self, form: Any) -> dict[str, Any]:
        """Return the values of a filled add form; a field that is kept back has its default, as if left alone."""
        found = self._completed(values_of(form, self.add_names), None)
        if self.whole is None or len(self.whole.add_names) == len(self.add_names):
            return found
        blank = self.whole.add_form(formdata=None, meta={"csrf": False})
        return {name: found[name] if name in found else _default(blank[name]) for name in self.whole.add_names}

    def changed_values(self, form: Any, names: Iterable[str], record: Any) -> dict[str, Any]:
        """Return these values of a filled edit form; columns of lines that are kept back stay as they are."""
        return self._completed(values_of(form, [*names]), record)

    def limited(self, limits: FieldLimits) -> "Shape":
        """Return what is left of it under these limits."""
        lines, fields = self.lines.name if self.lines else "", dict(self.fields)
        if self.lines:
            left = [name for name in self.lines.columns if not limits.locks(f"{lines}{LINE}{name}")]
            fields[lines] = _with_columns(fields[lines], left)
        return replace(
            self,
            columns=_seen(self.columns, limits),
            filter_columns=_seen(self.filter_columns, limits),
            form_screen_columns=tuple(one for one in self.form_screen_columns if not limits.locks(one.name)),
            show_columns=_seen(self.show_columns, limits),
            line_columns=_seen(self.line_columns, limits, f"{lines}{LINE}"),
            shown_line_columns=_seen(self.shown_line_columns, limits, f"{lines}{LINE}"),
            fields=fields,
            add_names=[name for name in self.add_names if not limits.locks(name)],
            edit_names=[name for name in self.edit_names if not limits.locks(name)],
            limits=limits,
            whole=self,
        )

    @property
    def line_names(self) -> list[str]:
        """The columns of the lines that can be typed."""
        names = [column.name for column in self.line_columns]
        return [name for name in names if self.lines and not self.limits.locks(f"{self.lines.name}{LINE}{name}")]

    def _completed(self, values: dict[str, Any], record: Any) -> dict[str, Any]:
        """Return the values with whole lines: services read every column of a line."""
        if self.lines is None or self.whole is None or self.lines.name not in values:
            return values
        missing = [name for name in self.lines.columns if name not in self.line_names]
        if not missing:
            return values
        kept = {line.id: line for line in getattr(record, self.lines.name)} if record is not None else {}
        blank = self.whole.fields[self.lines.name].args[0](formdata=None)
        rows = [
            {**row, **{name: _kept(kept.get(row["id"]), name, blank) for name in missing}}
            for row in values[self.lines.name]
        ]
        return {**values, self.lines.name: rows}


def whole_shape(view: "CrudView") -> Shape:
    """Return all columns and forms of a view, as it declares them."""
    labels, model, lines = dict(view.labels), view.model, view.lines
    names = [name for name in dict.fromkeys([*view.form_columns, *view.edit_columns]) if name not in view.fields]
    form_columns = screen_columns(model, names, labels)
    lookup = f"{view.route_base}/lookup"
    fields = {**column_fields(form_columns, lookup, view.fields), **view.fields}
    typed, shown_lines = _line_columns(view, labels)
    if lines:
        fields[lines.name] = lines_field(model, lines, labels, lookup)
    last = [lines.name] if lines else []
    return Shape(
        columns=screen_columns(model, view.list_columns, labels),
        filter_columns=screen_columns(model, view.search_columns, labels),
        form_screen_columns=form_columns,
        show_columns=_shown_columns(view, labels),
        line_columns=typed,
        shown_line_columns=shown_lines,
        fields=fields,
        add_names=[*view.form_columns, *last],
        edit_names=[*(view.edit_columns or view.form_columns), *last],
        noun=model.__name__,
        lines=lines,
    )


def _shown_columns(view: "CrudView", labels: dict[str, Text]) -> Columns:
    shown = [
        name
        for name in dict.fromkeys([*view.form_columns, *view.edit_columns, *view.show_only])
        if hasattr(view.model, name) and not (view.lines and name == view.lines.name)
    ]
    return screen_columns(view.model, shown_names(view.model, shown), labels)


def _line_columns(view: "CrudView", labels: dict[str, Text]) -> tuple[Columns, Columns]:
    """Return the columns of the lines, as they are typed and as they are shown."""
    if view.lines is None:
        return (), ()
    model, names = getattr(view.model, view.lines.name).property.mapper.class_, view.lines.columns
    return screen_columns(model, names, labels), screen_columns(model, shown_names(model, names), labels)


def _with_columns(lines: Any, names: Sequence[str]) -> Any:
    """Return the field of the lines with some of its columns only."""
    whole, *rest = lines.args
    kind = line_form(whole.__name__, {name: getattr(whole, name) for name in names})
    return LinesField(kind, *rest, **lines.kwargs)


def _seen(columns: Columns, limits: FieldLimits, prefix: str = "") -> Columns:
    return tuple(column for column in columns if not limits.hides(f"{prefix}{column.name}"))


def _default(field: Any) -> Any:
    """Return what a form sends for a field that nobody touched: of a box without a tick, no."""
    if isinstance(field, LinesField):
        return []
    return bool(field.data) if isinstance(field, FlagField) else field.data


def _kept(line: Any, name: str, blank: Any) -> Any:
    return getattr(line, name) if line is not None else _default(blank[name])
