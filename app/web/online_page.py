"""Functions that need the internet: how each stands, what waits, and a button to try at once (S:CORE-20)."""

from typing import Any

from flask import current_app
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_login import login_required

from app.crud.page import Page
from app.database.columns import utc_now
from app.errors import Text
from app.i18n import _
from app.online import list_states, state_of, try_now
from app.security.roles import may


class OnlinePage(Page):
    """One card for each function."""

    resource = "online.Functions"
    title = _("Online functions")
    template = "online/functions.html"

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return how each function stands."""
        setups = {setup.name: setup.manifest.title for setup in current_app.extensions["setups"]}
        rows = [{"status": one, "addon": setups.get(one.feature.addon, _("Platform"))} for one in list_states()]
        return {"rows": rows, "may_try": may(actor, "try_now", OnlinePage.resource)}


def try_again(*, actor: User, values: dict[str, str]) -> Text:
    """Try all that waits for one function. Raises NotFound for one that is not there."""
    count = try_now(values.get("feature", ""), now=utc_now())
    return str(_("%(count)s waiting: they are tried now.")) % {"count": count}


OnlinePage.actions = {"try": ("try_now", try_again)}


class OnlineMarkView(BaseView):
    """The mark of one function, for whoever is about to use it."""

    route_base = "/online/mark"
    default_view = "show"

    @expose("/<name>")
    @login_required
    def show(self, name: str) -> Any:
        """Show whether it works at present. Raises NotFound for one that is not there."""
        return self.render_template("online/mark.html", status=state_of(name))
