"""CrudView: what an add-on subclasses to get list, record page and forms; services do the writing."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import abort, current_app, flash, jsonify, redirect, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.security.sqla.models import User
from wtforms import Form

from app.crud import list_page, record_page
from app.crud.activity_pages import ActivityPages
from app.crud.archiving import OFFER, ArchivePages
from app.crud.attached import delete_with_files, take_any_file
from app.crud.boards.kanban import Board, Kanban
from app.crud.bulk.pages import BulkPages
from app.crud.calendars.diary import Calendar, Diary
from app.crud.changing.pages import ChangePages
from app.crud.columns import Kind, ScreenColumn, screen_columns
from app.crud.conditions import check_filters
from app.crud.copying import copied_record
from app.crud.default_filters import default_address
from app.crud.deleting import ARCHIVE_INSTEAD
from app.crud.exporting.pages import ExportPages
from app.crud.forms import Lines
from app.crud.importing.definition import Importer
from app.crud.importing.pages import ImportPages
from app.crud.lookups import find_titles
from app.crud.pasting import PastePages
from app.crud.personal import MaskedRecord, note_reading, restore_masked
from app.crud.printing.definition import Printing, check_printing, counts_printings
from app.crud.printing.pages import PrintPages
from app.crud.records import call_service, create_record, delete_record, remove_record, update_record
from app.crud.rights import METHOD_RIGHTS
from app.crud.shape import Shape, whole_shape
from app.crud.sheets.pages import SheetPages
from app.crud.slots import Extension, open_slots
from app.crud.submissions import create_once, new_key
from app.crud.trails import TrailPages
from app.crud.ways import WaysToSee
from app.database.base import CompanyModel
from app.database.columns import read_id
from app.errors import AppError, ConfigurationError, NotAllowed, Text
from app.i18n import _, humanize
from app.search.query import is_searchable
from app.security.field_limits import limits_here
from app.security.interface import NoFilters
from app.security.roles import CRUD, acting_user
from app.security.scope import require_reach
from app.workflow import engine
from app.workflow.arguments import load
from app.workflow.definition import Workflow
from app.workflow.transition import Transition

list_type = list  # Inside the class, `list` is the page.
TECHNICAL_VERBS = ("export", "see_personal")
# POST /<pk>/comment: a transition of this name could never be done over REST.
RESERVED = frozenset({"comment", "ask_change"})


class CrudView(
    ActivityPages,
    ArchivePages,
    BulkPages,
    ChangePages,
    ExportPages,
    ImportPages,
    PastePages,
    PrintPages,
    SheetPages,
    TrailPages,
    WaysToSee,
    ModelView,
):
    """Declares a screen: `model` and the names of its columns are enough.

    The loader adds what depends on the add-on: routes, permissions, `resource`, `extensions`.
    """

    model: type[CompanyModel]
    title: Text = ""
    list_columns: Sequence[str]
    form_columns: Sequence[str] = ()
    edit_columns: Sequence[str] = ()  # Where the form of an existing record differs.
    fieldsets: Sequence[tuple[Text, Sequence[str]]] = ()  # Groups the form and the record page.
    show_only: Sequence[str] = ()  # On the record page, after the form's columns.
    search_columns: Sequence[str] = ()
    hidden_columns: Sequence[str] = ()  # In the list, but folded away until chosen.
    order: tuple[str, str] = ("id", "desc")
    labels: Mapping[str, Text] = {}
    fields: Mapping[str, Any] = {}  # Fields that are not columns, or replace a column's own.
    lines: Lines | None = None
    verbs: Sequence[str] = CRUD
    personal: Mapping[str, Callable[[str], str]] = {}  # Columns shown masked, and how (P:CRM-20).
    importer: Importer | None = None
    kanban: Kanban | None = None  # The list as a board, with cards to move.
    printing: Printing | None = None  # Ticked records on paper.
    calendar: Calendar | None = None  # The list as a calendar, with entries to move.
    copies: bool | None = None  # Whether a new record may begin as a copy; None: unless it says who somebody is.
    reads_along: Sequence[str] = ()  # Relationships that the record page follows: read with the record.
    attachments: bool | None = None  # Whether records have files; None: those of documents do.
    trails: bool | None = None  # Whether records have related documents; None: those of documents do.

    create_with: Callable[..., CompanyModel] | None = None
    update_with: Callable[..., None] = update_record
    delete_with: Callable[..., None] = delete_record
    amend_with: Callable[..., None] | None = None  # Writes approved changes of confirmed fields; None: `update_with`.
    workflow: Workflow[Any] | None = None

    resource: str  # "visits.Visit": permissions, REST and workflow share this name.
    extensions: Sequence[Extension] = ()
    exclude_route_methods = {"action", "action_post", "download"}
    method_permission_name = METHOD_RIGHTS

    # What FAB says about its own writing, which never runs here; it would translate each for every view at the start.
    add_row_message = edit_row_message = delete_row_message = database_error_message = ""
    add_integrity_error_message = edit_integrity_error_message = delete_integrity_error_message = ""

    @classmethod
    def permissions(cls) -> list[str]:
        """Return the permissions of this resource: its verbs, one per transition, and the technical ones."""
        declared = cls.workflow.transitions.values() if cls.workflow else ()
        transitions = [transition.name for transition in declared if not transition.automatic]
        more = (*TECHNICAL_VERBS, "import") if cls.importer else TECHNICAL_VERBS
        return [f"can_{verb}" for verb in (*cls.verbs, *transitions, *more)]

    @classmethod
    def create(cls, **values: Any) -> CompanyModel:
        """Create through the declared service, or the generic one."""
        return (cls.create_with or partial(create_record, cls.model))(**restore_masked(None, values, cls.personal))

    @classmethod
    def remove(cls, record: CompanyModel, *, actor: User, version: int | None) -> None:
        """Delete through the declared service, or the generic one. Raises Conflict for a version that is overtaken."""
        remove_record(partial(delete_with_files, cls), record, actor=actor, version=version)

    check_file = staticmethod(take_any_file)

    def _init_properties(self) -> None:
        labels = dict(self.labels)
        self._whole = whole_shape(self)
        self._limited: dict[frozenset[Any], Shape] = {}
        self._order_column = screen_columns(self.model, [self.order[0]], labels)[0]
        self.is_searchable = is_searchable(self.model)
        self.kanban_board = Board(self, self.kanban) if self.kanban else None
        self.diary = Diary(self, self.calendar) if self.calendar else None
        check_printing(self)
        check_filters(self._whole.filter_columns)
        if self.workflow is not None and (taken := RESERVED & self.workflow.transitions.keys()):
            raise ConfigurationError(f"{self.resource}: a transition cannot be named {', '.join(sorted(taken))}")
        locked = self.workflow.locks.fields if self.workflow is not None and self.workflow.locks else ()
        if strange := set(locked) - set(self._whole.edit_names):
            raise ConfigurationError(f"{self.resource}: locks name {', '.join(sorted(strange))}, not in its edit form")
        self.label_columns = {column.name: column.label for column in self._whole.columns}
        self.order_columns = [column.name for column in self._whole.columns if column.is_sortable]
        self.actions: dict[str, Any] = {}
        self._filters = self._base_filters = NoFilters()
        self.related_views: Sequence[Any] = []
        self._related_views: Sequence[Any] = []

    def _init_forms(self) -> None:
        _built = self._whole.add_form, self._whole.edit_form  # A mistake in them stops the start.

    @property
    def whole_shape(self) -> Shape:
        """All columns and forms, whoever looks."""
        return self._whole

    @property
    def shape(self) -> Shape:
        """The columns and forms of whoever this request or job runs for."""
        limits = limits_here(self.resource)
        if not limits:
            return self._whole
        key = frozenset(limits.levels.items())
        if key not in self._limited:
            self._limited[key] = self._whole.limited(limits)
        return self._limited[key]

    @property
    def order_column(self) -> ScreenColumn | None:
        """What the list is ordered by; nothing, that is its age, where that column is hidden."""
        return None if self.shape.limits.hides(self._order_column.name) else self._order_column

    columns = property(lambda self: self.shape.columns)
    filter_columns = property(lambda self: self.shape.filter_columns)
    form_screen_columns = property(lambda self: self.shape.form_screen_columns)
    show_columns = property(lambda self: self.shape.show_columns)
    line_columns = property(lambda self: self.shape.line_columns)
    shown_line_columns = property(lambda self: self.shape.shown_line_columns)
    add_names = property(lambda self: self.shape.add_names)
    edit_names = property(lambda self: self.shape.edit_names)
    add_form = property(lambda self: self.shape.add_form)
    edit_form = property(lambda self: self.shape.edit_form)

    @property
    def shown_lines(self) -> Lines | None:
        """The lines, if the actor sees them."""
        return None if self.lines is None or self.shape.limits.hides(self.lines.name) else self.lines

    @property
    def shown_personal(self) -> Mapping[str, Callable[[str], str]]:
        """The masks of the fields that the actor sees: what he is shown of others cannot have been read."""
        return {name: mask for name, mask in self.personal.items() if not self.shape.limits.hides(name)}

    def slots(self, kind: type, actor: User) -> list_type[Any]:
        """Return what add-ons put into a slot, without what would tell a hidden field."""
        limits = self.shape.limits
        return [
            slot for slot in open_slots(self.extensions, kind, actor=actor) if not any(map(limits.hides, slot.tells))
        ]

    def _init_titles(self) -> None:
        self.title = self.title or _(humanize(self.resource.rpartition(".")[2]))
        self.list_title = self.show_title = self.add_title = self.edit_title = self.title

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        """Show one page of the list; asked for without anything, it opens with the reader's default filter."""
        default = default_address(self, acting_user())
        if default is not None:
            return redirect(default)
        return self.render_template(self.list_template, **list_page.context(self, acting_user()))

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> Any:
        """Show one record, its buttons, its lines and what happened to it."""
        record = self.record_or_404(pk)
        note_reading(record, self.shown_personal, acting_user())
        return self.render_template("crud/record.html", **record_page.show_context(self, record, acting_user()))

    @expose("/lookup/<path:name>")
    @has_access
    def lookup(self, name: str) -> Any:
        """Answer the combobox of one reference field."""
        return jsonify(find_titles(self._lookup_target(name), request.args.get("q", ""), actor=acting_user()))

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """Show an empty form; create the record that it describes."""
        form = self.add_form(obj=copied_record(self))
        if request.method == "GET":
            form.submission_key.data = new_key()
            record_page.prefill(form, self.add_names, request.args)
        elif form.validate():
            make = partial(self.create, actor=acting_user(), **self.shape.new_values(form))
            key = self._attempt(form, partial(create_once, form.submission_key.data, self.resource, make))
            if key is not None:
                return self._saved(key)
        return self.render_template("crud/record.html", **record_page.add_context(self, form)), _status(form)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        """Show the form of a record; change it. A form of an overtaken version is refused."""
        record = self.record_or_404(pk, verb="edit")
        form = self.edit_form(obj=MaskedRecord(record, self.personal, acting_user()))
        if request.method == "GET":
            form.version.data = str(record.version)
            note_reading(record, self.shown_personal, acting_user())
        elif form.validate():
            seen = version_of(form.version.data, missing=-1)
            values = self.shape.changed_values(form, self.edit_names, record)
            change = partial(self.change, record, actor=acting_user(), version=seen, **values)
            if self._attempt(form, change):
                return self._saved(record.id)
            record = self.record_or_404(pk, verb="edit")  # The refusal undid everything and let go of it.
        context = record_page.edit_context(self, record, form, acting_user())
        return self.render_template("crud/record.html", **context), _status(form)

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Any:
        """Delete one record, in the version that was seen. POST only."""
        record = self.record_or_404(pk, verb="delete")
        seen = version_of(request.values.get("version"), missing=-1)
        try:
            call_service(self.remove, record, actor=acting_user(), version=seen)
        except AppError as error:
            flash(str(error), "danger")
            offer: dict[str, Any] = {OFFER: 1} if error.code in ARCHIVE_INSTEAD else {}
            return redirect(url_for(f"{self.endpoint}.show", pk=pk, **offer))
        flash(str(_("Deleted.")), "success")
        return redirect(url_for(f"{self.endpoint}.list"))

    @expose("/transition/<name>/<pk>", methods=["POST"])
    @has_access
    def transition(self, name: str, pk: str) -> Any:
        """Press one button, with the arguments of its dialog; a refusal shows the dialog as it was filled."""
        transition = self.transition_or_404(name)
        record, actor = self.record_or_404(pk), acting_user()
        seen = version_of(request.values.get("version"), missing=None)
        try:
            arguments = load(request.form, transition.arguments)
            outcome = call_service(
                engine.perform, self.workflow, transition, record, actor=actor, arguments=arguments, version=seen
            )
        except AppError as error:
            record = self.record_or_404(pk)
            attempt = record_page.Attempt(name, request.form, error)
            return self.render_template(
                "crud/record.html", **record_page.show_context(self, record, actor, attempt)
            ), 403 if isinstance(error, NotAllowed) else 422
        flash(str(self._said(outcome)) % {"what": transition.label}, "success")
        if outcome.is_done and counts_printings(self, transition):
            return redirect(url_for(f"{self.endpoint}.printed", ids=record.id))
        return self._go_to(record.id)

    def record_or_404(self, pk: str, *, verb: str = "show") -> Any:
        """Return the record if it exists in the active company and in the actor's scope for this verb.

        Raises NotAllowed for one that may be seen only.
        """
        record = self.find_record(pk, verb=verb)
        if record is None and (moved := self.moved_on(read_id(pk), acting_user())) is not None:
            text, address = moved
            flash(str(text), "info")
            abort(redirect(address))
        return record if record is not None else abort(404)

    def moved_on(self, key: int | None, actor: User) -> tuple[Text, str] | None:
        """Return, of a record that the actor no longer reaches here, what became of it and where he sees that."""
        return None

    def find_record(self, pk: str, *, verb: str = "show") -> Any:
        """Return the record of this id if the actor reaches it by this verb, else None.

        Raises NotAllowed for one that may be seen only.
        """
        key = read_id(pk)
        if key is None:
            return None
        actor = acting_user()
        record = list_page.base_query(self, actor, verb=verb).find(key, along=self.reads_along)
        if record is None and verb != "show":
            seen = list_page.base_query(self, actor, verb="show").find(key)
            if seen is not None:
                require_reach(actor, seen, verb=verb)
        return record

    def transition_or_404(self, name: str) -> Transition:
        """Return a transition that people may do."""
        found = self.workflow.transitions.get(name) if self.workflow else None
        return found if found is not None and not found.automatic else abort(404)

    def _lookup_target(self, name: str) -> Any:
        """Return the class that a reference field chooses from: 'owner_id', 'lines/product_id', 'assign/employee'."""
        group, _slash, inner = name.rpartition("/")
        if self.workflow and group in self.workflow.transitions:
            argument = self.workflow.transitions[group].arguments.get(inner)
            return argument.kind if argument is not None and hasattr(argument.kind, "__table__") else abort(404)
        known: list_type[ScreenColumn] = [*self.form_screen_columns, *self.filter_columns]
        if self.lines and group == self.lines.name:
            known = [*self.line_columns]
        column = next((column for column in known if column.name == inner), None)
        return column.target if column is not None and column.kind is Kind.REFERENCE else abort(404)

    def _saved(self, key: int) -> Any:
        """Say that it is saved, and go on to it."""
        flash(str(_("Saved.")), "success")
        return self._go_to(key)

    def _said(self, outcome: engine.Outcome) -> Text:
        """Return what is said once a button was pressed."""
        return _("Done: %(what)s") if outcome.is_done else _("Sent for approval: %(what)s")

    def _go_to(self, key: int) -> Any:
        """Go to the record's page; to the list where it is now out of the actor's sight."""
        if "show" in self.verbs and list_page.base_query(self, acting_user(), verb="show").find(key) is not None:
            return redirect(url_for(f"{self.endpoint}.show", pk=key))
        return redirect(url_for(f"{self.endpoint}.list"))

    def _attempt(self, form: Form, call: Callable[[], Any]) -> Any:
        """Call a service; put a refusal on the field it names, and keep what was typed. None: refused."""
        try:
            return call_service(call)
        except AppError as error:
            record_page.note_refusal(form, error)
            return None


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def version_of(sent: str | None, *, missing: int | None) -> int | None:
    """Return the version of the record that a page showed; `missing` where it says none, or nothing readable."""
    return int(sent) if sent and sent.isdecimal() and len(sent) < 10 else missing


def view_of(resource: str) -> CrudView | None:
    """Return the running view of a resource; None if its add-on is not installed."""
    return current_app.extensions["crud_views"].get(resource)
