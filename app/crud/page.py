"""A page of an add-on's own: a board, a queue, a desk. Same gates as a generated screen."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.crud.lookups import find_titles
from app.crud.submissions import act_once
from app.errors import AppError, Text
from app.i18n import _
from app.security.roles import acting_user, require


class Page(BaseView):
    """Shows `template` with what `context` returns, and runs the named `actions` by POST.

    `actions` maps a name to (verb, function); the function gets the actor and the posted values, and the
    verb on `resource` is required of the actor. Its form starts with `{{ once() }}` of macros/fields.html: sent twice,
    the action is done once. Posted values named in `kept` stay in the address afterwards; a name that ends with a colon
    stands for all that begin so. Those in `kept_if_refused` stay only where the action was refused.
    """

    resource: str  # "reception.Desk": the name of its permissions.
    title: Text
    template: str
    actions: dict[str, tuple[str, Callable[..., Text | None]]] = {}
    kept: Sequence[str] = ()
    kept_if_refused: Sequence[str] = ()
    # What the fields are called, by the names that refusals give: {"amount": _("Amount")}.
    labels: Mapping[str, Text] = {}
    verbs: Sequence[str] = ()  # Rights on the page besides those of its actions, such as "export".
    lookups: Mapping[str, Any] = {}  # What comboboxes of the page choose from: {"employee": Employee}.
    default_view = "show"
    method_permission_name = {"show": "show", "act": "show", "lookup": "show"}

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return what the template needs. Overridden by the add-on."""
        raise NotImplementedError

    @expose("/")
    @has_access
    def show(self) -> Any:
        """Show the page."""
        context = type(self).context(actor=acting_user(), arguments=request.args.to_dict())
        return self.render_template(self.template, title=self.title, page=self, **context)

    @expose("/lookup/<name>")
    @has_access
    def lookup(self, name: str) -> Any:
        """Answer a combobox of the page."""
        if name not in self.lookups:
            abort(404)
        return jsonify(find_titles(self.lookups[name], request.args.get("q", ""), actor=acting_user()))

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Run one action, say how it went, and show the page again."""
        return self._shown_again(refused=not self._run(name))

    def _run(self, name: str) -> bool:
        """Run one action, and tell whether it was done; what it says, or what refused it, is shown on the next page."""
        if name not in self.actions:
            abort(404)
        verb, function = self.actions[name]
        actor = acting_user()
        try:
            require(actor, verb, self.resource)
            act = partial(function, actor=actor, values=request.form.to_dict())
            done = act_once(request.form.get("submission_key"), f"{self.resource}.{name}", act)
            if done:
                flash(done, "success")
        except AppError as error:
            flash(self._refusal(error), "danger")
            return False
        return True

    def _refusal(self, error: AppError) -> str:
        """Return what is wrong, after the name of its field where the page has one."""
        label = self.labels.get(error.field or "")
        words = _("%(label)s: %(message)s")
        return str(words) % {"label": label, "message": error} if label else str(error)

    def _shown_again(self, *, refused: bool) -> Any:
        """Go back to the page, with what was typed into the fields that are `kept`."""
        names = (*self.kept, *(self.kept_if_refused if refused else ()))
        groups = tuple(name for name in names if name.endswith(":"))
        sent = ((name, value) for name, value in request.form.items() if value)
        kept: dict[str, Any] = {name: value for name, value in sent if name in names or name.startswith(groups)}
        return redirect(url_for(f"{self.endpoint}.show", **kept))
