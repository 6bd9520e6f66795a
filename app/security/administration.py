"""How FAB's own screens of users, roles and groups are saved: like every other, by the edge or not at all."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, after_this_request, flash, request
from flask_appbuilder.exceptions import FABException
from flask_appbuilder.urltools import get_order_args, get_page_args, get_page_size_args
from sqlalchemy.exc import IntegrityError
from wtforms import Form

from app.database.refusals import refusal_of
from app.database.session import rollback, session
from app.errors import AppError

Row = Any  # A user, a role or a group: FAB's models are untyped.


def save(row: Row, fill: Callable[[Row], None], check: Callable[[Row], None]) -> None:
    """Write a row, new or known, as its form fills it. Raises Conflict for a value that is taken."""
    with session.no_autoflush:
        fill(row)
        check(row)
    session.add(row)
    session.flush()


def remove(row: Row, check: Callable[[Row], None]) -> None:
    """Delete a row. Raises Conflict, or what `check` raises, while it is in use."""
    check(row)
    session.delete(row)
    session.flush()


class SavedByTheEdge:
    """Stands before one of FAB's views, whose own `datamodel` would commit in the middle of the request."""

    actions: dict[str, Any]
    add_form: Any
    edit_form: Any
    datamodel: Any

    file_name: str  # Of its list: a ListFile of app/web/exported_lists.py.

    def render_template(self: Any, template: str, **context: Any) -> Any:
        """Offer the list as a file, where FAB's template asks."""
        return super().render_template(template, file_name=self.file_name, **context)  # type: ignore[misc]  # FAB's.

    def get_action_permission_name(self: Any, name: str) -> str:
        """Answer 404 for an action that does not exist, where FAB fails."""
        known = name in self.actions
        return super().get_action_permission_name(name) if known else abort(404)  # type: ignore[misc]  # FAB has it.

    def _add(self: Any) -> Any:
        form = self.add_form.refresh()
        if request.method == "POST":
            new = self.datamodel.obj()
            if form.validate() and attempt(partial(save, new, form.populate_obj, self.pre_add)):
                flash(self.add_row_message, "success")
                return None
            after_this_request(_refused)
        else:
            self.update_redirect()
        return self._get_add_widget(form=form)

    def _edit(self: Any, pk: str) -> Any:
        row = self.datamodel.get(pk, self._base_filters) or abort(404)
        if request.method == "POST":
            form: Form = self.edit_form.refresh(request.form)
            form._id = row.id  # What tells FAB's check of unique values which row is meant.
            if form.validate() and attempt(partial(save, row, form.populate_obj, self.pre_update)):
                flash(self.edit_row_message, "success")
                return None
            after_this_request(_refused)
        else:
            form = self.edit_form.refresh(obj=row)
            self.update_redirect()
        lists = {"orders": get_order_args(), "pages": get_page_args(), "page_sizes": get_page_size_args()}
        return self._get_related_views_widgets(row, widgets=self._get_edit_widget(form=form), filters={}, **lists)

    def _delete(self: Any, pk: str) -> None:
        row = self.datamodel.get(pk, self._base_filters) or abort(404)
        if attempt(partial(remove, row, self.pre_delete)):
            flash(self.delete_row_message, "success")
        self.update_redirect()


def attempt(change: Callable[[], None]) -> bool:
    """Tell whether a change was made; a refusal is shown, and the whole request undone."""
    try:
        change()
    except IntegrityError as error:
        refusal: Exception = refusal_of(error)
    except (AppError, FABException) as error:
        refusal = error
    else:
        return True
    rollback()
    flash(str(refusal), "danger")
    return False


def _refused(response: Response) -> Response:
    response.status_code = 422
    return response
