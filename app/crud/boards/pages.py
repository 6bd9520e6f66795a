"""The page of a board, and moving its cards."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.crud.boards.kanban import Board
from app.crud.list_page import query_of, search_widget, view_switch
from app.crud.record_page import Attempt, button_item
from app.crud.records import call_service
from app.errors import AppError, NotAllowed
from app.i18n import _
from app.security.roles import acting_user, require
from app.workflow import engine
from app.workflow.arguments import load
from app.workflow.buttons import Button
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.crud.view import CrudView

STEP = "_step"  # In the address of a dialog: its own fields may have any name.


class KanbanPages:
    """What a CrudView that declares `kanban` can do besides."""

    @expose("/board/")
    @has_access
    def board(self: Any) -> Any:
        """Show the list as a board."""
        return _page(self, _board_of(self))

    @expose("/move/<pk>", methods=["GET", "POST"])
    @has_access
    def move(self: Any, pk: str) -> Any:
        """Move a card to the column `to`; a transition that asks for something shows its dialog first.

        Read, as after a filter was added while a dialog was open, it is the board.
        """
        board, actor = _board_of(self), acting_user()
        if request.method == "GET":
            return redirect(_address(self, "board"))
        record = self.record_or_404(pk)
        answered = STEP in request.args
        step = self.transition_or_404(request.args[STEP]) if answered else None
        try:
            if board.moves_by_workflow and step is None:
                step = board.step_to(request.form.get("to", ""), record, actor)
                if step.arguments or step.confirm:
                    require(actor, step.name, self.resource)
                    return _page(self, board, _dialog(self, record, step, actor))
            call_service(_change(self, board, record, step, actor), record, actor=actor, version=_seen_version())
        except AppError as error:
            return _refused(self, board, pk, Attempt(step.name, request.form, error) if answered and step else error)
        flash(str(_("Moved.")), "success")
        return redirect(_address(self, "board"))


def _change(view: "CrudView", board: Board, record: Any, step: Transition | None, actor: User) -> Callable[..., Any]:
    """Return what moves the card: the transition, or the view's own change. Raises AppError for what may not be."""
    if step is not None and view.workflow is not None:
        return partial(engine.perform, view.workflow, step, arguments=load(request.form, step.arguments))
    require(actor, "edit", view.resource)
    view.record_or_404(str(record.id), verb="edit")
    moved: dict[str, Any] = {board.group.name: board.value_of(request.form.get("to", ""))}
    return partial(view.change, **moved)


def _refused(view: "CrudView", board: Board, pk: str, refused: Attempt | AppError) -> Any:
    """Show the board as it is, and why: in the dialog that was filled, or above the board."""
    error = refused.error if isinstance(refused, Attempt) else refused
    dialog = None
    if isinstance(refused, Attempt) and refused.shows_dialog(view) and view.workflow is not None:
        step = view.workflow.transitions[refused.name]
        dialog = _dialog(
            view, view.record_or_404(pk), step, acting_user(), refused
        )  # The refusal let go of the record.
    else:
        flash(str(error), "danger")
    return _page(view, board, dialog), 403 if isinstance(error, NotAllowed) else 422


def _dialog(
    view: "CrudView", record: Any, step: Transition, actor: User, attempt: Attempt | None = None
) -> dict[str, Any]:
    item = button_item(view, Button(step), record, actor, attempt)
    return {**item, "opened": True, "url": _address(view, "move", **{"pk": record.id, STEP: step.name})}


def _page(view: "CrudView", board: Board, dialog: dict[str, Any] | None = None) -> Any:
    actor = acting_user()
    query, refused = query_of(view, actor, request.args)
    for error in refused:
        flash(str(error), "warning")
    return view.render_template(
        "crud/board.html",
        title=view.title,
        view=view,
        columns=board.read(query, actor),
        search=search_widget(view, query),
        views=view_switch(view, "board"),
        list_urls={value: _list_address(view, board, value) for value in board.keys},
        move_url=partial(_address, view, "move"),
        dialogs=[dialog] if dialog else [],
    )


def _list_address(view: "CrudView", board: Board, key: str) -> str | None:
    """Return the list of the rows of one column; none for the rows without a value, which no filter asks for."""
    return _address(view, "list", **{f"_flt_0_{board.group.name}": key}) if key else None


def _address(view: "CrudView", method: str, **more: Any) -> str:
    """Return a page of the view with the filters that are in force."""
    path = {"pk": more.pop("pk")} if "pk" in more else {}
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != STEP]
    query = urlencode([*asked, *more.items()])
    address = url_for(f"{view.endpoint}.{method}", **path)
    return f"{address}?{query}" if query else address


def _board_of(view: "CrudView") -> Board:
    board = view.kanban_board
    return board if board is not None and board.is_shown else abort(404)


def _seen_version() -> int | None:
    sent = request.form.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1
